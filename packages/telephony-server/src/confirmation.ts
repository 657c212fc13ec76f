import { type MessagingProvider, TelephonyError } from '@openclaw/telephony-core';
import { Dead } from '@openclaw/telephony-store';

/** Asks the carrier whether it knows a message, where its webhook proved less than that. */
export type Confirm = (messageId: string) => Promise<void>;

/**
 * Makes the question for webhooks whose signature does not cover their body: a message that the carrier does not know is
 * given up, and while it does not answer the message waits.
 *
 * It proves that the message exists. That its words are the ones that were sent, only a signed body proves.
 */
export function createConfirmation(messaging: MessagingProvider): Confirm {
  return async (messageId) => {
    if (messaging.getMessage === undefined) {
      throw new Dead('the webhook did not sign its body, and the carrier cannot be asked');
    }
    try {
      await messaging.getMessage(messageId);
    } catch (error) {
      if (TelephonyError.isInstance(error) && error.code === 'not_found') {
        throw new Dead('the webhook did not sign its body, and the carrier knows no such message');
      }
      throw error;
    }
  };
}
