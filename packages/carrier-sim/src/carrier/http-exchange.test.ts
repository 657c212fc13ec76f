import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWebhookSender } from './webhook-sender.ts';
import { parseTarget, type WebhookMessage } from './webhook-request.ts';

/** A server that accepts connections and does with them as it is told. */
async function startSocketServer(onConnect: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnect(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

const sender = createWebhookSender({ origins: {}, now: Date.now, maxReplyBytes: 100 });
const limits = { connectTimeoutMs: 5_000, readTimeoutMs: 5_000 };
const signal = new AbortController().signal;
const to = (url: string, more: Partial<WebhookMessage> = {}): WebhookMessage => ({
  method: 'POST',
  url,
  headers: [],
  body: Buffer.from('a=1'),
  ...more,
});

describe('one try at a webhook', () => {
  it('writes headers as they are given, in their order and casing', async () => {
    let seen = '';
    const port = await startSocketServer((socket) => {
      socket.on('data', (data) => {
        seen += data.toString();
        if (seen.endsWith('a=1')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    const headers = [['X-Twilio-Signature', 'abc'] as const, ['I-Token', '1'] as const];
    const url = `http://127.0.0.1:${port}/a%20b?c=d%2Ce#rc=1`;
    const attempt = await sender.send(to(url, { headers }), { ...limits, signal });
    expect(attempt).toMatchObject({ status: 200, replyBody: 'ok', url: url.replace('#rc=1', '') });
    expect(seen).toBe(
      `POST /a%20b?c=d%2Ce HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Twilio-Signature: abc\r\nI-Token: 1\r\nContent-Length: 3\r\n\r\na=1`,
    );
  });

  it('sends the user and password of a URL as credentials', async () => {
    let seen = '';
    const port = await startSocketServer((socket) => {
      socket.once('data', (data) => {
        seen = data.toString();
        socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      });
    });
    const url = `http://user:p%40ss@127.0.0.1:${port}/`;
    expect(await sender.send(to(url), { ...limits, signal })).toMatchObject({ status: 204 });
    expect(seen).toContain(`Authorization: Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });

  it('gives up on a handshake that is not finished in time', async () => {
    const port = await startSocketServer(() => undefined);
    const attempt = await sender.send(to(`https://127.0.0.1:${port}/`), {
      ...limits,
      connectTimeoutMs: 50,
      signal,
    });
    expect(attempt.error).toBe('connect-timeout');
  });

  it('gives up on a pause inside the reply', async () => {
    const port = await startSocketServer((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
    });
    const attempt = await sender.send(to(`http://127.0.0.1:${port}/`), {
      ...limits,
      readTimeoutMs: 50,
      signal,
    });
    expect(attempt.error).toBe('read-timeout');
  });

  it('notices a reply that is cut off, or none', async () => {
    const half = await startSocketServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
    });
    const rude = await startSocketServer((socket) => {
      socket.once('data', () => socket.destroy());
    });
    for (const port of [half, rude]) {
      const attempt = await sender.send(to(`http://127.0.0.1:${port}/`), { ...limits, signal });
      expect(attempt.error).toBe('connection-lost');
    }
  });

  it('never throws at what cannot be sent', async () => {
    const send = async (message: WebhookMessage): Promise<string | undefined> =>
      (await sender.send(message, { ...limits, signal })).error;
    expect(await send(to('ftp://127.0.0.1/'))).toBe('invalid-request');
    expect(await send(to('http://127.0.0.1/ä'))).toBe('invalid-request');
    expect(await send(to('http://127.0.0.1:1/', { headers: [['a b', 'c']] }))).toBe(
      'invalid-request',
    );
    expect(await send(to('https://example.com/'))).toBe('not-routed');
    expect(
      (await sender.send(to('http://127.0.0.1:1/'), { ...limits, signal: AbortSignal.abort() }))
        .error,
    ).toBe('aborted');
  });
});

describe('a URL', () => {
  it('is taken apart without being rewritten', () => {
    expect(parseTarget('https://Hooks.example.com/A/../b?x=%7e')).toEqual({
      encrypted: true,
      host: 'Hooks.example.com',
      hostname: 'Hooks.example.com',
      port: 443,
      pathAndQuery: '/A/../b?x=%7e',
    });
    expect(parseTarget('http://[::1]:8080')).toEqual({
      encrypted: false,
      host: '[::1]:8080',
      hostname: '::1',
      port: 8_080,
      pathAndQuery: '/',
    });
    expect(parseTarget('http://h.example.com?a=1')).toMatchObject({
      port: 80,
      pathAndQuery: '/?a=1',
    });
    expect(parseTarget('http://%zz:@h.example.com/')).toMatchObject({ credentials: '%zz:' });
    expect(parseTarget('//h.example.com/')).toBeUndefined();
    expect(parseTarget('http://')).toBeUndefined();
  });
});
