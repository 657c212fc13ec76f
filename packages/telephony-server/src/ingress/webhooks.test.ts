import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { signMockWebhook } from '@openclaw/provider-mock';
import { createMemoryStore, StoreError, type TelephonyStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../running-server.testing.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer(options);
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});

/** Writes raw bytes to the server, and returns what comes back until it hangs up. */
async function raw({ listener }: RunningServer, bytes: string): Promise<string> {
  const socket = connect({ port: Number(new URL(listener.url).port), host: '127.0.0.1' });
  socket.write(bytes);
  return readText(socket);
}

describe('the webhook endpoint', () => {
  it('acknowledges a genuine text in the words of the provider, and answers it', async () => {
    const running = await start();
    expect(await running.text('hello')).toMatchObject({ status: 200, body: '{}' });
    expect(await running.sent()).toEqual(['echo hello']);
  });

  it('acknowledges the same text again, and handles it once', async () => {
    const running = await start();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => running.text('hello', { id: 'same' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await running.sent()).toEqual(['echo hello']);
  });

  it('says in its answer that a text is on the disk, and says it of nothing else', async () => {
    const running = await start();
    const accepted = [
      await running.text('hello', { id: 'same' }),
      await running.text('hello', { id: 'same' }),
    ].map(({ headers }) => headers['x-telephony-accepted']);
    expect(accepted).toEqual(['durable', 'durable']);
    const body = '{"type":"something.new"}';
    const unknown = await running.post({ headers: signMockWebhook(body, 'only-for-tests'), body });
    expect(unknown.status).toBe(200);
    expect(unknown.headers).not.toHaveProperty('x-telephony-accepted');
  });

  it('refuses a request without a signature header before it has read any of its body (C12)', async () => {
    const running = await start();
    const reply = await raw(
      running,
      'POST /telephony/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n',
    );
    expect(reply).toMatch(/^HTTP\/1\.1 401 /u);
    expect(reply).toContain('connection: close');
    expect(reply).toContain('missing_header');
  });

  it('refuses a forged text, and stores nothing of it', async () => {
    const running = await start();
    const body =
      '{"type":"message.received","id":"x","from":"+15550100123","to":"+15550100100","text":"a"}';
    const headers = { ...signMockWebhook(body, 'only-for-tests') };
    const forged = await running.post({ headers, body: body.replace('"a"', '"b"') });
    expect(forged).toMatchObject({ status: 401, body: 'signature_mismatch\n' });
    expect((await running.post({ headers, body })).status).toBe(200);
    expect(await running.sent()).toEqual(['echo a']);
  });

  it.each([
    ['/telephony/webhook-evil', 404],
    ['/telephony', 404],
    ['/', 404],
    ['/telephony/status/../webhook', 404],
    ['/telephony/status/no-such-ref', 404],
    ['/TELEPHONY/webhook', 404],
    ['//evil.example/telephony/webhook', 400],
    ['http://evil.example/telephony/webhook', 400],
  ])('does not know %s (C16)', async (path, status) => {
    const running = await start();
    expect((await running.post({ path })).status).toBe(status);
  });

  it('forgives one trailing slash, and keeps the query out of the path (C16)', async () => {
    const running = await start();
    expect((await running.post({ path: '/telephony/webhook/?a=/x' })).body).toBe(
      'missing_header\n',
    );
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('answers %s with 405', async (method) => {
    const running = await start();
    const answer = await running.post({ method });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it('refuses a body over 64 KiB, announced or not (C12)', async () => {
    const running = await start();
    const headers = { 'x-mock-signature': 'x' };
    const body = 'x'.repeat(64 * 1024 + 1);
    expect((await running.post({ headers, body })).status).toBe(413);
    const chunk = `${(16_384).toString(16)}\r\n${'x'.repeat(16_384)}\r\n`;
    const reply = await raw(
      running,
      `POST /telephony/webhook HTTP/1.1\r\nHost: x\r\nx-mock-signature: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}`,
    );
    expect(reply).toMatch(/^HTTP\/1\.1 413 /u);
    expect(running.lines.filter((line) => line.includes('too-large'))).toHaveLength(2);
  });

  it('takes a body of exactly 64 KiB as far as its signature', async () => {
    const running = await start();
    const headers = { 'x-mock-signature': 'x' };
    const answer = await running.post({ headers, body: 'x'.repeat(64 * 1024) });
    expect(answer.status).toBe(401);
  });

  it('serves the next request after one that broke off', async () => {
    const running = await start();
    const socket = connect({ port: Number(new URL(running.listener.url).port), host: '127.0.0.1' });
    await new Promise<void>((resolve) => {
      socket.write(
        'POST /telephony/webhook HTTP/1.1\r\nHost: x\r\nx-mock-signature: x\r\nContent-Length: 9\r\n\r\nab',
        () => resolve(),
      );
    });
    socket.destroy();
    expect((await running.text('still there?')).status).toBe(200);
  });

  it('honours Expect: 100-continue, and refuses before the body where it must', async () => {
    const running = await start();
    const refused = await raw(
      running,
      'POST /nowhere HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n',
    );
    expect(refused).toMatch(/^HTTP\/1\.1 404 /u);
    const admitted = await raw(
      running,
      'POST /telephony/webhook HTTP/1.1\r\nHost: x\r\nx-mock-signature: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
    );
    expect(admitted).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /u);
  });

  it('asks the carrier to come again when the text cannot be stored', async () => {
    const store = withBrokenAdd(createMemoryStore());
    const running = await start({ store });
    const answer = await running.text('hello');
    expect(answer).toMatchObject({ status: 503, body: 'try again later\n' });
    expect(running.lines.join('\n')).toContain('the disk is full');
  });

  it('acknowledges an event that nobody knows', async () => {
    const running = await start();
    const body = '{"type":"weather.changed"}';
    const answer = await running.post({ headers: signMockWebhook(body, 'only-for-tests'), body });
    expect(answer.status).toBe(200);
    expect(await running.sent()).toEqual([]);
  });

  it('tells that it is alive', async () => {
    const running = await start();
    expect(await running.post({ method: 'GET', path: '/health' })).toMatchObject({
      status: 200,
      body: '{"ok":true,"provider":"mock"}\n',
    });
    expect((await running.post({ path: '/health' })).status).toBe(405);
  });

  it('writes no number, text or secret into its log', async () => {
    const running = await start();
    await running.text('my secret plan');
    await running.sent();
    const log = running.lines.join('\n');
    expect(log).toContain('+1555•••0123');
    expect(log).not.toMatch(/15550100123|secret plan|only-for-tests/u);
  });

  it('says what to change when its port is taken', async () => {
    const running = await start();
    const { listen } = await import('./listen.ts');
    const port = Number(new URL(running.listener.url).port);
    await expect(listen(running.server.handler, { port, bind: '127.0.0.1' })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use: stop what listens there, or set serve.port`,
    );
  });
});

/** A store whose queues take nothing, as on a full disk. */
function withBrokenAdd(store: TelephonyStore): TelephonyStore {
  return {
    ...store,
    keyValue: store.keyValue,
    close: () => store.close(),
    queue: (name, options) => ({
      ...store.queue(name, options),
      add: () => Promise.reject(new StoreError('full', 'the disk is full')),
    }),
  };
}
