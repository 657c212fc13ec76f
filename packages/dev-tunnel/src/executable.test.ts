import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findExecutable } from './executable.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dev-tunnel-'));
  writeFileSync(join(folder, 'tailscale'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(folder, 'plain.txt'), '', { mode: 0o644 });
  mkdirSync(join(folder, 'first', 'tailscale'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const find = (executable: string | undefined, PATH?: string): Promise<string> =>
  findExecutable({
    name: 'tailscale',
    executable,
    environment: PATH === undefined ? {} : { PATH },
    howToInstall: 'install Tailscale',
  });

describe('a program', () => {
  it('is the first one on the PATH that can be run; a folder of its name is not', async () => {
    const path = `${join(folder, 'first')}:/nowhere:${folder}`;
    expect(await find(undefined, path)).toBe(join(folder, 'tailscale'));
  });
  it('is the file that is named, wherever the PATH leads', async () => {
    expect(await find(join(folder, 'tailscale'), '/nowhere')).toBe(join(folder, 'tailscale'));
  });
  it.each(['tailscale', './tailscale', 'plain.txt', 'first/tailscale', 'nothing'])(
    'is not %s, which is no absolute path or cannot be run',
    async (name) => {
      await expect(find(name, folder)).rejects.toMatchObject({ code: 'not_installed' });
      const file = name.includes('tailscale') ? join('first', 'tailscale') : name;
      await expect(find(join(folder, file), folder)).rejects.toMatchObject({
        code: 'not_installed',
      });
    },
  );
  it('is missed with what to do', async () => {
    await expect(find(undefined, '/nowhere')).rejects.toThrow(
      'There is no program tailscale on the PATH: install Tailscale, or name its file in tailscale.executable.',
    );
  });
});
