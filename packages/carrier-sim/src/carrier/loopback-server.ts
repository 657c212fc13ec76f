import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that arrived whole. */
export interface LoopbackRequest {
  readonly method: string;
  /** Path and query, byte for byte. */
  readonly target: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** What is answered. */
export interface LoopbackReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Sends only this many bytes of the body and then cuts the connection, whatever `Content-Length` promised. */
  readonly cutAfterBytes?: number;
  /** Called once the reply has left, or the connection is gone. */
  readonly afterwards?: () => void;
}

/** Answers a request; `'hang-up'` closes the connection without a byte. */
export type LoopbackHandler = (request: LoopbackRequest) => Promise<LoopbackReply | 'hang-up'>;

/** An HTTP server on 127.0.0.1. */
export interface LoopbackServer {
  readonly url: string;
  close(): Promise<void>;
}

const maxBodyBytes = 8 * 1024 * 1024;

/** Starts an HTTP server that nothing outside this machine can reach. */
export async function startLoopbackServer(
  handler: LoopbackHandler,
  port = 0,
): Promise<LoopbackServer> {
  const server = createServer((message, response) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    message.on('error', () => response.destroy());
    message.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= maxBodyBytes) chunks.push(chunk);
    });
    message.on('end', () => {
      if (size > maxBodyBytes) {
        write(response, { status: 413, headers: { Connection: 'close' } });
        return;
      }
      const target = message.url ?? '/';
      const [path = '/', ...query] = target.split('?');
      const request: LoopbackRequest = {
        method: message.method ?? 'GET',
        target,
        path,
        query: new URLSearchParams(query.join('?')),
        headers: message.headers,
        body: Buffer.concat(chunks),
      };
      void answer(handler, request, response);
    });
  });
  await listen(server, port);
  const { port: bound } = address(server);
  return { url: `http://127.0.0.1:${bound}`, close: () => close(server) };
}

async function answer(
  handler: LoopbackHandler,
  request: LoopbackRequest,
  response: ServerResponse,
): Promise<void> {
  try {
    const reply = await handler(request);
    if (reply === 'hang-up') response.destroy();
    else write(response, reply);
  } catch (error) {
    // A fault of the simulator itself: visible to whoever called it, and never mistaken for the carrier's.
    write(response, {
      status: 500,
      headers: { 'Content-Type': 'text/plain' },
      body: `carrier-sim failed: ${error instanceof Error ? error.message : 'unknown error'}`,
    });
  }
}

function write(response: ServerResponse, reply: LoopbackReply): void {
  const body = Buffer.from(reply.body ?? '');
  if (response.closed) {
    reply.afterwards?.();
    return;
  }
  if (reply.afterwards) response.once('close', reply.afterwards);
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(reply.status === 204 ? {} : { 'Content-Length': String(body.byteLength) }),
  });
  if (reply.cutAfterBytes === undefined) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, reply.cutAfterBytes), () => response.destroy());
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function address(server: Server): AddressInfo {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no TCP port');
  return bound;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
