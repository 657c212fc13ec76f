import { once } from 'node:events';
import { createServer, IncomingMessage } from 'node:http';
import { connect, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type BodyResult, readBody } from './request-body.ts';

/** Sends raw bytes to a real server that reads the body, and returns what it read. */
async function read(bytes: string, hangUp = false): Promise<BodyResult> {
  const results: Promise<BodyResult>[] = [];
  const server = createServer((request) => results.push(readBody(request, 10)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  socket.on('error', () => undefined);
  const arrived = once(server, 'request');
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${bytes}`);
  await arrived;
  if (hangUp) socket.destroy();
  const result = (await results[0]) ?? 'aborted';
  socket.destroy();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  return result;
}

describe('a body', () => {
  it('is read byte for byte', async () => {
    expect(Buffer.from(await read('Content-Length: 4\r\n\r\na=%C3'))).toEqual(Buffer.from('a=%C'));
  });
  it('may be empty', async () => {
    expect(await read('Content-Length: 0\r\n\r\n')).toHaveLength(0);
  });
  it('may be as long as the limit and not longer', async () => {
    expect(await read('Content-Length: 10\r\n\r\n0123456789')).toHaveLength(10);
    expect(await read('Content-Length: 11\r\n\r\n')).toBe('too-large');
    expect(await read('Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n')).toBe('too-large');
  });
  it('may be ended from outside', async () => {
    for (const reason of ['too-slow', 'crowded'] as const) {
      const request = new IncomingMessage(new Socket());
      const reading = readBody(request, 10, (cut) => cut(reason));
      expect(await reading).toBe(reason);
    }
  });
  it('may break off', async () => {
    expect(await read('Content-Length: 4\r\n\r\nab', true)).toBe('aborted');
  });
});
