import { type MessagingProvider, type Sender, TelephonyError } from '@openclaw/telephony-core';
import type { ConsentLedger } from '../consent/consent.ts';
import { composeText } from './compose.ts';
import type { StandIn } from './failover.ts';
import { optedOut, type Outbox } from './outbox.ts';
import type { RecipientPolicy } from './recipients.ts';
import type { SendLedger } from './send-progress.ts';

/** What {@link createTakeOver} takes. */
export interface TakeOverOptions {
  readonly outbox: Pick<Outbox, 'put'>;
  readonly messaging: MessagingProvider;
  readonly sender: Sender;
  readonly sends: Pick<SendLedger, 'get'>;
  readonly consent: ConsentLedger;
  readonly recipients: RecipientPolicy;
  readonly standsInFor: (person: string, accountId: string) => Promise<void>;
}

/** Cutting anew may only add messages, never refuse what the other account has let through. */
const anyCost = { segmentNumbering: false, maxSegmentsPerReply: 10_000 };

/**
 * Makes the way by which an account sends for another one: with its own limits, words of consent and `allowTo`, and cut
 * as its own carrier takes it. That the person may be texted at all was decided where the send began.
 */
export function createTakeOver(options: TakeOverOptions): StandIn['takeOver'] {
  const { outbox, messaging, sender, sends, consent, recipients, standsInFor } = options;
  const { capabilities } = messaging;
  return async (id, send) => {
    // Asked again after a crash: what has happened here since then is no reason to say no.
    if ((await sends.get(id)) !== undefined) return;
    const { to, purpose, media } = send;
    await recipients.check(to, purpose === 'agent' ? 'operator' : purpose);
    if (await consent.blocks(to)) throw optedOut(to);
    const { outboundMedia } = capabilities;
    if (media.length > (outboundMedia === false ? 0 : outboundMedia.maxCount)) {
      throw new TelephonyError('unsupported', 'the stand-in cannot send so many files', {
        outcome: 'not-performed',
      });
    }
    const messages = send.messages.flatMap(({ text }) => composeText(text, capabilities, anyCost));
    await standsInFor(to, send.onBehalfOf);
    await outbox.put(id, {
      ...send,
      from: sender,
      messages: messages.length > 0 ? messages : send.messages,
    });
  };
}
