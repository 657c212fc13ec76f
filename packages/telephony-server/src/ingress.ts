import {
  TelephonyError,
  type TelephonyEvent,
  type VerifiedWebhook,
  type WebhookReceiver,
  type WebhookReply,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import type { WorkQueue } from '@openclaw/telephony-store';
import { type Arrival, laneOf, type SignalItem, type TextItem, toInboxItem } from './inbox-item.ts';
import { type Logger, reasonOf } from './logger.ts';

/** Takes a webhook in: verified, parsed, durable, and only then acknowledged. */
export type Ingress = (request: WebhookRequest, sendRef?: string) => Promise<WebhookReply>;

/** What {@link createIngress} takes. */
export interface IngressOptions {
  readonly webhooks: WebhookReceiver;
  readonly texts: WorkQueue<TextItem>;
  readonly signals: WorkQueue<SignalItem>;
  readonly logger: Logger;
}

/** Makes the way in. What it answers is meant for the carrier: 401 is final, 503 asks to come again. */
export function createIngress({ webhooks, texts, signals, logger }: IngressOptions): Ingress {
  return async (request, sendRef) => {
    const verified = verify(webhooks, request);
    if (verified instanceof Error) {
      const reason = TelephonyError.isInstance(verified) ? verified.reason : undefined;
      logger.warn({ reason: reason ?? reasonOf(verified) }, 'webhook refused');
      return refusal(401, reason ?? 'webhook refused');
    }
    try {
      const { bodyAuthenticated } = verified;
      for (const event of webhooks.parse(verified)) {
        await admit(event, { sendRef, bodyAuthenticated });
      }
    } catch (error) {
      logger.error(
        { reason: reasonOf(error) },
        'webhook not stored; the carrier is asked to retry',
      );
      return refusal(503, 'try again later');
    }
    return webhooks.acknowledgement;
  };

  async function admit(event: TelephonyEvent, arrival: Arrival): Promise<void> {
    const item = toInboxItem(event, arrival);
    const id = event.dedupeKey;
    if (item === undefined) return logger.info({ inboxId: id, type: event.type }, 'nothing to do');
    const lane = laneOf(item);
    const added =
      item.kind === 'text'
        ? await texts.add({ id, lane, payload: item })
        : await signals.add({ id, lane, payload: item });
    if (added === 'duplicate') logger.info({ inboxId: id }, 'seen before');
  }
}

function verify(webhooks: WebhookReceiver, request: WebhookRequest): VerifiedWebhook | Error {
  try {
    return webhooks.verify(request);
  } catch (error) {
    return error instanceof Error ? error : new Error(reasonOf(error));
  }
}

/** A refusal in plain text. */
export function refusal(status: number, body: string): WebhookReply {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${body}\n` };
}
