import { connect, type Socket } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { signMockWebhook } from '@openclaw/provider-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { ada, ours, type RunningServer, startServer } from '../running-server.testing.ts';

const open: RunningServer[] = [];
const sockets: Socket[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer(options);
  open.push(running);
  return running;
};
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map((running) => running.close()));
});

/** Connects and writes, and keeps the connection. */
function dial({ listener }: RunningServer, bytes: string | Uint8Array): Socket {
  const socket = connect({ port: Number(new URL(listener.url).port), host: '127.0.0.1' });
  socket.on('error', () => undefined);
  sockets.push(socket);
  socket.write(bytes);
  return socket;
}
/** What the server says until it hangs up; what it said before a connection that broke. */
const heard = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let all = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      all += chunk;
    });
    socket.on('close', () => resolve(all));
  });
const head = (...lines: readonly string[]): string =>
  ['POST /telephony/webhook HTTP/1.1', 'Host: x', ...lines, '', ''].join('\r\n');
const unsigned = 'x-mock-signature: x';
let count = 0;
/** A genuine text: its body, and the header that signs it. */
function genuine(words: string): { readonly body: string; readonly signature: string } {
  count += 1;
  const body = JSON.stringify({
    type: 'message.received',
    id: `genuine-${count}`,
    from: ada,
    to: ours,
    text: words,
  });
  const [[name, value] = ['', '']] = Object.entries(signMockWebhook(body, 'only-for-tests'));
  return { body, signature: `${name}: ${value}` };
}

describe('while somebody is up to no good', () => {
  it('500 bodies that never end lock nobody out', async () => {
    const running = await start();
    const slow = Array.from({ length: 500 }, () =>
      dial(running, `${head(unsigned, 'Content-Length: 100')}{"type`),
    );
    const refused = slow.map((socket) => heard(socket));
    expect((await running.text('first')).status).toBe(200);
    // All but the 64 that are still being read, and one more that made room for the text if it came last.
    let answered = 0;
    for (const one of refused) void one.then(() => (answered += 1));
    await expect.poll(() => answered).toBeGreaterThanOrEqual(436);
    expect((await running.text('second')).status).toBe(200);
    expect(await refused[0]).toMatch(/^HTTP\/1\.1 503 [^]*connection: close/u);
    expect(await running.sent()).toEqual(['echo first', 'echo second']);
  });
  it('500 headers that never end, and 200 connections that say nothing, lock nobody out', async () => {
    const running = await start();
    for (let i = 0; i < 500; i += 1) dial(running, 'POST /telephony/webhook HTTP/1.1\r\nHost: x');
    for (let i = 0; i < 200; i += 1) dial(running, '');
    expect((await running.text('hello')).status).toBe(200);
  });
  it('slow bodies from a peer with no budget left do not either', async () => {
    const running = await start({ limits: { failuresPerMinute: 0 } });
    await running.post({ headers: { 'x-mock-signature': 'x' }, body: '{}' });
    for (let i = 0; i < 100; i += 1) dial(running, `${head(unsigned, 'Content-Length: 100')}{`);
    expect((await running.text('hello')).status).toBe(200);
  });
  it('a sender that closes his half at once is still answered', async () => {
    const running = await start();
    const { body, signature } = genuine('hello');
    const socket = dial(running, head(signature, `Content-Length: ${body.length}`) + body);
    socket.end();
    expect(await heard(socket)).toMatch(/^HTTP\/1\.1 200 /u);
  });
  it('a body that breaks off is given up, and so is one whose connection is reset', async () => {
    const running = await start();
    const broken = dial(running, `${head(unsigned, 'Content-Length: 100')}{`);
    broken.end();
    expect(await heard(broken)).toMatch(/^(?:HTTP\/1\.1 400 |$)/u);
    const reset = dial(running, `${head(unsigned, 'Content-Length: 100')}{`);
    await new Promise<void>((done) => reset.write('a', () => done()));
    reset.resetAndDestroy();
    expect((await running.text('hello')).status).toBe(200);
  });
});

