import type { DeliveryOutcome, ReceiptDelivery } from '../carrier/message.ts';
import { type JourneyStep, setStatus, travelBy } from '../carrier/message-journey.ts';
import { dispatchReceipt } from '../carrier/receipt.ts';
import type { TelnyxContext } from './context.ts';
import { outcomeFor } from './destinations.ts';
import type { OutboundRecord, TelnyxMessageStatus } from './message.ts';
import { outboundPayload } from './message-resource.ts';
import { createEvent, draftEvent } from './signed-event.ts';

/** Takes an accepted message to its end and tells of it. */
export function travel(context: TelnyxContext, record: OutboundRecord): Promise<void> {
  return travelBy<TelnyxMessageStatus>(context, record, {
    userAgent: 'telnyx-media',
    steps: (mediaAreThere) =>
      stepsTo(
        mediaAreThere
          ? (context.options.outcome?.(record) ?? outcomeFor(record.to))
          : { status: 'sending_failed', errorCode: 40_317 },
      ),
    move: ({ status, errorCode }) => setStatus(context, record, status, errorCode),
    tell: ({ status, errorCode }) => deliverReceipt(context, record, status, errorCode),
  });
}

type Step = JourneyStep<TelnyxMessageStatus>;

/** Telnyx tells that a message was sent, and how it ended. */
function stepsTo({ status, errorCode }: DeliveryOutcome<TelnyxMessageStatus>): readonly Step[] {
  const last: Step = { status, told: true, ...(errorCode === undefined ? {} : { errorCode }) };
  const sending: Step = { status: 'sending', told: false };
  if (status === 'sent' || status === 'sending_failed') return [sending, last];
  return [sending, { status: 'sent', told: true }, last];
}

/** Posts `message.sent` or `message.finalized`, when the message has a webhook. */
export async function deliverReceipt(
  context: TelnyxContext,
  record: OutboundRecord,
  status: TelnyxMessageStatus,
  errorCode?: number,
): Promise<ReceiptDelivery<TelnyxMessageStatus> | undefined> {
  const url = record.statusCallback;
  if (url === undefined) return undefined;
  const isFinal = !['queued', 'sending', 'sent'].includes(status);
  const type = isFinal ? 'message.finalized' : 'message.sent';
  const payload = outboundPayload(context, record, { status, errorCode });
  const failover = record.failoverUrl === undefined ? [] : [record.failoverUrl];
  const draft = draftEvent(context, createEvent(context, type, payload), [url, ...failover]);
  return dispatchReceipt(context, record, status, draft);
}
