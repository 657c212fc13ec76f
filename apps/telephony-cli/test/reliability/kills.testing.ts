import { parseE164 } from '@openclaw/telephony-core';
import type { CarrierName } from '../../src/carrier-names.ts';
import type { Workplace } from '../../src/workplace.ts';
import { ChildEndedError } from './child-program.testing.ts';
import { readJournal } from './journal.testing.ts';
import { type KillAccount, settleAccounts } from './kill-account.testing.ts';
import { openScene, ourNumber, type Scene, workedOff } from './scene.testing.ts';
import { below, createRandom } from './seeded-random.testing.ts';

/** How much is done to the server. */
export interface KillPlan {
  readonly carrier: CarrierName;
  readonly folder: string;
  readonly killCount: number;
  /** What is done by chance is the same for the same seed; when a kill meets the server is not. */
  readonly seed: number;
}

const conversationCount = 6;
/** Texts and sends between two kills. */
const textsPerLife = 14;
const sendsPerLife = 5;

/** What the harness itself knows of what it did. */
export interface Attempted {
  /** Of every text that somebody sent, in the order within each conversation: whether the carrier got its 200. */
  readonly texts: Map<string, { readonly from: string; acknowledged: boolean }>;
  /** Ids of the sends that the outbox took. */
  readonly sends: Set<string>;
}

/**
 * Runs `telephony serve` under load, kills it again and again at moments that nobody chose, and accounts for every text.
 */
export async function killAgainAndAgain(plan: KillPlan): Promise<KillAccount> {
  const random = createRandom(plan.seed);
  const scene = await openScene(plan.folder, plan.carrier, {
    receipts: 'shuffled',
    random: createRandom(plan.seed + 1),
  });
  try {
    await (await scene.start()).stop();
    const observer = await scene.observe();
    const attempted: Attempted = { texts: new Map(), sends: new Set() };
    for (let life = 0; life < plan.killCount; life += 1) {
      await liveAndDie(scene, observer, attempted, { life, random });
    }
    const last = await scene.start();
    await workedOff(observer);
    await tellWhatWasMissed(scene);
    await workedOff(observer);
    const account = await settleAccounts(scene, observer, attempted);
    await last.stop();
    await observer.close();
    return account;
  } finally {
    await scene.close();
  }
}

async function liveAndDie(
  scene: Scene,
  observer: Workplace,
  attempted: Attempted,
  { life, random }: { readonly life: number; readonly random: () => number },
): Promise<void> {
  breakSomeAnswers(scene, random);
  // Some die before they listen: while they take over what the one before left behind.
  if (below(random, 8) === 0) await dieEarly(scene, 20 + below(random, 400));
  const server = await scene.start();
  const atWork = [
    ...startConversations(scene, attempted, { life, random }),
    startSends(observer, attempted, life),
  ];
  const seen = readJournal(scene.journal).length;
  await journalReaches(scene, seen + below(random, textsPerLife * 3));
  await new Promise((resolve) => setTimeout(resolve, below(random, 12)));
  await server.kill();
  await Promise.all(atWork);
  await scene.sim.settled();
  scene.sim.faults.clear();
}

/** Answers of the carrier that come late, break off, or never come: nobody knows then whether the message exists. */
function breakSomeAnswers({ sim }: Scene, random: () => number): void {
  sim.faults.add({ on: 'send', kind: 'slow', delayMs: 5 + below(random, 40), times: 4 });
  if (below(random, 3) === 0) sim.faults.add({ on: 'send', kind: 'drop-after-accept' });
  if (below(random, 3) === 0) sim.faults.add({ on: 'send', kind: 'cut-off-reply' });
  if (below(random, 3) === 0) sim.faults.add({ on: 'receipt', kind: 'duplicate', times: 3 });
}

async function dieEarly(scene: Scene, afterMs: number): Promise<void> {
  let killed: Promise<void> | undefined;
  const onSpawn = (kill: () => Promise<void>): void => {
    killed = new Promise((resolve) => setTimeout(resolve, afterMs)).then(kill);
  };
  await scene.start({ onSpawn }).catch((error: unknown) => {
    if (!(error instanceof ChildEndedError)) throw error;
  });
  await killed;
}

/** Each person sends the next text when the carrier is done with the one before. */
function startConversations(
  { sim }: Scene,
  { texts }: Attempted,
  { life, random }: { readonly life: number; readonly random: () => number },
): Promise<void>[] {
  return Array.from({ length: conversationCount }, async (_, person) => {
    const from = `+1555010${String(1000 + person)}`;
    const wishes = Array.from({ length: Math.ceil(textsPerLife / conversationCount) }, () =>
      below(random, 3) === 0 ? `answer ${below(random, 30)}ms` : 'answer',
    );
    for (const [index, wish] of wishes.entries()) {
      const name = `${life}/${person}/${index}`;
      const text = { from, acknowledged: false };
      texts.set(name, text);
      const delivery = await sim.text({ from, to: ourNumber, text: `${name} ${wish}` });
      text.acknowledged = delivery.acknowledged;
    }
  });
}

/** Another process, such as `telephony send`, puts something into the outbox of the server. */
async function startSends(observer: Workplace, { sends }: Attempted, life: number): Promise<void> {
  for (let count = 0; count < sendsPerLife; count += 1) {
    const id = `send-${life}-${count}`;
    await observer.server.send({
      id,
      to: parseE164(`+1555020${String(1000 + count)}`),
      text: `out ${id}`,
      purpose: 'operator',
    });
    sends.add(id);
  }
}

async function journalReaches({ journal }: Scene, lineCount: number): Promise<void> {
  // All of what was sent may be done before so much is written: then the server dies at rest.
  for (let tries = 0; tries < 200 && readJournal(journal).length < lineCount; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Receipts that met a dead server come again: this carrier is told to, real ones have their own pauses. */
async function tellWhatWasMissed({ sim }: Scene): Promise<void> {
  await sim.settled();
  const final = sim.statuses.find((status) => status === 'delivered') ?? '';
  for (const message of sim.messages) await sim.receipt(message.id, final);
  await sim.settled();
}
