import type { NodeHandler } from './node-handler.ts';

// An `import` of this module makes every export of it, the client's as well, and costs a start 20 ms.
const { createServer } = process.getBuiltinModule('node:http');

/** Where to listen. */
export interface ListenOptions {
  /** 0: any free port. */
  readonly port: number;
  /** An address of this machine; `127.0.0.1` is reached by nobody else. */
  readonly bind: string;
}

/** A listening endpoint. */
export interface Listener {
  /** With the address that was bound: `http://127.0.0.1:3335`. */
  readonly url: string;
  /** Takes no more connections, lets requests under way finish, and resolves. */
  close(): Promise<void>;
}

/**
 * Serves a handler over `node:http` with time-outs and bounds that suit an endpoint which strangers reach.
 *
 * @throws {Error} with the system's `code`, such as `EADDRINUSE`, and a message that says what to change
 */
export async function listen(handler: NodeHandler, options: ListenOptions): Promise<Listener> {
  const server = createServer(
    {
      headersTimeout: 5000,
      requestTimeout: 20_000,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: 16 * 1024,
    },
    handler,
  );
  server.maxConnections = 2048;
  // The handler itself says whether the body is wanted.
  server.on('checkContinue', handler);
  const { port, bind } = options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, options)));
    server.listen(port, bind, () => resolve());
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${bind.includes(':') ? `[${bind}]` : bind}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function explain(error: Error, { port, bind }: ListenOptions): Error {
  const code = 'code' in error ? String(error.code) : '';
  const what: { readonly [code: string]: string } = {
    EADDRINUSE: `port ${port} on ${bind} is in use: stop what listens there, or set serve.port`,
    EADDRNOTAVAIL: `${bind} is no address of this machine: set serve.bind`,
    EACCES: `port ${port} may not be opened by this user: set serve.port above 1023`,
  };
  return Object.assign(new Error(what[code] ?? error.message, { cause: error }), { code });
}
