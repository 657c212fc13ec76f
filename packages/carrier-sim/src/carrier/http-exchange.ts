import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestEncrypted } from 'node:https';
import { isIP } from 'node:net';
import type { Route } from './origin-routes.ts';
import type { AttemptFailure, AttemptLimits } from './webhook-request.ts';

/** What one request brought back. */
export type Exchange =
  | { readonly status: number; readonly contentType: string | undefined; readonly body: Buffer }
  | { readonly error: AttemptFailure };

/** One request, in full. */
export interface ExchangeRequest extends AttemptLimits {
  readonly route: Route;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  readonly maxReplyBytes: number;
  /** Close the connection as soon as the request has been sent. */
  readonly hangUp: boolean;
  readonly signal: AbortSignal;
}

/** Sends one request over a connection of its own. Never rejects, never follows a redirect. */
export async function exchange(options: ExchangeRequest): Promise<Exchange> {
  try {
    return await perform(options);
  } catch {
    // Node refuses a header or a path before anything is sent.
    return { error: 'invalid-request' };
  }
}

function perform(options: ExchangeRequest): Promise<Exchange> {
  const { route, signal } = options;
  return new Promise((resolve) => {
    let connected = false;
    let timer: NodeJS.Timeout | undefined;
    let settled = false;
    const settle = (result: Exchange): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      request.destroy();
      resolve(result);
    };
    const onAbort = (): void => settle({ error: 'aborted' });
    const allow = (ms: number, error: AttemptFailure): void => {
      clearTimeout(timer);
      timer = setTimeout(() => settle({ error }), ms);
    };

    const request = open(options);
    request.on('error', () => settle({ error: connected ? 'connection-lost' : 'connect-failed' }));
    if (signal.aborted) {
      settle({ error: 'aborted' });
      return;
    }
    signal.addEventListener('abort', onAbort);
    allow(options.connectTimeoutMs, 'connect-timeout');
    request.on('socket', (socket) => {
      socket.once(route.connectTo.encrypted ? 'secureConnect' : 'connect', () => {
        connected = true;
        allow(options.readTimeoutMs, 'read-timeout');
      });
    });
    request.on('response', (response) => {
      if (!options.hangUp) collect(response, options, { settle, allow });
    });
    request.end(options.body, () => {
      if (options.hangUp) settle({ error: 'hung-up' });
    });
  });
}

function open({ route, method, headers, body }: ExchangeRequest): ClientRequest {
  const { requested, connectTo } = route;
  const send = connectTo.encrypted ? requestEncrypted : requestPlain;
  const written: Record<string, string> = { Host: requested.host };
  if (requested.credentials !== undefined) {
    written['Authorization'] = `Basic ${Buffer.from(requested.credentials).toString('base64')}`;
  }
  for (const [name, value] of headers) written[name] = value;
  if (body.byteLength > 0 || method === 'POST') {
    written['Content-Length'] = String(body.byteLength);
  }
  return send({
    agent: false,
    method,
    hostname: connectTo.hostname,
    port: connectTo.port,
    path: requested.pathAndQuery,
    headers: written,
    setDefaultHeaders: false,
    // A TLS server name is never an address (RFC 6066 §3).
    ...(isIP(requested.hostname) === 0 ? { servername: requested.hostname } : {}),
  });
}

function collect(
  response: IncomingMessage,
  { maxReplyBytes, readTimeoutMs }: ExchangeRequest,
  {
    settle,
    allow,
  }: {
    readonly settle: (result: Exchange) => void;
    readonly allow: (ms: number, error: AttemptFailure) => void;
  },
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.byteLength;
    chunks.push(chunk);
    if (size > maxReplyBytes) settle({ error: 'reply-too-long' });
    else allow(readTimeoutMs, 'read-timeout');
  });
  response.on('error', () => settle({ error: 'connection-lost' }));
  response.on('end', () => {
    settle({
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'],
      body: Buffer.concat(chunks),
    });
  });
}
