import type { DeliveryOutcome, ReceiptDelivery } from '../carrier/message.ts';
import { type JourneyStep, setStatus, travelBy } from '../carrier/message-journey.ts';
import { dispatchReceipt } from '../carrier/receipt.ts';
import { toPlivoAddress } from './addresses.ts';
import type { PlivoContext } from './context.ts';
import { outcomeFor } from './destinations.ts';
import type { OutboundRecord, PlivoMessageStatus } from './message.ts';
import { rateOf } from './message-resource.ts';
import { draftWebhook } from './signed-webhook.ts';
import { plivoTime } from './times.ts';

/** Takes an accepted message to its end and tells of it. */
export function travel(context: PlivoContext, record: OutboundRecord): Promise<void> {
  return travelBy<PlivoMessageStatus>(context, record, {
    userAgent: 'Plivo',
    steps: (mediaAreThere) => stepsTo(outcomeOf(context, record, mediaAreThere)),
    move: ({ status, errorCode }) => setStatus(context, record, status, errorCode),
    tell: ({ status, errorCode }) => deliverReceipt(context, record, status, errorCode),
  });
}

function outcomeOf(
  { options }: PlivoContext,
  record: OutboundRecord,
  mediaAreThere: boolean,
): DeliveryOutcome<PlivoMessageStatus> {
  if (record.refusal !== undefined) return { status: 'failed', errorCode: record.refusal };
  if (!mediaAreThere) return { status: 'failed', errorCode: 10 };
  return options.outcome?.(record) ?? outcomeFor(record.to);
}

type Step = JourneyStep<PlivoMessageStatus>;

function stepsTo({ status, errorCode }: DeliveryOutcome<PlivoMessageStatus>): readonly Step[] {
  const queued: Step = { status: 'queued', told: true };
  const last: Step = { status, told: true, ...(errorCode === undefined ? {} : { errorCode }) };
  if (status === 'failed' || status === 'rejected' || status === 'sent') return [queued, last];
  return [queued, { status: 'sent', told: true }, last];
}

/** Posts a status callback, when the message asked for them. */
export async function deliverReceipt(
  context: PlivoContext,
  record: OutboundRecord,
  status: PlivoMessageStatus,
  errorCode?: number,
): Promise<ReceiptDelivery<PlivoMessageStatus> | undefined> {
  const url = record.statusCallback;
  if (url === undefined) return undefined;
  const isMain = record.authId === context.options.authId;
  const draft = draftWebhook(context, {
    url,
    method: record.statusMethod,
    parameters: receiptParameters(record, status, errorCode),
    subaccount: isMain ? undefined : record.authId,
  });
  return dispatchReceipt(context, record, status, draft);
}

function receiptParameters(
  record: OutboundRecord,
  status: PlivoMessageStatus,
  errorCode: number | undefined,
): URLSearchParams {
  const time = (wanted: PlivoMessageStatus): string | undefined => {
    const found = record.statusHistory.find((entry) => entry.status === wanted);
    return found === undefined ? undefined : plivoTime(found.at);
  };
  const sequence = ['queued', 'sent'].indexOf(status);
  const fields: Readonly<Record<string, string | undefined>> = {
    DeliveryReportTime: sequence < 0 ? plivoTime(record.updatedAt) : undefined,
    ErrorCode: errorCode === undefined ? undefined : String(errorCode),
    From: toPlivoAddress(record.from ?? ''),
    MCC: '310',
    MNC: '004',
    MessageTime: plivoTime(record.acceptedAt),
    MessageUUID: record.id,
    ParentMessageUUID: record.id,
    PartInfo: '1 of 1',
    PowerpackUUID: record.powerpackUuid,
    QueuedTime: plivoTime(record.acceptedAt),
    SentTime: time('sent'),
    Sequence: String(sequence < 0 ? 3 : sequence + 1),
    Status: status,
    To: toPlivoAddress(record.to),
    TotalAmount: rateOf(record.numSegments),
    TotalRate: rateOf(1),
    Units: String(record.numSegments),
    requester_ip: '127.0.0.1',
  };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) parameters.set(name, value);
  }
  return parameters;
}
