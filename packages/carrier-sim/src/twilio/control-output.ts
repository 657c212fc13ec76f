import type { WebhookAttempt, WebhookMessage } from '../carrier/webhook-request.ts';
import type { InboundDelivery } from './inbound.ts';
import type { SimMessage } from './message.ts';
import type { TwilioSim } from './twilio-sim.ts';

/** A webhook as JSON: the body as text, which a form always is. */
function webhookJson({ method, url, headers, body }: WebhookMessage): unknown {
  return { method, url, headers, body: Buffer.from(body).toString('utf8') };
}

/** A message as JSON. */
export function messageJson(message: SimMessage): unknown {
  return {
    ...message,
    parameters: Object.fromEntries(message.parameters),
    receipts: message.receipts.map((receipt) => ({
      ...receipt,
      request: webhookJson(receipt.request),
    })),
    mediaDownloads: message.mediaDownloads.map(({ bytes, ...download }) => ({
      ...download,
      ...(bytes === undefined ? {} : { sizeBytes: bytes.byteLength }),
    })),
  };
}

/** What became of an inbound text, as JSON. */
export function deliveryJson(delivery: InboundDelivery): unknown {
  const { sid, request, acknowledged, autoReply } = delivery;
  const attempts: readonly WebhookAttempt[] = delivery.attempts;
  return {
    sid,
    attempts,
    acknowledged,
    replies: delivery.replies.map(messageJson),
    ...(request === undefined ? {} : { request: webhookJson(request) }),
    ...(autoReply === undefined ? {} : { autoReply }),
  };
}

/** Everything else that a simulator knows, as JSON. */
export function stateJson(sim: TwilioSim): unknown {
  const { url, numbers, optOuts, alerts, autoReplies, cdnRequests, faults } = sim;
  return {
    url,
    numbers,
    optOuts,
    alerts,
    autoReplies,
    cdnRequests,
    faults: faults.pending,
    messageCount: sim.messages.length,
  };
}
