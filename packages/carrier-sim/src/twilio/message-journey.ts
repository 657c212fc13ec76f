import type { Random } from '../carrier/random-id.ts';
import type { SimContext } from './context.ts';
import { outcomeFor } from './destinations.ts';
import type { DeliveryOutcome, OutboundRecord, TwilioMessageStatus } from './message.ts';
import { downloadMedia } from './outbound-media.ts';
import { deliverReceipt, setStatus } from './receipt.ts';

interface Step {
  readonly status: TwilioMessageStatus;
  readonly errorCode?: number;
  /** Twilio tells of `sending` in the resource only. */
  readonly told: boolean;
}

/** Takes an accepted message to its end and tells of it, in the order that the simulator was started with. */
export async function travel(context: SimContext, record: OutboundRecord): Promise<void> {
  const order = context.options.receipts ?? 'in-order';
  if (order === 'manual') return;
  const { inFlight, timing } = context;
  if (!(await inFlight.pause(timing.receiptDelayMs))) return;
  const reachable = await downloadMedia(context, record);
  if (inFlight.stopped) return;
  const outcome: DeliveryOutcome = reachable
    ? (context.options.outcome?.(record) ?? outcomeFor(record.to))
    : { status: 'failed', errorCode: 63_019 };
  const steps = stepsTo(outcome);
  if (order === 'in-order' || order === 'before-response') {
    await oneByOne(context, steps, async (step) => {
      moveTo(context, record, step);
      await tell(context, record, step);
    });
    return;
  }
  for (const step of steps) moveTo(context, record, step);
  if (order === 'concurrent') {
    await Promise.all(steps.map((step) => tell(context, record, step)));
    return;
  }
  const told = order === 'reversed' ? steps.toReversed() : shuffle(steps, context.random);
  await oneByOne(context, told, (step) => tell(context, record, step));
}

async function oneByOne(
  { inFlight, timing }: SimContext,
  steps: readonly Step[],
  take: (step: Step) => Promise<void>,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (inFlight.stopped) return;
    if (index > 0 && !(await inFlight.pause(timing.receiptDelayMs))) return;
    await take(step);
  }
}

function stepsTo({ status, errorCode }: DeliveryOutcome): readonly Step[] {
  const queued: Step = { status: 'queued', told: true };
  const last: Step = { status, told: true, ...(errorCode === undefined ? {} : { errorCode }) };
  if (status === 'failed') return [queued, last];
  const sending: Step = { status: 'sending', told: false };
  if (status === 'sent') return [queued, sending, last];
  return [queued, sending, { status: 'sent', told: true }, last];
}

function moveTo(context: SimContext, record: OutboundRecord, step: Step): void {
  if (record.status !== step.status) setStatus(context, record, step.status, step.errorCode);
}

async function tell(context: SimContext, record: OutboundRecord, step: Step): Promise<void> {
  if (step.told) await deliverReceipt(context, record, step.status, step.errorCode);
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
