import { createServer, type RequestListener, type Server } from 'node:http';
import { toTransportError } from '@openclaw/telephony-core';
import { afterEach, describe, expect, it } from 'vitest';
import { createUndiciTransport } from './undici-transport.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return new URL(`http://127.0.0.1:${address.port}/path?query=1`);
}
const post = (url: URL, signal?: AbortSignal) =>
  ({
    method: 'POST',
    url,
    headers: { 'x-sent': 'yes' },
    body: 'größer',
    ...(signal ? { signal } : {}),
  }) as const;
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
const judged = (failure: unknown, signal?: AbortSignal) =>
  toTransportError(failure, { provider: 'mock', signal });

describe('the undici transport', () => {
  it('sends what it is given, and resolves with status, headers and the whole body', async () => {
    let seen: unknown;
    const url = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen = [
          request.method,
          request.url,
          request.headers['x-sent'],
          request.headers['content-length'],
          Buffer.concat(chunks).toString(),
        ];
        response.writeHead(201, { 'X-Name': 'value', 'x-many': ['a', 'b'] });
        // A letter of several bytes that falls into two chunks.
        const [one = 0, ...rest] = Buffer.from('ü two');
        response.write(Buffer.from([one]));
        setImmediate(() => response.end(Buffer.from(rest)));
      });
    });
    const response = await createUndiciTransport()(post(url));
    expect(seen).toEqual(['POST', '/path?query=1', 'yes', '8', 'größer']);
    expect(response.status).toBe(201);
    expect(response.header('x-name')).toBe('value');
    expect(response.header('X-Name')).toBe('value');
    expect(response.header('x-many')).toBe('a, b');
    expect(response.header('none')).toBeUndefined();
    expect(response.header('constructor')).toBeUndefined();
    expect(await response.text()).toBe('ü two');
  });
  it('uses connections again, and sends each request once', async () => {
    const sockets = new Set<unknown>();
    let count = 0;
    const url = await serve((request, response) => {
      sockets.add(request.socket);
      count += 1;
      request.resume().on('end', () => response.end('{}'));
    });
    const transport = createUndiciTransport();
    for (let sent = 0; sent < 5; sent += 1) await transport(post(url));
    expect(count).toBe(5);
    expect(sockets.size).toBeLessThan(3);
  });
  it('does not follow a redirect, and reads an empty body', async () => {
    let count = 0;
    const url = await serve((request, response) => {
      count += 1;
      response.writeHead(307, { location: '/elsewhere' });
      request.resume().on('end', () => response.end());
    });
    const response = await createUndiciTransport()({ ...post(url), method: 'GET', body: '' });
    expect([response.status, await response.text(), count]).toEqual([307, '', 1]);
  });
  it('refuses a response that is too long', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(2000)));
    const failure = await failureOf(createUndiciTransport({ maxResponseBytes: 1000 })(post(url)));
    expect(judged(failure)).toMatchObject({ code: 'network', outcome: 'unknown' });
  });
  it('takes a refused connection for not performed', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => open.splice(0)[0]?.close(resolve));
    const error = judged(await failureOf(createUndiciTransport()(post(url))));
    expect(error).toMatchObject({ code: 'network', outcome: 'not-performed' });
    expect(error.message).toContain('ECONNREFUSED');
  });
  it('does not know the outcome when the connection breaks after the request', async () => {
    let count = 0;
    const url = await serve((request) => {
      count += 1;
      request.socket.destroy();
    });
    const failure = await failureOf(createUndiciTransport()(post(url)));
    expect(judged(failure)).toMatchObject({ code: 'network', outcome: 'unknown' });
    expect(count).toBe(1);
  });
  it('does not know the outcome when the body breaks off', async () => {
    const url = await serve((request, response) => {
      response.writeHead(201, { 'content-length': '100' });
      response.write('{"sid":', () => request.socket.destroy());
    });
    const failure = await failureOf(createUndiciTransport()(post(url)));
    expect(judged(failure).outcome).toBe('unknown');
  });
  it('gives up in the end: unknown when the request had left', async () => {
    const url = await serve(() => undefined);
    const failure = await failureOf(createUndiciTransport({ timeoutMs: 50 })(post(url)));
    expect(judged(failure)).toMatchObject({ code: 'timeout', outcome: 'unknown' });
  });
  it('gives up in the end: not performed when it still waited for a connection', async () => {
    let count = 0;
    const url = await serve(() => {
      count += 1;
    });
    const transport = createUndiciTransport({ timeoutMs: 50, maxConnectionCount: 1 });
    const [first, second] = await Promise.all([
      failureOf(transport(post(url))),
      failureOf(transport(post(url))),
    ]);
    expect(judged(first)).toMatchObject({ code: 'timeout', outcome: 'unknown' });
    expect(judged(second)).toMatchObject({ code: 'network', outcome: 'not-performed' });
    // What was given up while it waited does not leave when a connection is free.
    await failureOf(transport(post(url)));
    expect(count).toBe(2);
  });
  it('tells an abort from a time-out, also for what was aborted before', async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort());
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const failure = await failureOf(createUndiciTransport()(post(url, controller.signal)));
      expect(judged(failure, controller.signal)).toMatchObject({
        code: 'aborted',
        outcome: 'unknown',
      });
    }
  });
});
