import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { TelephonyError, type TelephonyErrorCode } from '@openclaw/telephony-core';
import { readContentType, sniffContentType, toFileName } from './media-type.ts';
import type { HostedFile, MediaBytes, MediaFile } from './media-source.ts';

/** What may be read, and how much of it. */
export interface LocalMediaRules {
  readonly maxBytes: number;
  /** Folders below which a file must lie; absent: any folder. */
  readonly allowedFolders?: readonly string[];
}

/**
 * Reads media of this machine into memory, at most `maxBytes`.
 *
 * @throws {TelephonyError} `invalid_request` or `permission_denied`, always `not-performed`
 */
export async function readLocalMedia(
  source: MediaFile | MediaBytes,
  position: number,
  rules: LocalMediaRules,
): Promise<HostedFile> {
  const { bytes, name, claim } =
    'file' in source
      ? {
          bytes: await readFile(source.file, position, rules),
          name: basename(source.file),
          claim: undefined,
        }
      : { bytes: source.bytes, name: source.fileName, claim: readContentType(source.contentType) };
  if (bytes.length === 0) throw refuse('invalid_request', position, 'the file is empty');
  if (bytes.length > rules.maxBytes) throw tooLarge(position, rules);
  const contentType = typeOf(bytes, claim);
  return { bytes, contentType, fileName: toFileName(name, contentType, `media-${position}`) };
}

/** Bytes that say what they are decide; where they say only "text", or nothing, the sender may know better. */
function typeOf(bytes: Uint8Array, claim: string | undefined): string {
  const sniffed = sniffContentType(bytes);
  if (sniffed === undefined) return claim ?? 'application/octet-stream';
  return sniffed === 'text/plain' && claim?.startsWith('text/') === true ? claim : sniffed;
}

async function readFile(
  path: string,
  position: number,
  rules: LocalMediaRules,
): Promise<Uint8Array> {
  if (!isAbsolute(path)) throw refuse('invalid_request', position, 'the path is not absolute');
  const plain = resolve(path);
  const real = await realpath(plain).catch((error: unknown) => {
    throw unreadable(error, position);
  });
  await assertAllowed(plain, real, position, rules);
  // Neither a link that took the file's place meanwhile, nor a wait for whoever writes into a pipe.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(real, flags).catch((error: unknown) => {
    throw unreadable(error, position);
  });
  try {
    return await readWhole(handle, position, rules);
  } finally {
    await handle.close();
  }
}

/** A link may lead anywhere, so it is followed only where the place it leads to is allowed by name. */
async function assertAllowed(
  path: string,
  real: string,
  position: number,
  { allowedFolders }: LocalMediaRules,
): Promise<void> {
  if (allowedFolders === undefined) {
    if (real === path) return;
    throw refuse(
      'permission_denied',
      position,
      'its path leads over a symbolic link; name the file by its real path, or allow its folder in allowedFolders (media.host.allowedFolders)',
    );
  }
  for (const folder of allowedFolders) {
    const root = await realpath(folder).catch(() => undefined);
    const below = root === undefined ? '..' : relative(root, real);
    if (below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)) {
      return;
    }
  }
  throw refuse(
    'permission_denied',
    position,
    'the file lies outside of the folders that may be sent; allow its folder in allowedFolders (media.host.allowedFolders)',
  );
}

async function readWhole(
  handle: FileHandle,
  position: number,
  rules: LocalMediaRules,
): Promise<Uint8Array> {
  const stat = await handle.stat();
  if (!stat.isFile()) throw refuse('invalid_request', position, 'this is no ordinary file');
  if (stat.size > rules.maxBytes) throw tooLarge(position, rules);
  // One byte more than it had: a file that grows while it is read is not sent by half.
  const buffer = new Uint8Array(stat.size + 1);
  let size = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, size, buffer.length - size, size);
    size += bytesRead;
    if (bytesRead === 0 || size === buffer.length) break;
  }
  if (size === stat.size) return buffer.subarray(0, size);
  throw refuse('invalid_request', position, 'the file changed while it was read');
}

const tooLarge = (position: number, { maxBytes }: LocalMediaRules): TelephonyError =>
  refuse('invalid_request', position, `the file has more than ${maxBytes} bytes, the most here`);

/** The path stays out of it: it may name a person. */
function unreadable(error: unknown, position: number): TelephonyError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
  const problem = code === 'ENOENT' ? 'there is no such file' : 'the file cannot be read';
  return refuse('invalid_request', position, `${problem} (${code})`);
}

function refuse(code: TelephonyErrorCode, position: number, problem: string): TelephonyError {
  return new TelephonyError(code, `media ${position}: ${problem}`, { outcome: 'not-performed' });
}
