import type { IncomingMessage } from 'node:http';
import type { CutReason } from './admission.ts';

/** The bytes of a body, or why there are none. */
export type BodyResult = Uint8Array | 'too-large' | 'aborted' | CutReason;

/**
 * Reads a body of so many bytes at most. A `Content-Length` that is too large is refused before a byte is read; after
 * any refusal the rest is left unread.
 *
 * @param onStart is handed a function that ends the read, with the reason that it is given
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  onStart?: (cut: (reason: CutReason) => void) => void,
): Promise<BodyResult> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isOver = false;
    const onData = (chunk: Buffer): void => {
      if (isOver) return;
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > maxBytes) breakOff('too-large');
    };
    const onEnd = (): void => {
      if (isOver) return;
      const [only] = chunks;
      finish(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    };
    const finish = (result: BodyResult): void => {
      isOver = true;
      resolve(result);
    };
    const breakOff = (result: BodyResult): void => {
      if (isOver) return;
      request.pause();
      finish(result);
    };
    const onClose = (): void => breakOff('aborted');
    // They stay: taking them off costs more than leaving them, and a socket that fails later must not crash the process.
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
    onStart?.(breakOff);
  });
}
