import type { NodeHandler } from './node-handler.ts';

// An `import` of this module makes every export of it, the client's as well, and costs a start 20 ms.
const { createServer } = process.getBuiltinModule('node:http');

/** Where to listen. */
export interface ListenOptions {
  /** 0: any free port. */
  readonly port: number;
  /** An address of this machine; `127.0.0.1` is reached by nobody else. */
  readonly bind: string;
  /** How long `close()` waits for requests under way before it cuts them off; default 6,000. */
  readonly closeTimeoutMs?: number;
}

/** A listening endpoint. */
export interface Listener {
  /** With the address that was bound: `http://127.0.0.1:3335`. */
  readonly url: string;
  /** Takes no more connections, lets requests under way finish within `closeTimeoutMs`, and resolves. */
  close(): Promise<void>;
}

const maxConnections = 2048;
/** Longer than proxies and tunnels keep a connection (60 to 90 s), so that none of them writes into one that closes. */
const keepAliveTimeout = 95_000;
/** Beyond it, connections on which nothing is under way make room for others. */
const crowded = maxConnections - 128;
const idleCheckMs = 100;

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
      keepAliveTimeout,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: 16 * 1024,
    },
    handler,
  );
  server.maxConnections = maxConnections;
  // The handler itself says whether the body is wanted.
  server.on('checkContinue', handler);
  let connectionCount = 0;
  server.on('connection', (socket) => {
    connectionCount += 1;
    socket.once('close', () => {
      connectionCount -= 1;
    });
    if (connectionCount > crowded) server.closeIdleConnections();
  });
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
        // Node's own time-outs for slow requests end with `close()`, and who answers last may keep his connection.
        const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
        const cut = setTimeout(() => server.closeAllConnections(), options.closeTimeoutMs ?? 6000);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(cut);
          resolve();
        });
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
