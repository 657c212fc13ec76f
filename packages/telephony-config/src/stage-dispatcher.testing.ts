import type { Dispatcher } from 'undici';

/**
 * Undici's side of the events, with a fetch behind it instead of sockets: what the contract's stage plays reaches the
 * transport as undici would tell it.
 */
export function dispatcherOver(fetch: typeof globalThis.fetch): Pick<Dispatcher, 'dispatch'> {
  return {
    dispatch(options, handler) {
      void play(fetch, options, handler);
      return true;
    },
  };
}

async function play(
  fetch: typeof globalThis.fetch,
  { origin, path, method, headers, body }: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
): Promise<void> {
  const aborting = new AbortController();
  const controller = {
    aborted: false,
    paused: false,
    reason: null,
    rawHeaders: null,
    rawTrailers: null,
    resume: () => undefined,
    pause: () => undefined,
    abort: (reason: Error) => aborting.abort(reason),
  };
  handler.onRequestStart?.(controller, undefined);
  try {
    aborting.signal.throwIfAborted();
    const response = await fetch(`${String(origin)}${path}`, {
      method,
      headers: withoutOwn(headers),
      redirect: 'manual',
      ...(typeof body === 'string' ? { body } : {}),
    });
    const received = Object.fromEntries(response.headers);
    handler.onResponseStart?.(controller, response.status, received, response.statusText);
    for await (const chunk of response.body ?? []) {
      handler.onResponseData?.(controller, Buffer.from(chunk));
      aborting.signal.throwIfAborted();
    }
    handler.onResponseEnd?.(controller, {});
  } catch (error) {
    // What fetch says in a cause, undici says itself.
    const cause = error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
    handler.onResponseError?.(controller, cause instanceof Error ? cause : new Error('failed'));
  }
}

/** What the transport adds by itself is not the provider's. */
function withoutOwn(headers: Dispatcher.DispatchOptions['headers']): Headers {
  const kept = new Headers();
  if (typeof headers !== 'object' || headers === null || Symbol.iterator in headers) return kept;
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'user-agent' && name !== 'accept-encoding') kept.append(name, String(value));
  }
  return kept;
}
