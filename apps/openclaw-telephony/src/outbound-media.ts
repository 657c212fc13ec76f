import { basename, isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MediaSource } from '@openclaw/telephony-server';

/** How the host lets us read a file that it allows to be sent. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** An attachment that cannot be sent, with what to do instead. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
}

/**
 * One attachment as our outbox takes it: a public address as it is, a file of this machine by its bytes, which only the
 * host may read for us.
 *
 * @throws {MediaError} for anything else
 */
export async function mediaOf(location: string, readFile?: ReadFile): Promise<MediaSource> {
  if (/^https?:\/\//iu.test(location) && URL.canParse(location)) return new URL(location);
  const path = pathIn(location);
  if (readFile === undefined || !isAbsolute(path)) {
    throw new MediaError('mediaUrl must be an address as https://example.com/picture.jpg');
  }
  const bytes = await readFile(path);
  // The type is found in the bytes; a carrier refuses what it does not know.
  return { bytes, contentType: 'application/octet-stream', fileName: basename(path) };
}

function pathIn(location: string): string {
  if (!/^file:\/\//iu.test(location)) return location;
  try {
    return fileURLToPath(location);
  } catch {
    // A file of another machine, as `file://host/picture.jpg`.
    return '';
  }
}
