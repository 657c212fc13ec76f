import type { CarrierContext } from './context.ts';
import type { LoopbackReply } from './loopback-server.ts';
import type { OutboundRecord } from './message.ts';
import { downloadMedia } from './outbound-media.ts';
import type { Random } from './random-id.ts';

/** A station of a message's way. */
export interface JourneyStep<Status extends string = string> {
  readonly status: Status;
  readonly errorCode?: number;
  /** False for a status that the carrier shows in its API only. */
  readonly told: boolean;
}

/** How messages of one carrier travel. */
export interface JourneyPlan<Status extends string> {
  /** What the carrier calls itself when it downloads media. */
  readonly userAgent: string;
  /** The stations up to the end, once it is known whether all media could be had. */
  readonly steps: (mediaAreThere: boolean) => readonly JourneyStep<Status>[];
  readonly move: (step: JourneyStep<Status>) => void;
  readonly tell: (step: JourneyStep<Status>) => Promise<unknown>;
}

/** Moves a message on. */
export function setStatus(
  { now }: CarrierContext,
  record: OutboundRecord,
  status: string,
  errorCode?: number,
): void {
  const at = new Date(now());
  record.status = status;
  record.errorCode = errorCode;
  record.updatedAt = at;
  record.statusHistory.push({ status, at });
}

/** Takes an accepted message to its end and tells of it, in the order that the simulator was started with. */
export async function travelBy<Status extends string>(
  context: CarrierContext,
  record: OutboundRecord,
  plan: JourneyPlan<Status>,
): Promise<void> {
  const order = context.options.receipts ?? 'in-order';
  if (order === 'manual') return;
  const { inFlight, timing } = context;
  if (!(await inFlight.pause(timing.receiptDelayMs))) return;
  const mediaAreThere = await downloadMedia(context, record, plan.userAgent);
  if (inFlight.stopped) return;
  const steps = plan.steps(mediaAreThere);
  const move = (step: JourneyStep<Status>): void => {
    if (record.status !== step.status) plan.move(step);
  };
  const tell = async (step: JourneyStep<Status>): Promise<void> => {
    if (step.told) await plan.tell(step);
  };
  if (order === 'in-order' || order === 'before-response') {
    await oneByOne(context, steps, async (step) => {
      move(step);
      await tell(step);
    });
    return;
  }
  for (const step of steps) move(step);
  if (order === 'concurrent') {
    await Promise.all(steps.map(tell));
    return;
  }
  const told = order === 'reversed' ? steps.toReversed() : shuffle(steps, context.random);
  await oneByOne(context, told, tell);
}

async function oneByOne<Step>(
  { inFlight, timing }: CarrierContext,
  steps: readonly Step[],
  take: (step: Step) => Promise<void>,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (inFlight.stopped) return;
    if (index > 0 && !(await inFlight.pause(timing.receiptDelayMs))) return;
    await take(step);
  }
}

/** Fisher and Yates. */
function shuffle<T>(items: readonly T[], random: Random): readonly T[] {
  const left = [...items];
  const shuffled: T[] = [];
  while (left.length > 0) {
    shuffled.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return shuffled;
}

/** Lets accepted messages travel once the answer to the sender has left, or before it when that was asked for. */
export async function answerThenTravel(
  { options, inFlight }: CarrierContext,
  reply: LoopbackReply,
  travel: () => Promise<void>,
): Promise<LoopbackReply> {
  if (options.receipts === 'before-response') {
    await inFlight.track(travel());
    return reply;
  }
  let leave: (() => void) | undefined;
  // Counted from now on, so that settled() also covers the time until the answer has left.
  const travelled = new Promise<void>((resolve, reject) => {
    leave = () => {
      travel().then(resolve, reject);
    };
  });
  inFlight.background(travelled);
  return { ...reply, afterwards: () => leave?.() };
}
