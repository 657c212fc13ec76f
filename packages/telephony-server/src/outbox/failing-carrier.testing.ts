import { type MessagingProvider, TelephonyError } from '@openclaw/telephony-core';

/** What a carrier answers that has surely not sent, unless it says otherwise. */
export const failure = (
  code: ConstructorParameters<typeof TelephonyError>[0],
  outcome: 'not-performed' | 'unknown' = 'not-performed',
): TelephonyError => new TelephonyError(code, 'no', { outcome });

/** A carrier that fails so often, and in this order, and takes what comes where there is a gap. */
export function failing(
  messaging: MessagingProvider,
  failures: (TelephonyError | undefined)[],
): MessagingProvider {
  return {
    ...messaging,
    async send(message) {
      const next = failures.shift();
      if (next !== undefined) throw next;
      return messaging.send(message);
    },
  };
}
