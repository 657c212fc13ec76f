import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseE164 } from '@openclaw/telephony-core';
import { startSimulatedCarrier } from '../../src/simulated-carrier.ts';
import { openWorkplace, type Workplace } from '../../src/workplace.ts';
import { type ChildProgram, startChild } from './child-program.testing.ts';
import { buildGate } from './gate.testing.ts';
import { ourNumber } from './scene.testing.ts';
import { below, createRandom } from './seeded-random.testing.ts';

const backupNumber = '+15550100200';
const sendsPerLife = 8;
const messagesPerSend = 4;
/** So many words make so many messages. */
const wordCount = 50;
const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));

/** What became of sends whose carrier was out of reach, while the process was killed again and again. */
export interface FailoverAccount {
  readonly sends: number;
  /** So many left from the other account. */
  readonly wentOver: number;
  /** So many are on the list for a person. */
  readonly unknown: number;
  /** Ids of those of which a part came twice, from whichever account. */
  readonly sentTwice: readonly string[];
  /** Ids of those of which a part is missing, and nobody was told. */
  readonly lost: readonly string[];
}

/**
 * Runs `telephony serve` with two accounts, the first of which cannot reach its carrier, and kills it at moments that nobody
 * chose. In the end the carrier is there again: what may still be sent through it is.
 */
export async function killWhileHandingOver(plan: {
  readonly folder: string;
  readonly killCount: number;
  readonly seed: number;
}): Promise<FailoverAccount> {
  const random = createRandom(plan.seed);
  const main = await startSimulatedCarrier('twilio', { numbers: [{ number: ourNumber }] });
  const backup = await startSimulatedCarrier('plivo', { numbers: [{ number: backupNumber }] });
  const gate = await buildGate(main.sim.url);
  const config = join(plan.folder, 'telephony.json5');
  const outbound = { segmentsPerSecond: 100_000, maxPerHour: 100_000, maxPerDay: 100_000 };
  const carrier = main.settings['twilio'];
  await writeFile(
    config,
    JSON.stringify({
      ...main.settings,
      fromNumber: ourNumber,
      twilio: { ...(typeof carrier === 'object' ? carrier : {}), baseUrl: gate.url },
      serve: { port: 0 },
      sms: { chunkMode: 'multi' },
      outbound: {
        ...outbound,
        maxSegmentsPerDay: 1_000_000,
        failover: { account: 'backup', afterMs: 0 },
      },
      accounts: { backup: { ...backup.settings, fromNumber: backupNumber } },
    }),
    { mode: 0o600 },
  );
  const place = { config, data: plan.folder };
  const start = (): Promise<ChildProgram> =>
    startChild({
      nodeArgs: ['--conditions=@openclaw/source', bin],
      args: ['--json', 'serve', '--echo', '-c', config, '-d', plan.folder],
      log: join(plan.folder, 'server.log'),
    });
  await (await start()).stop();
  const ours = await openWorkplace(place);
  const theirs = await openWorkplace({ ...place, account: 'backup' });
  const ids: string[] = [];
  for (let life = 0; life < plan.killCount; life += 1) {
    const server = await start();
    for (let count = 0; count < sendsPerLife; count += 1) {
      const id = `send-${life}-${count}`;
      const text = Array.from({ length: wordCount }, (_, word) => `${id}w${word}`).join(' ');
      // A person of its own: what may have left in part would hold back what comes after it.
      const to = parseE164(`+1555${String(2_000_000 + ids.length)}`);
      await ours.server.send({ id, to, text, purpose: 'operator' });
      ids.push(id);
    }
    const seen = backup.sim.messages.length;
    await reaches(
      () => backup.sim.messages.length,
      seen + below(random, sendsPerLife * messagesPerSend),
    );
    await new Promise((resolve) => setTimeout(resolve, below(random, 12)));
    await server.kill();
  }
  await gate.open();
  const last = await start();
  await workedOff([ours, theirs]);
  const bodies = [...main.sim.messages, ...backup.sim.messages].map(({ body }) => body);
  const account = await settle(ids, bodies, ours, theirs);
  await last.stop();
  for (const one of [ours, theirs, gate, main.sim, backup.sim]) await one.close();
  return account;
}

/** Resolves when there are so many, or when all of what goes over may have gone. */
async function reaches(countNow: () => number, count: number): Promise<void> {
  for (let tries = 0; tries < 200 && countNow() < count; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The number that stands before each message of a long text. */
function partOf(body: string): { readonly number: number; readonly of: number } {
  const [, number, of] = /^\[(\d+)\/(\d+)\]/u.exec(body) ?? [];
  return { number: Number(number), of: Number(of) };
}

async function settle(
  ids: readonly string[],
  bodies: readonly string[],
  ours: Workplace,
  theirs: Workplace,
): Promise<FailoverAccount> {
  const sentTwice: string[] = [];
  const lost: string[] = [];
  let wentOver = 0;
  let unknown = 0;
  for (const id of ids) {
    const parts = bodies.flatMap((body) => (body.includes(`${id}w`) ? [partOf(body)] : []));
    const [first, ...rest] = (await ours.server.sendProgress(id))?.messages ?? [];
    const there =
      first?.state === 'handed-over' ? await theirs.server.sendProgress(first.sendId) : undefined;
    const states = [first, ...rest, ...(there?.messages ?? [])].map((message) => message?.state);
    const numbers = new Set(parts.map(({ number }) => number));
    if (numbers.size < parts.length) sentTwice.push(id);
    if (first?.state === 'handed-over') wentOver += 1;
    if (states.includes('unknown')) unknown += 1;
    else if (numbers.size === 0 || numbers.size < (parts[0]?.of ?? 0)) lost.push(id);
  }
  return { sends: ids.length, wentOver, unknown, sentTwice, lost };
}

/** Resolves when nothing of either account waits or runs. */
async function workedOff(workplaces: readonly Workplace[]): Promise<void> {
  for (;;) {
    let left = 0;
    for (const { store, accountId } of workplaces) {
      const outbox = store.queue(`outbox:${accountId}`, { parse: () => undefined });
      const { waiting, running } = await outbox.inspect();
      left += waiting + running;
    }
    if (left === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
