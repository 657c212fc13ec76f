import { setStatus } from '../carrier/message-journey.ts';
import type { ReceiptDelivery } from '../carrier/message.ts';
import { dispatchReceipt } from '../carrier/receipt.ts';
import type { SimContext } from './context.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import type { OutboundRecord, TwilioMessageStatus } from './message.ts';
import { signedWebhook, withForeignSignature } from './signed-webhook.ts';

/** Moves a message on. Its Messaging Service has chosen a number by now. */
export function moveTo(
  context: SimContext,
  record: OutboundRecord,
  status: TwilioMessageStatus,
  errorCode?: number,
): void {
  record.from ??= context.numbers.senderOf(record.messagingServiceSid ?? '')?.number;
  setStatus(context, record, status, errorCode);
}

/** Posts a status callback, when the message asked for them. */
export async function deliverReceipt(
  context: SimContext,
  record: OutboundRecord,
  status: TwilioMessageStatus,
  errorCode?: number,
): Promise<ReceiptDelivery<TwilioMessageStatus> | undefined> {
  const url = record.statusCallback;
  if (url === undefined) return undefined;
  const parameters = receiptParameters(context, record, status, errorCode);
  const first = signedWebhook(context, url, 'POST', parameters);
  return dispatchReceipt(context, record, status, {
    first,
    forge: withForeignSignature,
    send: (options) =>
      deliverWebhook(context, { message: first, configuredUrl: url, sid: record.sid, ...options }),
  });
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
