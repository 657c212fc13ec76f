import { type MessagingProvider, TelephonyError } from '@openclaw/telephony-core';
import { Dead, Retry } from '@openclaw/telephony-store';

/**
 * Asks the carrier whether it knows a message, where its webhook proved less than that. `arrivedAt` is when the webhook
 * came.
 */
export type Confirm = (messageId: string, arrivedAt: Date) => Promise<void>;

/** A carrier may list a message some time after it told of it. */
const listedWithinMs = 5 * 60_000;
const askAgainMs = 15_000;

/**
 * Makes the question for webhooks whose signature does not cover their body: a message that the carrier does not know after
 * five minutes is given up, and while it does not answer the message waits.
 *
 * It proves that the message exists. That its words are the ones that were sent, only a signed body proves.
 */
export function createConfirmation(
  messaging: MessagingProvider,
  { now }: { readonly now: () => Date },
): Confirm {
  return async (messageId, arrivedAt) => {
    if (messaging.getMessage === undefined) {
      throw new Dead('the webhook did not sign its body, and the carrier cannot be asked');
    }
    try {
      await messaging.getMessage(messageId);
    } catch (error) {
      if (!TelephonyError.isInstance(error) || error.code !== 'not_found') throw error;
      const ageMs = now().getTime() - arrivedAt.getTime();
      if (ageMs >= 0 && ageMs < listedWithinMs) {
        throw new Retry(askAgainMs, 'the carrier does not list the message yet');
      }
      throw new Dead('the webhook did not sign its body, and the carrier knows no such message');
    }
  };
}
