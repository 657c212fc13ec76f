import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, createWriteStream, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { until } from './stages.ts';

/** What a command said. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly all: string;
  json(): unknown;
}

/** A machine of its own: home, state and configuration in a temporary folder, nothing of this user's. */
export interface Machine {
  readonly folder: string;
  readonly gatewayPort: number;
  readonly webhookPort: number;
  readonly token: string;
  /** Runs `openclaw …`; fails when it ends with an error, unless `mayFail`. */
  openclaw(
    args: readonly string[],
    options?: { readonly mayFail?: boolean },
  ): Promise<CommandResult>;
  configure(config: object): Promise<void>;
  /** Joins settings into a section of the configuration file, as a person with an editor would. */
  change(path: string, settings: object): Promise<void>;
  readonly gateway: Gateway;
  /** Calls the tool as a program does, over HTTP; fails when the gateway refuses. */
  invokeTool(args: object): Promise<string>;
  /** Ends whatever still runs. */
  close(): Promise<void>;
}

/** The gateway's process. */
export interface Gateway {
  /** Resolves when it is ready, webhooks included. */
  start(): Promise<{ readonly healthMs: number; readonly readyMs: number }>;
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
  readonly pid: number | undefined;
}

const entry = fileURLToPath(new URL('../../node_modules/openclaw/openclaw.mjs', import.meta.url));

export async function createMachine(variables: {
  readonly [name: string]: string;
}): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'telephony-gateway-'));
  const [gatewayPort, webhookPort] = [await freePort(), await freePort()];
  const token = 'gateway-token-0123456789abcdef0123456789abcdef';
  const home = join(folder, 'home');
  const state = join(folder, 'state');
  const file = join(state, 'openclaw.json');
  for (const each of [home, state]) mkdirSync(each, { recursive: true });
  const env: NodeJS.ProcessEnv = {
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    TMPDIR: tmpdir(),
    LANG: 'C.UTF-8',
    OPENCLAW_STATE_DIR: state,
    OPENCLAW_CONFIG_PATH: file,
    OPENCLAW_GATEWAY_TOKEN: token,
    OPENCLAW_NO_RESPAWN: '1',
    NO_COLOR: '1',
    CI: '1',
    // Nothing may need a registry.
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
    npm_config_update_notifier: 'false',
    ...variables,
  };
  const children = new Set<ChildProcess>();
  const run = (args: readonly string[], output: 'pipe' | number): ChildProcess => {
    const child = spawn(process.execPath, [entry, ...args], {
      env,
      cwd: home,
      stdio: ['ignore', output, output],
    });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  const endAll = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  process.once('exit', endAll);

  async function openclaw(
    args: readonly string[],
    { mayFail = false }: { readonly mayFail?: boolean } = {},
  ): Promise<CommandResult> {
    const child = run(args, 'pipe');
    const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
    const [stdout, stderr] = await Promise.all([
      child.stdout === null ? '' : readText(child.stdout),
      child.stderr === null ? '' : readText(child.stderr),
    ]);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    clearTimeout(timer);
    const all = stdout + stderr;
    appendFileSync(
      join(folder, 'commands.log'),
      `\n$ openclaw ${args.join(' ')}\n[${child.exitCode}]\n${all}`,
    );
    if (child.exitCode !== 0 && !mayFail) {
      throw new Error(
        `openclaw ${args.join(' ')} ended with ${child.exitCode}: ${all.slice(-1500)}`,
      );
    }
    return {
      code: child.exitCode,
      stdout,
      all,
      json: () => JSON.parse(stdout.slice(stdout.search(/[[{]/u))),
    };
  }

  return {
    folder,
    gatewayPort,
    webhookPort,
    token,
    openclaw,
    configure: (config) => writeFile(file, `${JSON.stringify(config, null, 2)}\n`),
    async change(path, settings) {
      const config: object = JSON.parse(readFileSync(file, 'utf8'));
      await writeFile(
        file,
        `${JSON.stringify(joined(config, path.split('.'), settings), null, 2)}\n`,
      );
    },
    async invokeTool(args) {
      const response = await fetch(`http://127.0.0.1:${gatewayPort}/tools/invoke`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ tool: 'telephony', args }),
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`${response.status}: ${answer.slice(0, 300)}`);
      return answer;
    },
    gateway: createGateway({ folder, gatewayPort, webhookPort, run }),
    async close() {
      const ended = [...children].map((child) => once(child, 'exit'));
      endAll();
      await Promise.all(ended);
      process.off('exit', endAll);
    },
  };
}

function createGateway(options: {
  readonly folder: string;
  readonly gatewayPort: number;
  readonly webhookPort: number;
  readonly run: (args: readonly string[], output: number) => ChildProcess;
}): Gateway {
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
    get pid() {
      return child?.pid;
    },
    async start() {
      const start = performance.now();
      const running = await launch();
      await until('the gateway answers', () => isUp(running, gatewayPort), 120_000);
      const healthMs = Math.round(performance.now() - start);
      await until('the webhook server answers', () => isUp(running, webhookPort), 90_000);
      await until('the gateway is ready', () => /\] ready/u.test(log()), 90_000);
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
        await until('the reload is over', () => lease.get() === undefined);
      } finally {
        database.close();
      }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

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

/** The same object with more at a path; objects are joined, everything else is replaced. */
function joined(value: unknown, path: readonly string[], more: object): object {
  const [key, ...rest] = path;
  const copy: { [key: string]: unknown } =
    typeof value === 'object' && value !== null ? { ...value } : {};
  if (key !== undefined) return { ...copy, [key]: joined(copy[key], rest, more) };
  for (const [name, inner] of Object.entries(more)) {
    const isSection = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    copy[name] = isSection ? joined(copy[name], [], inner) : inner;
  }
  return copy;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
