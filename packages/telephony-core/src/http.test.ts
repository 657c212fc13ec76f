import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { TelephonyError } from './error.ts';
import { outcomeOfStatus, parseRetryAfter, toTransportError } from './http-failure.ts';
import { createFetchTransport } from './http.ts';

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
  return new URL(`http://127.0.0.1:${address.port}/`);
}
const post = (url: URL, signal?: AbortSignal) =>
  ({ method: 'POST', url, headers: {}, body: 'x', ...(signal ? { signal } : {}) }) as const;
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
const provider = 'mock';

describe('the default transport', () => {
  it('resolves with status, headers and the whole body', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(201, { 'x-name': 'value' });
      response.write('one ');
      response.end('two');
    });
    const response = await createFetchTransport()(post(url));
    expect(response.status).toBe(201);
    expect(response.header('X-Name')).toBe('value');
    expect(response.header('none')).toBeUndefined();
    expect(await response.text()).toBe('one two');
  });
  it('does not follow a redirect, and sends a request once', async () => {
    let count = 0;
    const url = await serve((_request, response) => {
      count += 1;
      response.writeHead(307, { location: '/elsewhere' });
      response.end();
    });
    expect((await createFetchTransport()(post(url))).status).toBe(307);
    expect(count).toBe(1);
  });
  it('refuses a response that is too long', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(2000)));
    const failure = await failureOf(createFetchTransport({ maxResponseBytes: 1000 })(post(url)));
    expect(toTransportError(failure, { provider }).outcome).toBe('unknown');
  });
  it('takes a refused connection for not performed', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => open.splice(0)[0]?.close(resolve));
    const error = toTransportError(await failureOf(createFetchTransport()(post(url))), {
      provider,
    });
    expect(error).toMatchObject({ code: 'network', outcome: 'not-performed', provider });
    expect(error.message).toContain('ECONNREFUSED');
  });
  it('does not know the outcome when the connection breaks after the request', async () => {
    const url = await serve((request) => request.socket.destroy());
    const failure = await failureOf(createFetchTransport()(post(url)));
    expect(toTransportError(failure, { provider })).toMatchObject({
      code: 'network',
      outcome: 'unknown',
    });
  });
  it('does not know the outcome when the body breaks off', async () => {
    const url = await serve((request, response) => {
      response.writeHead(201, { 'content-length': '100' });
      response.write('{"sid":', () => request.socket.destroy());
    });
    const failure = await failureOf(createFetchTransport()(post(url)));
    expect(toTransportError(failure, { provider }).outcome).toBe('unknown');
  });
  it('gives up in the end, and says that it was the time', async () => {
    const url = await serve(() => undefined);
    const failure = await failureOf(createFetchTransport({ timeoutMs: 20 })(post(url)));
    expect(toTransportError(failure, { provider })).toMatchObject({
      code: 'timeout',
      outcome: 'unknown',
    });
  });
  it('tells an abort from a time-out', async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort());
    const failure = await failureOf(createFetchTransport()(post(url, controller.signal)));
    expect(toTransportError(failure, { provider, signal: controller.signal })).toMatchObject({
      code: 'aborted',
      outcome: 'unknown',
    });
  });
});

const unreachable = (syscall: string): Error =>
  Object.assign(new Error('unreachable'), { code: 'EHOSTUNREACH', syscall });

describe('a transport failure', () => {
  it('keeps a TelephonyError as it is', () => {
    const error = new TelephonyError('unsupported', 'no', { outcome: 'not-performed' });
    expect(toTransportError(error, { provider })).toBe(error);
  });
  it('finds the system code behind several attempts to connect', () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const failure = new TypeError('fetch failed', { cause: new AggregateError([refused]) });
    expect(toTransportError(failure, { provider }).outcome).toBe('not-performed');
  });
  it('believes that a host was out of reach only while it was being connected to', () => {
    expect(toTransportError(unreachable('connect'), { provider }).outcome).toBe('not-performed');
    expect(toTransportError(unreachable('read'), { provider }).outcome).toBe('unknown');
  });
  it('is unknown when nothing is known', () => {
    for (const failure of [undefined, 'text', {}, new Error('what')]) {
      expect(toTransportError(failure, { provider })).toMatchObject({
        code: 'network',
        outcome: 'unknown',
      });
    }
  });
});

describe('the outcome of a status', () => {
  it('is sure for a refusal, and for nothing else', () => {
    expect([400, 401, 404, 422, 429].map(outcomeOfStatus)).toEqual(
      Array.from({ length: 5 }, () => 'not-performed'),
    );
    expect([200, 302, 408, 499, 500, 503].map(outcomeOfStatus)).toEqual(
      Array.from({ length: 6 }, () => 'unknown'),
    );
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-11-20T12:00:00Z');
  it('may be seconds or a date', () => {
    expect(parseRetryAfter('30', now)).toBe(30_000);
    expect(parseRetryAfter(' 0 ', now)).toBe(0);
    expect(parseRetryAfter('Fri, 20 Nov 2026 12:00:10 GMT', now)).toBe(10_000);
    expect(parseRetryAfter('Fri, 20 Nov 2026 11:00:00 GMT', now)).toBe(0);
  });
  it.each([undefined, '', 'soon', '-1', '1.5', '9'.repeat(30), 'Fri, nonsense'])(
    'is ignored when it is %j',
    (value) => {
      expect(parseRetryAfter(value, now)).toBeUndefined();
    },
  );
});
