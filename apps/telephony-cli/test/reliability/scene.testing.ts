import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CarrierSim, CarrierSimOptions } from '@openclaw/carrier-sim';
import type { CarrierName } from '../../src/carrier-names.ts';
import { startSimulatedCarrier } from '../../src/simulated-carrier.ts';
import { openWorkplace, type Workplace } from '../../src/workplace.ts';
import { type ChildOptions, type ChildProgram, startChild } from './child-program.testing.ts';
import { emptyJournal } from './journal.testing.ts';

export const ourNumber = '+15550100100';
export const publicOrigin = 'https://bot.example.com';
export const webhookUrl = `${publicOrigin}/telephony/webhook`;

/** A carrier, a `telephony serve` that is started and killed as a test likes, and a look into its database. */
export interface Scene {
  readonly sim: CarrierSim;
  /** Where the server listens whenever it runs. */
  readonly origin: string;
  readonly database: string;
  readonly journal: string;
  readonly log: string;
  /** Opens the store as another process does, beside the running server. */
  observe(): Promise<Workplace>;
  /** Starts `telephony serve`; resolves when it listens. */
  start(options?: StartOptions): Promise<ChildProgram>;
  close(): Promise<void>;
}

/** How `telephony serve` is started. */
export interface StartOptions extends Pick<ChildOptions, 'onSpawn'> {
  /** Modules that are loaded before the program. */
  readonly preload?: readonly URL[];
  readonly nodeFlags?: readonly string[];
}

/** Builds a scene in a folder. Nothing runs yet but the carrier. The database may be kept in another folder. */
export async function openScene(
  folder: string,
  carrier: CarrierName,
  simOptions: Partial<CarrierSimOptions> = {},
  data = folder,
): Promise<Scene> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { sim, settings } = await startSimulatedCarrier(carrier, {
    numbers: [{ number: ourNumber, messageUrl: webhookUrl }],
    origins: { [publicOrigin]: origin },
    ...simOptions,
  });
  const config = join(folder, 'telephony.json5');
  const journal = join(folder, 'journal.txt');
  const log = join(folder, 'server.log');
  emptyJournal(journal);
  await writeFile(config, JSON.stringify({ ...settings, ...settingsFor(port) }), { mode: 0o600 });
  const agent = new URL('agent.testing.ts', import.meta.url);
  agent.searchParams.set('journal', journal);
  const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));
  const children = new Set<ChildProgram>();
  return {
    sim,
    origin,
    journal,
    log,
    database: join(data, 'telephony.db'),
    observe: () => openWorkplace({ config, data }),
    async start({ preload = [], nodeFlags = [], onSpawn } = {}) {
      const child = await startChild({
        nodeArgs: ['--conditions=@openclaw/source', ...nodeFlags, ...preloads(preload), bin],
        args: ['--json', 'serve', '-c', config, '-d', data, '--handler', agent.href],
        log,
        ...(onSpawn ? { onSpawn } : {}),
      });
      children.add(child);
      return child;
    },
    async close() {
      for (const child of children) await child.kill();
      await sim.close();
    },
  };
}

const preloads = (modules: readonly URL[]): string[] =>
  modules.flatMap(({ href }) => ['--import', href]);

const plenty = 10_000_000;

/** Everybody may text, and nothing holds anything back: what is tested here is what becomes of what was let in. */
const settingsFor = (port: number): object => ({
  fromNumber: ourNumber,
  publicUrl: publicOrigin,
  inboundPolicy: 'open',
  allowFrom: ['*'],
  serve: { port },
  limits: {
    failuresPerMinute: plenty,
    textsPerSenderPerMinute: plenty,
    textsPerNumberPerMinute: plenty,
    maxWaitingPerSender: plenty,
    maxWaiting: plenty,
  },
  outbound: {
    allowTo: ['*'],
    segmentsPerSecond: 100_000,
    maxPerHour: plenty,
    maxPerDay: plenty,
    maxSegmentsPerDay: plenty,
  },
});

/** A port that was free a moment ago: the server must come back on the same one after it was killed. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const queueNames = ['signals:default', 'texts:default', 'outbox:default'] as const;

/** How many jobs of all queues are in which state. */
export async function depths({ store }: Workplace): Promise<{
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
}> {
  const figures = await Promise.all(
    queueNames.map((name) => store.queue(name, { parse: () => undefined }).inspect()),
  );
  const sum = (of: 'waiting' | 'running' | 'dead'): number =>
    figures.reduce((total, queue) => total + queue[of], 0);
  return { waiting: sum('waiting'), running: sum('running'), dead: sum('dead') };
}

/** Resolves when nothing waits and nothing runs. */
export async function workedOff(observer: Workplace): Promise<void> {
  for (;;) {
    const { waiting, running } = await depths(observer);
    if (waiting + running === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
