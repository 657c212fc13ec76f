import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { until } from './stages.ts';

/** The gateway's process. */
export interface Gateway {
  /** Resolves when it is ready, with `webhooks` (default true) the plugin's own listener included. */
  start(options?: { readonly webhooks?: boolean }): Promise<Boot>;
  /**
   * Resolves when no reload is under way. One that is killed leaves a lease of OpenClaw's behind that knows no process, and
   * the next gateway waits in silence until it expires, for five minutes.
   */
  settled(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM. */
  stop(): Promise<void>;
  /** Everything it has logged since it was last started. */
  log(): string;
}

/** How long a start took. */
export interface Boot {
  readonly healthMs: number;
  readonly readyMs: number;
}

/** What {@link createGateway} takes. */
export interface GatewayOptions {
  readonly folder: string;
  readonly gatewayPort: number;
  readonly webhookPort: number;
  /** Starts `openclaw` with these arguments, its output in an open file. */
  readonly run: (args: readonly string[], output: number) => ChildProcess;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { folder, gatewayPort, webhookPort, run } = options;
  let child: ChildProcess | undefined;
  let starts = 0;
  const logFile = (): string => join(folder, `gateway-${starts}.log`);
  const log = (): string => readFileSync(logFile(), 'utf8');

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (child === undefined || hasEnded(child)) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  async function launch(): Promise<ChildProcess> {
    starts += 1;
    const stream = createWriteStream(logFile());
    await once(stream, 'open');
    const output = Reflect.get(stream, 'fd');
    child = run(
      ['gateway', 'run', '--port', String(gatewayPort), '--bind', 'loopback'],
      typeof output === 'number' ? output : 2,
    );
    return child;
  }

  async function isUp(running: ChildProcess, port: number): Promise<boolean> {
    if (hasEnded(running)) throw new Error(`the gateway ended: ${log().slice(-1500)}`);
    return answers(port);
  }

  return {
    log,
    async start({ webhooks = true } = {}) {
      const start = performance.now();
      const running = await launch();
      await until('the gateway answers', () => isUp(running, gatewayPort), bootMs);
      const healthMs = Math.round(performance.now() - start);
      if (webhooks) {
        await until('the webhook server answers', () => isUp(running, webhookPort), bootMs);
      }
      await until('the gateway is ready', () => /\] ready/u.test(log()), bootMs);
      return { healthMs, readyMs: Math.round(performance.now() - start) };
    },
    async settled() {
      const database = new DatabaseSync(join(folder, 'state/state/openclaw.sqlite'), {
        readOnly: true,
      });
      try {
        const lease = database.prepare(
          "select 1 from state_leases where scope = 'core:plugin-lifecycle'",
        );
        await until('the reload is over', () => lease.get() === undefined, 60_000);
      } finally {
        database.close();
      }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** Ten seconds are usual; a machine that does other things as well needs a multiple. */
const bootMs = 120_000;

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/health', timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}
