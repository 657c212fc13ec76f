import { createDeadlines } from './deadline.ts';

/** A request to a carrier. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** A response that arrived whole. */
export interface HttpResponse {
  readonly status: number;
  header(name: string): string | undefined;
  text(): Promise<string>;
}

/**
 * How a provider speaks HTTP: smaller than fetch, so that another client fits in one line.
 *
 * Rejects only when no complete response arrived. Never follows a redirect, and never repeats a request that the carrier
 * may have acted on.
 */
export type HttpTransport = (request: HttpRequest) => Promise<HttpResponse>;

/** What {@link createFetchTransport} takes. */
export interface FetchTransportOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** From the start to the last byte of the response; default 30,000, and up to a twentieth more. */
  readonly timeoutMs?: number;
  /** A longer response is refused, so that a broken carrier cannot fill the memory; default 1 MiB. */
  readonly maxResponseBytes?: number;
}

/**
 * The default transport: one `fetch`, redirects not followed, the body read to its end before it resolves.
 *
 * A `fetch` may repeat one request by itself, and Node's does: after a 421, by which a server says that it is not the one to
 * ask and has done nothing (RFC 9110 §15.5.20).
 *
 * @example
 * const transport = createFetchTransport({ timeoutMs: 10_000 });
 */
export function createFetchTransport(options: FetchTransportOptions = {}): HttpTransport {
  const { timeoutMs = 30_000, maxResponseBytes = 1024 * 1024 } = options;
  const begin = createDeadlines(timeoutMs);
  return async (request) => {
    const fetch = options.fetch ?? globalThis.fetch;
    const deadline = begin();
    const end = untilAborted(deadline.signal, request.signal);
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: request.headers,
        redirect: 'manual',
        signal: end.signal,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      const text = await readText(response, maxResponseBytes);
      return {
        status: response.status,
        header: (name) => response.headers.get(name) ?? undefined,
        text: () => Promise.resolve(text),
      };
    } finally {
      deadline.done();
      end.forget();
    }
  };
}

/** The deadline, and what the caller says if he has something to say; cheaper than `AbortSignal.any`. */
function untilAborted(
  deadline: AbortSignal,
  signal: AbortSignal | undefined,
): { readonly signal: AbortSignal; forget(): void } {
  if (signal === undefined) return { signal: deadline, forget: () => undefined };
  const either = new AbortController();
  const both = [deadline, signal];
  const pass = (): void => either.abort(both.find(({ aborted }) => aborted)?.reason);
  for (const one of both) one.addEventListener('abort', pass);
  if (both.some(({ aborted }) => aborted)) pass();
  return {
    signal: either.signal,
    forget() {
      for (const one of both) one.removeEventListener('abort', pass);
    },
  };
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  // A length that the connection itself keeps to bounds the body, unless it grows when it is unpacked.
  const length = response.headers.get('content-length');
  const isPlain = !response.headers.has('content-encoding');
  if (length !== null && isPlain && Number(length) <= maxBytes) return response.text();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new RangeError(`the response is longer than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
