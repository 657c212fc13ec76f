import type { IncomingMessage } from 'node:http';

/** Bounds of a read. */
export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** The bytes of a body, or why there are none. */
export type BodyResult = Uint8Array | 'too-large' | 'too-slow' | 'aborted' | 'cut';

/**
 * Reads a body within its limits. A `Content-Length` that is too large is refused before a byte is read; after any
 * refusal the rest is left unread.
 *
 * @param onStart is handed a function that ends the read with `cut`
 */
export function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  onStart?: (cut: () => void) => void,
): Promise<BodyResult> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limits.maxBytes) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => finish('too-slow'), limits.timeoutMs);
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > limits.maxBytes) finish('too-large');
    };
    const onEnd = (): void => {
      const [only] = chunks;
      finish(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    };
    const onClose = (): void => finish('aborted');
    const finish = (result: BodyResult): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      request.pause();
      // A socket that fails after this must not crash the process.
      request.on('error', () => undefined);
      resolve(result);
    };
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
    onStart?.(() => finish('cut'));
  });
}
