import { connect, type Socket } from 'node:net';

/** What came back on a connection. */
export interface ShortReply {
  readonly status: number;
  readonly body: string;
}

/** A set of HTTP connections that stay open, as a carrier keeps them. */
export interface Connections {
  /** Sends bytes that hold a whole request; waits for a free connection. A broken connection answers status 0. */
  send(request: Uint8Array): Promise<ShortReply>;
  close(): void;
}

/** The bytes of a webhook, made once so that sending them costs next to nothing. */
export function requestBytes(
  origin: string,
  message: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly body: Uint8Array;
  },
): Uint8Array {
  const { pathname, search } = new URL(message.url);
  const lines = [
    `${message.method} ${pathname}${search} HTTP/1.1`,
    `Host: ${new URL(origin).host}`,
    ...message.headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${message.body.byteLength}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), message.body]);
}

/** Opens so many connections to an origin, each when it is first needed. */
export function createConnections(origin: string, count: number): Connections {
  const { hostname, port } = new URL(origin);
  const waiting: ((connection: Connection) => void)[] = [];
  const free: Connection[] = [];
  const all = new Set<Connection>();
  const take = async (): Promise<Connection> => {
    const ready = free.pop();
    if (ready !== undefined) return ready;
    if (all.size < count) {
      const fresh = new Connection(hostname, Number(port));
      all.add(fresh);
      return fresh;
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  return {
    async send(request) {
      const connection = await take();
      const reply = await connection.exchange(request);
      const next = waiting.shift();
      if (next === undefined) free.push(connection);
      else next(connection);
      return reply;
    },
    close() {
      for (const connection of all) connection.close();
    },
  };
}

const broken: ShortReply = { status: 0, body: '' };

/** One request at a time; connects anew after the other side has hung up. */
class Connection {
  readonly #hostname: string;
  readonly #port: number;
  #socket: Socket | undefined;
  #received = '';
  #resolve: ((reply: ShortReply) => void) | undefined;

  constructor(hostname: string, port: number) {
    this.#hostname = hostname;
    this.#port = port;
  }

  exchange(request: Uint8Array): Promise<ShortReply> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#received = '';
      this.#open().write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    if (this.#socket !== undefined && !this.#socket.destroyed) return this.#socket;
    const socket = connect({ host: this.#hostname, port: this.#port, noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.#socket === socket) this.#answer(broken);
    });
    this.#socket = socket;
    return socket;
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = this.#received.slice(0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/iu.exec(head)?.[1] ?? 0);
    const body = this.#received.slice(end + 4);
    if (body.length < length) return;
    // What the server is about to close must not take the next request.
    if (/\r\nconnection: *close/iu.test(head)) this.#drop();
    this.#answer({ status: Number(head.slice(9, 12)), body: body.slice(0, length) });
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
  }

  #answer(reply: ShortReply): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(reply);
  }
}
