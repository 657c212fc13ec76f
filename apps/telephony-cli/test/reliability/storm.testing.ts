import type { CarrierSim, WebhookMessage } from '@openclaw/carrier-sim';
import type { Workplace } from '../../src/workplace.ts';
import { type Connections, createConnections, requestBytes } from './connections.testing.ts';
import { grouped } from './grouped.testing.ts';
import { readJournal } from './journal.testing.ts';
import {
  depths,
  openScene,
  ourNumber,
  publicOrigin,
  webhookUrl,
  workedOff,
} from './scene.testing.ts';
import { createRandom, shuffled } from './seeded-random.testing.ts';

/** How much weather. */
export interface StormPlan {
  readonly folder: string;
  readonly webhookCount: number;
  readonly seed: number;
}

/** What came of it. */
export interface StormAccount {
  readonly posted: {
    readonly forged: number;
    readonly texts: number;
    /** Three for each message. */
    readonly receipts: number;
    /** Of texts and receipts. */
    readonly duplicates: number;
  };
  /** How often genuine webhooks were answered with what; asked to come again, they came again. */
  readonly genuineAnswers: { readonly [status: string]: number };
  readonly forgedAnswers: { readonly [status: string]: number };
  readonly handled: number;
  readonly handledTwice: readonly string[];
  readonly notHandled: readonly string[];
  readonly delivered: number;
  readonly left: { readonly waiting: number; readonly running: number; readonly dead: number };
  /** After a collection: with a tenth of the webhooks behind it, and at the end. */
  readonly heapBytes: { readonly early: number; readonly late: number };
}

const connectionCount = 64;
const forgedShare = 0.05;
const textShare = 0.6;
const statuses = ['queued', 'sent', 'delivered'] as const;

type Drop =
  | { readonly kind: 'text'; readonly number: number; readonly forged: boolean }
  | { readonly kind: 'receipt'; readonly number: number; readonly status: string };

/** Half of all genuine webhooks are the other half again, 5 % are forged, and nothing is in order. */
function brew({ webhookCount, seed }: StormPlan): {
  readonly drops: readonly Drop[];
  readonly textCount: number;
  readonly messageCount: number;
  readonly forgedCount: number;
} {
  const forgedCount = Math.round(webhookCount * forgedShare);
  const uniqueCount = Math.floor((webhookCount - forgedCount) / 2);
  const messageCount = Math.floor((uniqueCount * (1 - textShare)) / statuses.length);
  const textCount = uniqueCount - messageCount * statuses.length;
  const texts = numbers(textCount).map((number) => ({
    kind: 'text' as const,
    number,
    forged: false,
  }));
  const receipts = numbers(messageCount).flatMap((number) =>
    statuses.map((status) => ({ kind: 'receipt' as const, number, status })),
  );
  const forged = numbers(forgedCount).map((number) => ({
    kind: 'text' as const,
    number: textCount + number,
    forged: true,
  }));
  const genuine = [...texts, ...receipts];
  const drops = shuffled(createRandom(seed), [...genuine, ...genuine, ...forged]);
  return { drops, textCount, messageCount, forgedCount };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const sidOf = (number: number): string => `SM${number.toString(16).padStart(32, '0')}`;
const nameOf = (number: number): string => `text-${number}`;

/** Texts are handled and not answered: the way in is what is tested. */
function webhookOf(sim: CarrierSim, drop: Drop): WebhookMessage {
  if (drop.kind === 'receipt') {
    const messageSid = sidOf(1_000_000_000 + drop.number);
    return sim.sign(`${publicOrigin}/telephony/status`, {
      AccountSid: accountSid,
      MessageSid: messageSid,
      MessageStatus: drop.status,
      From: ourNumber,
      To: '+15550100999',
    });
  }
  const request = sim.sign(webhookUrl, {
    AccountSid: accountSid,
    MessageSid: sidOf(drop.number),
    From: `+1555${String(2_000_000 + (drop.number % 997))}`,
    To: ourNumber,
    Body: nameOf(drop.number),
    NumMedia: '0',
    NumSegments: '1',
  });
  return drop.forged ? sim.forge({ request }) : request;
}
const accountSid = `AC${'0'.repeat(31)}1`;

/** Posts all of it to a `telephony serve`, and counts. */
export async function weatherStorm(plan: StormPlan): Promise<StormAccount> {
  const { drops, textCount, messageCount, forgedCount } = brew(plan);
  const scene = await openScene(plan.folder, 'twilio');
  try {
    const server = await scene.start({
      nodeFlags: ['--expose-gc'],
      preload: [new URL('preload-gauge.testing.ts', import.meta.url)],
    });
    const connections = createConnections(scene.origin, connectionCount);
    const answers = { genuine: new Map<number, number>(), forged: new Map<number, number>() };
    const post = async (drop: Drop): Promise<void> => {
      const { headers, ...message } = webhookOf(scene.sim, drop);
      const kept = headers.filter(([name]) => name !== 'Connection');
      const bytes = requestBytes(scene.origin, { ...message, headers: kept });
      const isForged = drop.kind === 'text' && drop.forged;
      await postUntilTaken(connections, bytes, isForged ? answers.forged : answers.genuine);
    };
    const tenth = Math.floor(drops.length / 10);
    await inTurns(drops.slice(0, tenth), post);
    const early = await server.measure('heap');
    await inTurns(drops.slice(tenth), post);
    connections.close();

    const observer = await scene.observe();
    await workedOff(observer);
    const late = await server.measure('heap');
    const account = {
      posted: {
        forged: forgedCount,
        texts: textCount,
        receipts: messageCount * statuses.length,
        duplicates: textCount + messageCount * statuses.length,
      },
      genuineAnswers: Object.fromEntries(answers.genuine),
      forgedAnswers: Object.fromEntries(answers.forged),
      ...countHandled(scene.journal, textCount),
      delivered: await countDelivered(observer, messageCount),
      left: await depths(observer),
      heapBytes: { early, late },
    };
    await observer.close();
    await server.stop();
    return account;
  } finally {
    await scene.close();
  }
}

/** As many at once as there are connections. */
async function inTurns(drops: readonly Drop[], post: (drop: Drop) => Promise<void>): Promise<void> {
  const left = drops.values();
  const work = async (): Promise<void> => {
    for (const drop of left) await post(drop);
  };
  await Promise.all(Array.from({ length: connectionCount }, work));
}

/** What is asked to come again comes again, as a carrier's would. */
async function postUntilTaken(
  connections: Connections,
  bytes: Uint8Array,
  answers: Map<number, number>,
): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { status } = await connections.send(bytes);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    if (status !== 429 && status !== 503) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function countHandled(
  journal: string,
  textCount: number,
): Pick<StormAccount, 'handled' | 'handledTwice' | 'notHandled'> {
  const ended = readJournal(journal).filter(({ what }) => what === 'end');
  const times = grouped(ended, ({ name }) => name);
  const wanted = Array.from({ length: textCount }, (_, number) => nameOf(number));
  return {
    handled: ended.length,
    handledTwice: [...times].filter(([, lines]) => lines.length > 1).map(([name]) => name),
    notHandled: wanted.filter((name) => !times.has(name)),
  };
}

async function countDelivered({ server }: Workplace, messageCount: number): Promise<number> {
  let delivered = 0;
  for (let number = 0; number < messageCount; number += 1) {
    const delivery = await server.delivery(sidOf(1_000_000_000 + number));
    if (delivery?.status === 'delivered' && !delivery.contradicted) delivered += 1;
  }
  return delivered;
}
