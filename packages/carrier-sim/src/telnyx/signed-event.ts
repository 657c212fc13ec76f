import { signTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
import type { Dispatch, DispatchOptions, WebhookDraft } from '../carrier/faulty-delivery.ts';
import type { JsonObject } from '../carrier/json-object.ts';
import { randomUuid } from '../carrier/random-id.ts';
import { deliverWithRetries, type RetryPlan } from '../carrier/retrying-delivery.ts';
import type { WebhookMessage } from '../carrier/webhook-request.ts';
import type { TelnyxContext } from './context.ts';

/** Something that Telnyx tells of, the same in every try. */
export interface TelnyxEvent {
  readonly id: string;
  readonly event_type: string;
  readonly occurred_at: string;
  readonly record_type: 'event';
  readonly payload: JsonObject;
}

/** Makes an event that happens now. */
export function createEvent(
  { now, random }: TelnyxContext,
  type: string,
  payload: JsonObject,
): TelnyxEvent {
  return {
    event_type: type,
    id: randomUuid(random),
    occurred_at: new Date(now()).toISOString(),
    payload,
    record_type: 'event',
  };
}

/** A webhook with any JSON document in it, signed now. */
export function signedWebhook(
  context: TelnyxContext,
  url: string,
  document: unknown,
): WebhookMessage {
  return signedBody(context, url, Buffer.from(JSON.stringify(document)), context.key.privateKey);
}

function signedBody(
  { now }: TelnyxContext,
  url: string,
  body: Uint8Array,
  privateKey: string,
): WebhookMessage {
  const signed = signTelnyxWebhook({ body }, { privateKey, now });
  return {
    method: 'POST',
    url: url.replace(/#.*$/u, ''),
    headers: [
      ['User-Agent', 'telnyx-webhooks'],
      ['Content-Type', 'application/json'],
      ['telnyx-signature-ed25519', signed['telnyx-signature-ed25519']],
      ['telnyx-timestamp', signed['telnyx-timestamp']],
      ['Connection', 'close'],
    ],
    body,
  };
}

/** Three tries at each URL, with pauses that double. */
const pausesMs: readonly number[] = [1_000, 2_000];

/**
 * An event on its way: each try says how many there were, and is signed anew.
 *
 * @param urls the webhook, and the failover URL
 * @param how what is different from the webhooks of messages
 */
export function draftEvent(
  context: TelnyxContext,
  event: TelnyxEvent,
  urls: readonly [string, ...string[]],
  how: Pick<RetryPlan, 'timeouts' | 'again'> = {},
): WebhookDraft {
  const written = new Map<number, WebhookMessage>();
  const compose = (attempt: number, url: string): WebhookMessage => {
    const found = written.get(attempt);
    // A duplicate has the same bytes.
    if (found?.url === url) return found;
    const meta = { attempt, delivered_to: url };
    const message = signedWebhook(context, url, { data: event, meta });
    written.set(attempt, message);
    return message;
  };
  return {
    first: compose(1, urls[0]),
    forge: ({ url, body }) => signedBody(context, url, body, context.foreignKey.privateKey),
    send: (options: DispatchOptions): Promise<Dispatch> =>
      deliverWithRetries(context, { urls, compose, pausesMs, ...how }, options),
  };
}
