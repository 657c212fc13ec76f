import type { CarrierContext } from './context.ts';
import { deliverWithFault, type WebhookDraft } from './faulty-delivery.ts';
import type { OutboundRecord, ReceiptDelivery } from './message.ts';
import { endsAcknowledged } from './webhook-request.ts';

/** Posts the status callback of a message, and notes what came of it. */
export async function dispatchReceipt<Status extends string>(
  context: CarrierContext,
  record: OutboundRecord,
  status: Status,
  draft: WebhookDraft,
): Promise<ReceiptDelivery<Status>> {
  const { to, from = '', body: text } = record;
  const fault = context.faults.strike('receipt', { to, from, text, status });
  const { request, attempts } = await deliverWithFault(context, fault, draft);
  const receipt = { status, request, attempts, acknowledged: endsAcknowledged(attempts) };
  record.receipts.push(receipt);
  return receipt;
}
