import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createGateway, type Gateway } from './gateway.ts';
import { type Answer, askingArguments, converse } from './terminal.ts';

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
  /** A folder on its PATH. */
  readonly programs: string;
  readonly gatewayPort: number;
  readonly webhookPort: number;
  readonly token: string;
  /** Runs `openclaw …`; fails when it ends with an error, unless `mayFail`. */
  openclaw(
    args: readonly string[],
    options?: { readonly mayFail?: boolean },
  ): Promise<CommandResult>;
  /** Runs `openclaw …` at a terminal, and answers what it asks; fails as `openclaw` does. Gives everything it showed. */
  converse(args: readonly string[], answers: readonly Answer[], lastWords: string): Promise<string>;
  /** Calls a method of the gateway's, as `openclaw gateway call` does. */
  call(
    method: string,
    params?: object,
    options?: { readonly mayFail?: boolean },
  ): Promise<CommandResult>;
  configure(config: object): Promise<void>;
  /** What stands in the configuration file. */
  configuration(): unknown;
  /** Joins settings into a section of the configuration file, as a person with an editor would; `undefined` takes out. */
  change(path: string, settings: object): Promise<void>;
  readonly gateway: Gateway;
  /** Calls the tool as a program does, over HTTP; fails when the gateway refuses. */
  invokeTool(args: object): Promise<string>;
  /** Ends whatever still runs. */
  close(): Promise<void>;
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
  const programs = join(folder, 'programs');
  for (const each of [home, state, programs]) mkdirSync(each, { recursive: true });
  const env: NodeJS.ProcessEnv = {
    // The first folder is for programs that a stage puts there.
    PATH: [programs, dirname(process.execPath), process.env['PATH']].join(delimiter),
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
  const run = (
    args: readonly string[],
    output: 'pipe' | number,
    { asks = false }: { readonly asks?: boolean } = {},
  ): ChildProcess => {
    const child = spawn(process.execPath, [...(asks ? askingArguments : []), entry, ...args], {
      env,
      cwd: home,
      stdio: [asks ? 'pipe' : 'ignore', output, output],
    });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  const endAll = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  process.once('exit', endAll);

  const writeDown = (args: readonly string[], code: number | null, all: string): void =>
    appendFileSync(
      join(folder, 'commands.log'),
      `\n$ openclaw ${args.join(' ')}\n[${code}]\n${all}`,
    );

  /**
   * A worker of OpenClaw's sometimes keeps its state database to itself for as long as everybody else waits for it, five
   * seconds. Whatever was asked for has then not happened, and a person asks again.
   */
  async function openclaw(
    args: readonly string[],
    { mayFail = false }: { readonly mayFail?: boolean } = {},
  ): Promise<CommandResult> {
    const first = await runToEnd(args);
    const isLocked = first.code !== 0 && first.all.includes('database is locked');
    if (isLocked) console.log(`       OpenClaw's database was locked; again: ${args.join(' ')}`);
    const result = isLocked ? await runToEnd(args) : first;
    if (result.code !== 0 && !mayFail) {
      throw new Error(
        `openclaw ${args.join(' ')} ended with ${result.code}: ${result.all.slice(-1500)}`,
      );
    }
    return result;
  }

  async function runToEnd(args: readonly string[]): Promise<CommandResult> {
    const child = run(args, 'pipe');
    const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
    const [stdout, stderr] = await Promise.all([
      child.stdout === null ? '' : readText(child.stdout),
      child.stderr === null ? '' : readText(child.stderr),
    ]);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    clearTimeout(timer);
    const all = stdout + stderr;
    writeDown(args, child.exitCode, all);
    return {
      code: child.exitCode,
      stdout,
      all,
      json: () => JSON.parse(stdout.slice(stdout.search(/[[{]/u))),
    };
  }

  return {
    folder,
    programs,
    gatewayPort,
    webhookPort,
    token,
    openclaw,
    async converse(args, answers, lastWords) {
      const child = run(args, 'pipe', { asks: true });
      const shown = await converse(child, answers, lastWords);
      writeDown(args, child.exitCode, shown);
      return shown;
    },
    call: (method, params = {}, options) =>
      openclaw(
        [
          'gateway',
          'call',
          method,
          '--json',
          '--timeout',
          '60000',
          '--params',
          JSON.stringify(params),
        ],
        options,
      ),
    configuration: () => JSON.parse(readFileSync(file, 'utf8')),
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
