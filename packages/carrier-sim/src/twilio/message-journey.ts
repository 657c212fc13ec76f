import type { DeliveryOutcome } from '../carrier/message.ts';
import { type JourneyStep, travelBy } from '../carrier/message-journey.ts';
import type { SimContext } from './context.ts';
import { outcomeFor } from './destinations.ts';
import type { OutboundRecord, TwilioMessageStatus } from './message.ts';
import { deliverReceipt, moveTo } from './receipt.ts';

/** Takes an accepted message to its end and tells of it. */
export function travel(context: SimContext, record: OutboundRecord): Promise<void> {
  return travelBy<TwilioMessageStatus>(context, record, {
    userAgent: 'TwilioProxy/1.1',
    steps: (mediaAreThere) =>
      stepsTo(
        mediaAreThere
          ? (context.options.outcome?.(record) ?? outcomeFor(record.to))
          : { status: 'failed', errorCode: 63_019 },
      ),
    move: ({ status, errorCode }) => moveTo(context, record, status, errorCode),
    tell: ({ status, errorCode }) => deliverReceipt(context, record, status, errorCode),
  });
}

type Step = JourneyStep<TwilioMessageStatus>;

/** Twilio tells of `sending` in the resource only. */
function stepsTo({ status, errorCode }: DeliveryOutcome<TwilioMessageStatus>): readonly Step[] {
  const queued: Step = { status: 'queued', told: true };
  const last: Step = { status, told: true, ...(errorCode === undefined ? {} : { errorCode }) };
  if (status === 'failed') return [queued, last];
  const sending: Step = { status: 'sending', told: false };
  if (status === 'sent') return [queued, sending, last];
  return [queued, sending, { status: 'sent', told: true }, last];
}
