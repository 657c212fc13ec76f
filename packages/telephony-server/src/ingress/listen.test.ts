import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listen, type Listener } from './listen.ts';
import type { NodeHandler } from './node-handler.ts';

const answering: NodeHandler = (request, response) => {
  request.resume().on('end', () => response.end('ok'));
};
const whole = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi';

async function reach({ url }: Listener, bytes: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (bytes !== '') socket.write(bytes);
  return socket;
}
const start = (handler: NodeHandler = answering, closeTimeoutMs = 50): Promise<Listener> =>
  listen(handler, { port: 0, bind: '127.0.0.1', closeTimeoutMs });

describe('closing a listener', () => {
  it.each([
    ['nothing', ''],
    ['half a header', 'GET / HTTP/1.1\r\nHost'],
    ['half a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\nhi'],
    [
      'half a body that grows by chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi',
    ],
  ])('ends though somebody has sent %s', async (_, bytes) => {
    const listener = await start();
    // The first one's answer tells that the second one's bytes, which were sent before, have come too.
    const slow = await reach(listener, bytes);
    const quick = await reach(listener, whole);
    await once(quick, 'data');
    await listener.close();
    if (!slow.closed) await once(slow.resume(), 'close');
    expect(slow.closed).toBe(true);
  });
  it('lets an answer under way go out, and does not wait for its connection', async () => {
    const bell = new EventTarget();
    const asked = once(bell, 'asked');
    const go = once(bell, 'go');
    const listener = await start((request, response) => {
      request.resume();
      bell.dispatchEvent(new Event('asked'));
      void go.then(() => response.end('late'));
    }, 3_600_000);
    const socket = await reach(listener, whole);
    await asked;
    const closed = listener.close();
    bell.dispatchEvent(new Event('go'));
    const [data] = await once(socket, 'data');
    expect(String(data)).toContain('late');
    await closed;
  });
});

describe('a connection', () => {
  it('is kept longer than proxies keep theirs', async () => {
    const listener = await start();
    const socket = await reach(listener, whole);
    const [data] = await once(socket, 'data');
    expect(String(data)).toMatch(/Keep-Alive: timeout=95\r\n/u);
    await listener.close();
  });
});
