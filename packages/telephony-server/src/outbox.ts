import {
  type E164,
  type MessagingProvider,
  redactAddress,
  type Sender,
  type ShortCode,
  TelephonyError,
} from '@openclaw/telephony-core';
import type { WorkQueue } from '@openclaw/telephony-store';
import { composeText, type ComposedMessage, costOf, type SmsOptions } from './compose.ts';
import type { ConsentLedger } from './consent.ts';
import { type OutboxItem, senderKey } from './outbox-item.ts';
import type { RecipientPolicy, SendPurpose } from './recipients.ts';
import { assertSendId } from './send-id.ts';
import type { SendLedger } from './send-progress.ts';
import type { SpendLedger } from './spend.ts';

/** Something to be sent to one person. */
export interface SendRequest {
  /** Sending the same id again sends nothing. */
  readonly id: string;
  readonly to: E164 | ShortCode;
  readonly text?: string;
  readonly media?: readonly URL[];
  readonly purpose: SendPurpose;
}

/** The outbox has it: it will be sent, even if the process dies now. */
export interface QueuedSend {
  readonly id: string;
  readonly messageCount: number;
  readonly segmentCount: number;
  /** True when this id was sent before; nothing was added. */
  readonly duplicate: boolean;
}

/** Takes sends in, after every check that can be made before they cost something. */
export interface Outbox {
  /**
   * Durable when it resolves.
   *
   * @throws {TelephonyError} `permission_denied`, `recipient_opted_out`, `limit_reached`, `unsupported` or
   * `invalid_request`, always `not-performed`
   */
  send(request: SendRequest): Promise<QueuedSend>;
}

/** What {@link createOutbox} takes. */
export interface OutboxOptions {
  readonly messaging: MessagingProvider;
  readonly sender: Sender;
  readonly queue: WorkQueue<OutboxItem>;
  readonly recipients: RecipientPolicy;
  readonly consent: ConsentLedger;
  readonly spend: SpendLedger;
  readonly sends: SendLedger;
  readonly sms?: SmsOptions;
}

/** Makes the outbox of one sender. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { messaging, sender, queue, recipients, consent, spend, sends } = options;
  return {
    async send({ id, to, text = '', media = [], purpose }) {
      assertSendId(id);
      const sent = await sends.get(id);
      if (sent !== undefined) return { ...sent.cost, id, duplicate: true };
      await recipients.check(to, purpose);
      if (await consent.blocks(to, id)) throw optedOut(to);
      const messages = compose(text, media, messaging, options.sms);
      const cost = costOf(messages);
      await spend.reserve(id, cost);
      const added = await queue.add({
        id,
        lane: `${senderKey(sender)} ${to}`,
        payload: { to, from: sender, purpose, messages, media: media.map((url) => url.href) },
      });
      return { ...cost, id, duplicate: added === 'duplicate' };
    },
  };
}

export function optedOut(to: string): TelephonyError {
  return new TelephonyError(
    'recipient_opted_out',
    `${redactAddress(to)} asked not to be texted; only their own START lifts it`,
    { outcome: 'not-performed' },
  );
}

function compose(
  text: string,
  media: readonly URL[],
  { capabilities }: MessagingProvider,
  sms?: SmsOptions,
): readonly ComposedMessage[] {
  if (media.length > 0) checkMediaCount(media.length, capabilities.outboundMedia);
  const messages = composeText(text, capabilities, sms);
  if (messages.length > 0) return messages;
  if (media.length > 0) return [{ text: '', segmentCount: 1 }];
  throw new TelephonyError('invalid_request', 'there is nothing to send: no text and no media', {
    outcome: 'not-performed',
  });
}

function checkMediaCount(
  count: number,
  limits: MessagingProvider['capabilities']['outboundMedia'],
): void {
  if (limits === false) {
    throw new TelephonyError('unsupported', 'this carrier cannot send pictures and files', {
      outcome: 'not-performed',
    });
  }
  if (count > limits.maxCount) {
    throw new TelephonyError(
      'invalid_request',
      `${count} media are too many for one message: this carrier takes ${limits.maxCount}`,
      { outcome: 'not-performed' },
    );
  }
}
