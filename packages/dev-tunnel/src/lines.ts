import { StringDecoder } from 'node:string_decoder';

/** A log line of the programs we start is far shorter. */
const maxLineLength = 8192;

/**
 * Cuts chunks of bytes into lines. What of a line lies beyond 8,192 characters is dropped, so a child that writes
 * without line ends costs no memory.
 */
export function createLineSplitter(onLine: (line: string) => void): {
  push(chunk: Uint8Array): void;
  end(): void;
} {
  const decoder = new StringDecoder('utf8');
  let open = '';
  const take = (text: string): void => {
    const [first = '', ...rest] = text.split('\n');
    open = (open + first).slice(0, maxLineLength);
    for (const next of rest) {
      onLine(open.replace(/\r$/u, ''));
      open = next.slice(0, maxLineLength);
    }
  };
  return {
    push: (chunk) => take(decoder.write(Buffer.from(chunk))),
    end() {
      take(decoder.end());
      if (open !== '') onLine(open);
      open = '';
    },
  };
}
