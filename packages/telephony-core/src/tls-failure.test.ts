import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { TelephonyError } from './error.ts';
import { toTransportError } from './http-failure.ts';
import { createFetchTransport } from './http.ts';
import { createSelfMadeCertificate } from './self-made-certificate.testing.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** What a request by https to this server fails with. */
async function failureAt(server: Server): Promise<TelephonyError> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  const url = new URL(`https://127.0.0.1:${address.port}/`);
  return createFetchTransport()({ method: 'POST', url, headers: {}, body: 'x' }).then(
    () => {
      throw new Error('it did not fail');
    },
    (failure: unknown) => toTransportError(failure, { provider: 'mock' }),
  );
}

const certificate = createSelfMadeCertificate();
const chain = certificate.leaf + certificate.intermediate;
const shown: readonly [what: string, code: string, show: { key: string; cert: string }][] = [
  [
    'issued by itself',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    { key: certificate.root.key, cert: certificate.root.certificate },
  ],
  [
    'without who has issued it',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    { key: certificate.key, cert: certificate.leaf },
  ],
  [
    'of an issuer that nobody knows, such as a proxy that looks into everything',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    { key: certificate.key, cert: chain },
  ],
];

const onFirstBytes = (answer: (socket: Socket) => void): Server =>
  createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
/** A fatal alert of the handshake (RFC 8446 §6). */
const alert = (description: number): Server =>
  onFirstBytes((socket) => socket.end(Buffer.of(0x15, 3, 1, 0, 2, 2, description)));

const broken: readonly [what: string, server: () => Server][] = [
  ['hangs up at the first bytes', () => onFirstBytes((socket) => socket.end())],
  ['hangs up at once', () => createTcpServer((socket) => void socket.destroy())],
  [
    'speaks plain HTTP',
    () => onFirstBytes((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  ],
  ['agrees to no way of encryption', () => alert(40)],
  ['is too old', () => alert(70)],
  ['does not know the name', () => alert(112)],
];

describe('before anything could be said in secret, nothing was performed', () => {
  it.each(shown)('with a certificate %s', async (_what, code, show) => {
    let requestCount = 0;
    const error = await failureAt(
      createHttpsServer(show, (_request, response) => {
        requestCount += 1;
        response.end('{}');
      }),
    );
    expect(error).toMatchObject({ code: 'network', outcome: 'not-performed' });
    expect(error.message).toContain(code);
    expect(requestCount).toBe(0);
  });

  it.each(broken)('with a server that %s', async (_what, server) => {
    expect(await failureAt(server())).toMatchObject({
      code: 'network',
      outcome: 'not-performed',
    });
  });
});
