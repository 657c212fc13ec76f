import type { SimContext } from './context.ts';
import { endsAcknowledged } from './deliver-webhook.ts';
import { deliverWithFault } from './faulty-delivery.ts';
import type { OutboundRecord, ReceiptDelivery, TwilioMessageStatus } from './message.ts';
import { signedWebhook } from './signed-webhook.ts';

/** Moves a message on. Its Messaging Service has chosen a number by now. */
export function setStatus(
  { now, numbers }: SimContext,
  record: OutboundRecord,
  status: TwilioMessageStatus,
  errorCode?: number,
): void {
  const at = new Date(now());
  record.from ??= numbers.senderOf(record.messagingServiceSid ?? '')?.number;
  record.status = status;
  record.errorCode = errorCode;
  record.updatedAt = at;
  record.statusHistory.push({ status, at });
}

/** Posts a status callback, when the message asked for them. */
export async function deliverReceipt(
  context: SimContext,
  record: OutboundRecord,
  status: TwilioMessageStatus,
  errorCode?: number,
): Promise<ReceiptDelivery | undefined> {
  const url = record.statusCallback;
  if (url === undefined) return undefined;
  const { sid, to, from = '' } = record;
  const message = signedWebhook(
    context,
    url,
    'POST',
    receiptParameters(context, record, status, errorCode),
  );
  const fault = context.faults.strike('receipt', { to, from, text: record.body, status });
  const { request, attempts } = await deliverWithFault(context, fault, {
    message,
    configuredUrl: url,
    sid,
  });
  const receipt = { status, request, attempts, acknowledged: endsAcknowledged(attempts) };
  record.receipts.push(receipt);
  return receipt;
}

function receiptParameters(
  { options, now }: SimContext,
  record: OutboundRecord,
  status: TwilioMessageStatus,
  errorCode: number | undefined,
): URLSearchParams {
  const parameters = new URLSearchParams();
  if (errorCode !== undefined) parameters.set('ErrorCode', String(errorCode));
  if (status === 'delivered' || status === 'undelivered') {
    parameters.set('RawDlrDoneDate', doneDate(new Date(now())));
  }
  parameters.set('SmsSid', record.sid);
  parameters.set('SmsStatus', status);
  parameters.set('MessageStatus', status);
  parameters.set('To', record.to);
  if (record.messagingServiceSid !== undefined) {
    parameters.set('MessagingServiceSid', record.messagingServiceSid);
  }
  parameters.set('MessageSid', record.sid);
  parameters.set('AccountSid', options.accountSid);
  if (record.from !== undefined) parameters.set('From', record.from);
  parameters.set('ApiVersion', '2010-04-01');
  return parameters;
}

/** YYMMDDhhmm, as in the receipts of the networks (SMPP 3.4 appendix B). */
function doneDate(date: Date): string {
  return date.toISOString().slice(2, 16).replaceAll(/[-T:]/gu, '');
}
