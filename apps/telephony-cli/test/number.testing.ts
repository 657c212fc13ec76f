import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { CarrierSim } from '@openclaw/carrier-sim';
import { onTestFinished } from 'vitest';
import type { CarrierName } from '../src/carrier-names.ts';
import { startSimulatedCarrier } from '../src/simulated-carrier.ts';
import { type CommandResult, startTelephony, telephonyHere } from './telephony.testing.ts';

export const ours = '+15550100100';
export const ada = '+15550100123';
export const publicUrl = 'https://bot.example.com';

/** A `telephony serve` in a process of its own. */
export interface ServeChild {
  /** Its first line. */
  readonly start: {
    readonly listening: string;
    readonly webhook: string;
    readonly accounts: readonly { readonly id: string; readonly webhook: string }[];
  };
  /** What it says afterwards. */
  readonly lines: Interface;
  /** The end of its log. */
  readonly log: () => string;
  /** Ends it, and tells its exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** Tells it to read its configuration anew. */
  readonly reload: () => void;
}

/** A number at a simulated carrier, with a folder for its configuration and its data. */
export interface TestNumber {
  readonly sim: CarrierSim;
  readonly folder: string;
  readonly args: readonly string[];
  /** The configuration. */
  readonly file: string;
  /** What the configuration says. */
  readonly settings: object;
  /** Runs a command on it, inside this process. */
  readonly run: (...words: readonly string[]) => Promise<CommandResult>;
  /** Starts a server that answers with an echo, or with what is given. */
  readonly serve: (
    words?: readonly string[],
    environment?: { readonly [name: string]: string },
  ) => Promise<ServeChild>;
  /** Where the carrier reaches a public origin. */
  readonly route: (origin: string, to: string) => void;
}

/** Opens a number for one test; everybody may text it. */
export async function openNumber(
  carrier: CarrierName = 'twilio',
  over: object = {},
): Promise<TestNumber> {
  const folder = await mkdtemp(join(tmpdir(), 'telephony-number-'));
  const origins: { [origin: string]: string } = {};
  const { sim, settings: account } = await startSimulatedCarrier(carrier, {
    numbers: [{ number: ours, messageUrl: `${publicUrl}/telephony/webhook` }],
    origins,
  });
  onTestFinished(async () => {
    await sim.close();
    await rm(folder, { recursive: true });
  });
  const file = join(folder, 'telephony.json5');
  const settings = {
    ...account,
    fromNumber: ours,
    publicUrl,
    serve: { port: 0 },
    inboundPolicy: 'open',
    allowFrom: ['*'],
    outbound: { segmentsPerSecond: 1000 },
    ...over,
  };
  await writeFile(file, JSON.stringify(settings));
  const args = ['--config', file, '--data', folder];
  return {
    sim,
    folder,
    args,
    file,
    settings,
    run: (...words) => telephonyHere([...words, ...args]),
    async serve(words = ['--echo'], environment = {}) {
      const child = await startServe([...words, ...args], environment);
      origins[publicUrl] = child.start.listening;
      return child;
    },
    route(origin, to) {
      origins[origin] = to;
    },
  };
}

async function startServe(
  words: readonly string[],
  environment: { readonly [name: string]: string },
): Promise<ServeChild> {
  const child = startTelephony(['--json', 'serve', ...words], environment);
  onTestFinished(() => void child.kill('SIGKILL'));
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const lines = createInterface({ input: child.stdout });
  const exit = once(child, 'exit');
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    exit.then(() => {
      throw new Error(`serve ended before it listened: ${log}`);
    }),
  ]);
  return {
    start: JSON.parse(first),
    lines,
    log: () => log,
    reload: () => void child.kill('SIGHUP'),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const [code] = await exit;
      return typeof code === 'number' ? code : null;
    },
  };
}

/** The JSON lines of an output. */
export const jsonLines = (stdout: string): readonly JsonLine[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** A line of whatever command. */
export interface JsonLine {
  readonly id: string;
  readonly sendId: string;
  readonly direction: string;
  readonly from: string;
  readonly to: string;
}
