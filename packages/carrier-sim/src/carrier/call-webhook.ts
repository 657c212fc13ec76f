import type { CallRecord, CallWebhook } from './call.ts';
import type { CarrierContext } from './context.ts';
import { deliverWithFault, type WebhookDraft } from './faulty-delivery.ts';
import { endsAcknowledged } from './webhook-request.ts';

/** Posts a webhook of a call, and notes what came of it. */
export async function dispatchCallWebhook(
  context: CarrierContext,
  call: CallRecord,
  event: string,
  draft: WebhookDraft,
): Promise<CallWebhook> {
  const { to, from } = call;
  const fault = context.faults.strike('call-webhook', { to, from, status: event });
  const { request, attempts } = await deliverWithFault(context, fault, draft);
  const webhook = { event, request, attempts, acknowledged: endsAcknowledged(attempts) };
  call.webhooks.push(webhook);
  return webhook;
}
