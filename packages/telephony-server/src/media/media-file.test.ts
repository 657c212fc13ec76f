import { execFileSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TelephonyError } from '@openclaw/telephony-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { readLocalMedia } from './media-file.ts';
import { picture, temporaryFolder } from './media-host.testing.ts';
import type { MediaBytes, MediaFile } from './media-source.ts';

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'public'));
  await mkdir(join(folder, 'public-not'));
  await writeFile(join(folder, 'public', 'My Cat.png'), picture().bytes);
  await writeFile(join(folder, 'secret.txt'), 'the secret');
  await writeFile(join(folder, 'public-not', 'secret.txt'), 'the secret');
});

async function read(
  source: MediaFile | MediaBytes,
  rules: { readonly maxBytes?: number; readonly allowedFolders?: readonly string[] } = {},
): Promise<unknown> {
  try {
    const { bytes, ...rest } = await readLocalMedia(source, 1, { maxBytes: 1000, ...rules });
    return { ...rest, size: bytes.length };
  } catch (error) {
    if (!TelephonyError.isInstance(error) || error.outcome !== 'not-performed') throw error;
    if (error.message.includes(folder)) throw error;
    return `${error.code}: ${error.message}`;
  }
}
const inFolder = (...names: readonly string[]): MediaFile => ({
  file: [folder, ...names].join('/'),
});

describe('a file of this machine', () => {
  it('is read with the type of its bytes and a name that is safe', async () => {
    expect(await read(inFolder('public', 'My Cat.png'))).toEqual({
      contentType: 'image/png',
      fileName: 'My-Cat.png',
      size: 40,
    });
    await writeFile(join(folder, 'cat.jpg'), picture().bytes);
    expect(await read(inFolder('cat.jpg'))).toMatchObject({ fileName: 'cat.png' });
    await writeFile(join(folder, 'model.stl'), Uint8Array.of(0, 1, 2));
    expect(await read(inFolder('model.stl'))).toEqual({
      contentType: 'application/octet-stream',
      fileName: 'model.stl',
      size: 3,
    });
  });

  it('is refused when it is not there, no file, empty or named by half a path', async () => {
    expect(await read(inFolder('gone.png'))).toBe(
      'invalid_request: media 1: there is no such file (ENOENT)',
    );
    expect(await read(inFolder('public'))).toContain('this is no ordinary file');
    expect(await read({ file: 'cat.png' })).toContain('the path is not absolute');
    expect(await read({ file: 'file:///etc/passwd' })).toContain('the path is not absolute');
    await writeFile(join(folder, 'empty'), '');
    expect(await read(inFolder('empty'))).toContain('the file is empty');
    expect(await read(inFolder('a\0b'))).toContain('cannot be read');
  });

  it('is refused without being read when it is huge', async () => {
    await writeFile(join(folder, 'huge'), '');
    await truncate(join(folder, 'huge'), 2 ** 40);
    expect(await read(inFolder('huge'))).toContain('the file has more than 1000 bytes');
    expect(await read({ file: '/dev/zero' })).toContain('this is no ordinary file');
  });

  it('does not wait for a pipe', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await read(inFolder('pipe'))).toContain('this is no ordinary file');
  });

  it('is not reached through a symbolic link', async () => {
    await symlink(join(folder, 'secret.txt'), join(folder, 'public', 'link.txt'));
    await symlink(join(folder, 'nowhere'), join(folder, 'public', 'dangling.txt'));
    const refusal =
      'permission_denied: media 1: its path leads over a symbolic link; name the file by its real path, or allow its folder in allowedFolders (media.host.allowedFolders)';
    expect(await read(inFolder('public', 'link.txt'))).toBe(refusal);
    expect(await read(inFolder('public', 'dangling.txt'))).toContain('ENOENT');
    await symlink(join(folder, 'public-not'), join(folder, 'public', 'pictures'));
    expect(await read(inFolder('public', 'pictures', 'secret.txt'))).toBe(refusal);
  });

  it('lies below a folder that is allowed, wherever dots and links seem to lead', async () => {
    const allowedFolders = [join(folder, 'gone'), join(folder, 'public')];
    const rules = { allowedFolders };
    const refusal =
      'permission_denied: media 1: the file lies outside of the folders that may be sent; allow its folder in allowedFolders (media.host.allowedFolders)';
    await symlink(join(folder, 'secret.txt'), join(folder, 'public', 'link.txt'));
    await symlink(join(folder), join(folder, 'public', 'up'));
    await symlink(join(folder, 'public'), join(folder, 'door'));
    expect(await read(inFolder('public', 'My Cat.png'), rules)).toMatchObject({ size: 40 });
    expect(await read(inFolder('door', 'My Cat.png'), rules)).toMatchObject({ size: 40 });
    for (const path of [
      ['secret.txt'],
      ['public', '..', 'secret.txt'],
      ['public', 'link.txt'],
      ['public', 'up', 'secret.txt'],
      ['public-not', 'secret.txt'],
      ['public'],
    ]) {
      expect(await read(inFolder(...path), rules)).toBe(refusal);
    }
    expect(await read({ file: '/etc/passwd' }, { allowedFolders: [] })).toBe(refusal);
  });
});

describe('a file in memory', () => {
  it('has the type that its sender gives, unless its bytes say otherwise', async () => {
    const text = Buffer.from('hello');
    const memory = (contentType: string, bytes: Uint8Array = text) => read({ bytes, contentType });
    expect(await memory('text/csv; charset=utf-8')).toMatchObject({ contentType: 'text/csv' });
    expect(await memory('image/png')).toMatchObject({ contentType: 'text/plain' });
    expect(await memory('text/plain', picture().bytes)).toEqual({
      contentType: 'image/png',
      fileName: 'media-1.png',
      size: 40,
    });
    expect(await memory('model/stl', Uint8Array.of(0))).toMatchObject({ contentType: 'model/stl' });
    expect(await memory('no type\r\n', Uint8Array.of(0))).toMatchObject({
      contentType: 'application/octet-stream',
    });
    expect(await read({ bytes: new Uint8Array(1001), contentType: 'a/b' })).toContain('1000 bytes');
  });
});
