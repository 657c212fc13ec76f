import type { WebhookMessage } from './webhook-request.ts';
import type { SimCall } from './call.ts';
import type { CarrierSim } from './carrier-sim.ts';
import type { InboundDelivery } from './inbound-text.ts';
import type { SimMessage } from './message.ts';

/** A webhook as JSON: the body as text, which a form always is. */
function webhookJson({ method, url, headers, body }: WebhookMessage): unknown {
  return { method, url, headers, body: Buffer.from(body).toString('utf8') };
}

/** A message as JSON. */
export function messageJson(message: SimMessage): unknown {
  return {
    ...message,
    ...('parameters' in message && message.parameters instanceof URLSearchParams
      ? { parameters: Object.fromEntries(message.parameters) }
      : {}),
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

/** A call as JSON. */
export function callJson(call: SimCall): unknown {
  return {
    ...call,
    webhooks: call.webhooks.map((webhook) => ({
      ...webhook,
      request: webhookJson(webhook.request),
    })),
  };
}

/** What became of an inbound text, as JSON. */
export function deliveryJson(delivery: InboundDelivery): unknown {
  const { request, autoReply } = delivery;
  return {
    ...delivery,
    replies: delivery.replies.map(messageJson),
    ...(request === undefined ? {} : { request: webhookJson(request) }),
    ...(autoReply === undefined ? {} : { autoReply }),
  };
}

/** Everything else that a simulator knows, as JSON. */
export function stateJson(sim: CarrierSim): Readonly<Record<string, unknown>> {
  const { carrier, url, numbers, optOuts, autoReplies, cdnRequests, faults, magicNumbers } = sim;
  return {
    carrier,
    url,
    numbers,
    optOuts,
    autoReplies,
    cdnRequests,
    magicNumbers,
    faults: faults.pending,
    messageCount: sim.messages.length,
    callCount: sim.calls.length,
  };
}
