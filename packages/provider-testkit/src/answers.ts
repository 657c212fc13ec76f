import type { CarrierReply, RecordedRequest } from './fixtures.ts';

/** What the stage does with a request. It stands in for the carrier and for the network before it. */
export type Answer = (
  request: RecordedRequest,
  signal: AbortSignal | undefined,
) => Response | Promise<Response>;

const empties: ReadonlySet<number> = new Set([204, 205, 304]);

/** Answers everything with one reply. */
export function answering({ status, headers, body = '' }: CarrierReply): Answer {
  return () =>
    new Response(empties.has(status) ? null : body, {
      status,
      headers: headers ?? { 'content-type': 'application/json' },
    });
}

/** Answers with a page that repeats the request, as a gateway in debug mode does. */
export function echoing(status: number): Answer {
  return ({ method, url, headers, body }) =>
    new Response(
      `<!doctype html><h1>${status}</h1><pre>${method} ${url.href}\n` +
        `${JSON.stringify([...headers])}\n${body}</pre>`,
      { status, headers: { 'content-type': 'text/html' } },
    );
}

/** Breaks the connection in the middle of the reply. */
export function breakingOff({ status, body = '' }: CarrierReply): Answer {
  return () => {
    const half = new TextEncoder().encode(body.slice(0, body.length / 2));
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(half);
      },
      pull(controller) {
        controller.error(failure('terminated', 'UND_ERR_SOCKET'));
      },
    });
    return new Response(stream, { status, headers: { 'content-type': 'application/json' } });
  };
}

/** Fails before any reply, as fetch does: the system's code is in the cause. The request is in the message. */
export function failingWith(code: string): Answer {
  return (request) => Promise.reject(failure(describe(request), code));
}

/** Gives up waiting, as `AbortSignal.timeout` does. */
export function timingOut(): Answer {
  return (request) => Promise.reject(new DOMException(describe(request), 'TimeoutError'));
}

/** Fails as nothing that throws errors does. */
export function failingStrangely(): Answer {
  // A rejection need not be an error, and clients of a strange make know that.
  return async (request) => {
    throw describe(request);
  };
}

/** Aborts what the caller can abort, and then does as fetch does: goes on, if nobody told it to stop. */
export function abortingWith(controller: AbortController): Answer {
  return (request, signal) => {
    controller.abort(new DOMException(describe(request), 'AbortError'));
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    return new Response('nobody told the carrier to stop', { status: 200 });
  };
}

function failure(message: string, code: string): TypeError {
  const cause = Object.assign(new Error(`${code} ${message}`), { code });
  return new TypeError(`fetch failed: ${message}`, { cause });
}

/** Puts all that is confidential into a failure: a provider that hands it on is found out. */
function describe({ method, url, headers, body }: RecordedRequest): string {
  return `${method} ${url.href} ${JSON.stringify([...headers])} ${body}`;
}
