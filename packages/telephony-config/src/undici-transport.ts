import type { HttpRequest, HttpResponse, HttpTransport } from '@openclaw/telephony-core';
import type { Dispatcher } from 'undici';

/** What {@link createUndiciTransport} takes. */
export interface UndiciTransportOptions {
  /** From the start to the last byte of the response; default 30,000. */
  readonly timeoutMs?: number;
  /** Until a connection is made; default 10,000. A request that waits for one has not been performed. */
  readonly connectTimeoutMs?: number;
  /** A longer response is refused, so that a broken carrier cannot fill the memory; default 1 MiB. */
  readonly maxResponseBytes?: number;
  /** Connections to one carrier at once; beyond it requests wait. Default 64. */
  readonly maxConnectionCount?: number;
  /** Sends instead of an agent of its own, as undici's `ProxyAgent` does; connections are then its business. */
  readonly dispatcher?: Pick<Dispatcher, 'dispatch'>;
}

/**
 * A transport that costs a fraction of global `fetch`: connections are kept and used again, and nothing is built that a
 * provider does not read. Like the default transport it sends once, follows no redirect, and reads the body to its end.
 *
 * The client is loaded with the first request. Idle connections keep no process alive, and close after four seconds or
 * when the carrier says so.
 *
 * @example
 * const provider = createTwilioProvider({ accountSid, authToken, transport: createUndiciTransport() });
 */
export function createUndiciTransport(options: UndiciTransportOptions = {}): HttpTransport {
  const limits: Limits = {
    timeoutMs: options.timeoutMs ?? 30_000,
    maxResponseBytes: options.maxResponseBytes ?? 1024 * 1024,
  };
  let { dispatcher } = options;
  let loading: Promise<Pick<Dispatcher, 'dispatch'>> | undefined;
  const load = async (): Promise<Pick<Dispatcher, 'dispatch'>> => {
    const { createAgent } = await import('./undici-agent.ts');
    dispatcher = createAgent({
      maxConnectionCount: options.maxConnectionCount ?? 64,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    });
    return dispatcher;
  };
  // A load that failed, as with too many open files, is not remembered.
  const loadOnce = (): Promise<Pick<Dispatcher, 'dispatch'>> =>
    (loading ??= load().finally(() => {
      loading = undefined;
    }));
  return async (request) => {
    const client = dispatcher ?? (await loadOnce());
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(request, limits, resolve, reject);
      client.dispatch(toDispatch(request), exchange);
    });
  };
}

interface Limits {
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

function toDispatch({ method, url, headers, body }: HttpRequest): Dispatcher.DispatchOptions {
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: { 'user-agent': 'openclaw-telephony', 'accept-encoding': 'identity', ...headers },
    body: body ?? null,
  };
}

/** One request and its answer, as undici tells it event by event. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #maxBytes: number;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  /** Why it ended early. */
  #ended: { readonly reason: unknown } | undefined;
  #status = 0;
  #headers: ResponseHeaders = {};
  #chunks: Buffer[] = [];
  #byteCount = 0;

  constructor(
    { signal }: HttpRequest,
    { timeoutMs, maxResponseBytes }: Limits,
    resolve: (response: HttpResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = signal;
    this.#maxBytes = maxResponseBytes;
    this.#timer = setTimeout(this.#onTimeout, timeoutMs);
    signal?.addEventListener('abort', this.#onAbort);
    if (signal?.aborted === true) this.#onAbort();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection, and was given up meanwhile: not a byte of it may leave now.
    if (this.#ended !== undefined) controller.abort(toError(this.#ended.reason));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#byteCount += chunk.length;
    if (this.#byteCount > this.#maxBytes) {
      this.#end(new RangeError(`the response is longer than ${this.#maxBytes} bytes`));
      return;
    }
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#ended !== undefined) return;
    this.#release();
    const [first] = this.#chunks;
    const bytes =
      first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    const text = bytes.toString('utf8');
    const headers = this.#headers;
    this.#resolve({
      status: this.#status,
      header: (name) => headerIn(headers, name),
      text: () => Promise.resolve(text.startsWith('\uFEFF') ? text.slice(1) : text),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#ended !== undefined) return;
    this.#release();
    this.#reject(error);
  }

  readonly #onTimeout = (): void => {
    this.#end(
      this.#controller === undefined
        ? new NoConnectionError()
        : new DOMException('the carrier did not answer in time', 'TimeoutError'),
    );
  };

  readonly #onAbort = (): void => this.#end(this.#signal?.reason);

  #end(reason: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = { reason };
    this.#release();
    this.#reject(reason);
    this.#controller?.abort(toError(reason));
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

type ResponseHeaders = { readonly [name: string]: string | string[] | undefined };

function headerIn(headers: ResponseHeaders, name: string): string | undefined {
  const key = name.toLowerCase();
  const value = Object.hasOwn(headers, key) ? headers[key] : undefined;
  return typeof value === 'object' ? value.join(', ') : value;
}

const toError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error('the request was aborted');

/** All connections were busy, or none could be made, for as long as the request might take: it never left. */
class NoConnectionError extends Error {
  /** Undici's own word for the like, so that who judges a failure need not know this one. */
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';
  constructor() {
    super('no connection to the carrier was free or could be made in time');
  }
}
