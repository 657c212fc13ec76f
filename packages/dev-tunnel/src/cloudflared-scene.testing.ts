import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { deferred } from './deferred.ts';
import type { FakeOrder } from './fake-cloudflared.testing.ts';
import { writeProgram } from './write-program.testing.ts';

/** One start of the fake `cloudflared`, in the hands of a test. */
export interface FakeCloudflared {
  readonly args: readonly string[];
  readonly environment: { readonly [name: string]: string };
  readonly pid: number;
  /** Resolves when the process is dead. */
  readonly dead: Promise<'dead'>;
  tell(order: FakeOrder): Promise<void>;
  /** Prints what the real one prints once a quick tunnel is up. */
  announce(label: string): Promise<void>;
}

/** A folder with a fake `cloudflared`, to be put first on the `PATH`. */
export interface CloudflaredScene {
  readonly environment: { readonly [name: string]: string };
  /** The next start of it. */
  next(): Promise<FakeCloudflared>;
  close(): Promise<void>;
}

/** The log of a quick tunnel, as cloudflared 2025 writes it. */
export const quickTunnelLog = (label: string): readonly string[] => {
  const url = `https://${label}.trycloudflare.com`;
  const text =
    'Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):';
  const at = '2026-11-20T16:00:00Z INF';
  const border = `+${'-'.repeat(text.length + 4)}+`;
  return [
    `${at} Requesting new quick Tunnel on trycloudflare.com...`,
    `${at} ${border}`,
    `${at} |  ${text}  |`,
    `${at} |  ${url.padEnd(text.length)}  |`,
    `${at} ${border}`,
    `${at} Starting metrics server on 127.0.0.1:20241/metrics`,
    `${at} Registered tunnel connection connIndex=0 connection=4f4b1c6e-0000-4000-8000-000000000000 event=0 ip=198.41.200.63 location=fra10 protocol=quic`,
  ];
};

/** Sets the scene; `close()` it after the test. */
export async function createCloudflaredScene(): Promise<CloudflaredScene> {
  const folder = mkdtempSync(join(tmpdir(), 'dev-tunnel-'));
  const starts: FakeCloudflared[] = [];
  const waiting: ((start: FakeCloudflared) => void)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const dead = deferred<'dead'>();
    const acknowledged: (() => void)[] = [];
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      dead.resolve('dead');
      for (const done of acknowledged.splice(0)) done();
    });
    createInterface({ input: socket }).on('line', (line) => {
      const said: Pick<FakeCloudflared, 'args' | 'environment' | 'pid'> & { done?: boolean } =
        JSON.parse(line);
      if (said.done === true) return acknowledged.shift()?.();
      const tell = (order: FakeOrder): Promise<void> => {
        const done = deferred<void>();
        acknowledged.push(() => done.resolve());
        socket.write(`${JSON.stringify(order)}\n`);
        return done.promise;
      };
      const start: FakeCloudflared = {
        ...said,
        dead: dead.promise,
        tell,
        async announce(label) {
          for (const print of quickTunnelLog(label)) await tell({ print });
        },
      };
      const take = waiting.shift();
      if (take === undefined) starts.push(start);
      else take(start);
      return undefined;
    });
  });
  const port = await listening(server);
  writeProgram(folder, 'cloudflared', 'fake-cloudflared.testing.ts', { args: [String(port)] });
  return {
    environment: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder },
    next: () => {
      const start = starts.shift();
      return start === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(start);
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('no port'));
    });
  });
}