describe('the wire', () => {
  it('may carry several texts in one piece', async () => {
    const running = await start();
    const requests = ['a', 'b', 'c'].map((words, index) => {
      const { body, signature } = genuine(words);
      const last = index === 2 ? ['Connection: close'] : [];
      return head(signature, `Content-Length: ${body.length}`, ...last) + body;
    });
    const reply = await heard(dial(running, requests.join('')));
    expect(reply.match(/HTTP\/1\.1 200 /gu)).toHaveLength(3);
    expect(await running.sent()).toEqual(['echo a', 'echo b', 'echo c']);
  });
  it('may carry a text in chunks, cut anywhere', async () => {
    const running = await start();
    const { body, signature } = genuine('in chunks');
    const chunks = body.replaceAll(/[^]/gu, (character) => `1\r\n${character}\r\n`);
    const bytes = `${head(signature, 'Connection: close', 'Transfer-Encoding: chunked')}${chunks}0\r\n\r\n`;
    expect(await heard(dial(running, bytes))).toMatch(/^HTTP\/1\.1 200 /u);
    expect(await running.sent()).toEqual(['echo in chunks']);
  });
  it('may ask first whether the body is welcome', async () => {
    const running = await start();
    const { body, signature } = genuine('may I?');
    const socket = dial(
      running,
      head(
        signature,
        'Connection: close',
        'Expect: 100-continue',
        `Content-Length: ${body.length}`,
      ),
    );
    socket.once('data', () => socket.write(body));
    expect(await heard(socket)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /u);
  });
  it.each([
    ['two lengths', ['Content-Length: 2', 'Content-Length: 3']],
    ['a length and chunks', ['Content-Length: 2', 'Transfer-Encoding: chunked']],
    ['no number for a length', ['Content-Length: two']],
    ['a negative length', ['Content-Length: -1']],
  ])('with %s is refused', async (_, lines) => {
    const running = await start();
    const socket = dial(running, `${head(unsigned, ...lines)}{}`);
    expect(await heard(socket)).toMatch(/^HTTP\/1\.1 400 /u);
    expect((await running.text('hello')).status).toBe(200);
  });
  it('with headers without end is refused', async () => {
    const running = await start();
    const reply = await heard(dial(running, head(unsigned, `X: ${'x'.repeat(20_000)}`)));
    expect(reply).toMatch(/^HTTP\/1\.1 431 /u);
  });
  it('with bytes that are no UTF-8 is refused unless they are signed, and never an error', async () => {
    const running = await start();
    const body = Uint8Array.from([0x7b, 0xff, 0xfe, 0xc3, 0x28, 0x7d]);
    expect((await running.post({ headers: { 'x-mock-signature': 'x' }, body })).status).toBe(401);
    const headers = signMockWebhook(body, 'only-for-tests');
    expect((await running.post({ headers, body })).status).toBe(401);
    expect(await running.sent()).toEqual([]);
  });
  it('with 10 MB is answered or hung up on, announced or in chunks, and then still serves', async () => {
    const running = await start();
    const megabytes = Buffer.alloc(10 * 1024 * 1024, 'x');
    const announced = dial(running, head(unsigned, `Content-Length: ${megabytes.length}`));
    announced.write(megabytes);
    expect(await heard(announced)).toMatch(/^(?:HTTP\/1\.1 413 |$)/u);
    const chunked = dial(
      running,
      `${head(unsigned, 'Transfer-Encoding: chunked')}${megabytes.length.toString(16)}\r\n`,
    );
    chunked.write(megabytes);
    expect(await heard(chunked)).toMatch(/^(?:HTTP\/1\.1 413 |$)/u);
    expect((await running.text('hello')).status).toBe(200);
  });
  it('for an upgrade or a tunnel is no way in', async () => {
    const running = await start();
    const upgrade = dial(
      running,
      'GET /telephony/webhook HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(await readText(upgrade)).toMatch(/^HTTP\/1\.1 405 /u);
    expect(await heard(dial(running, 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n'))).toBe(
      '',
    );
  });
});
