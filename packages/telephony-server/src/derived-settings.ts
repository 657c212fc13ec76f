import type { MessagingCapabilities, Sender } from '@openclaw/telephony-core';
import type { VoiceOptions } from './calls/calls.ts';
import type { TelephonyServerOptions } from './server-types.ts';
import type { SpendLimits } from './outbox/spend.ts';

/** Outages of an hour lose no text: half of every pause is left to chance, so that the last try comes after 64 to 127 min. */
export const inboxTries = { maxAttempts: 22, longestRetryMs: 10 * 60_000 };

/**
 * As good as no end. What a send may fail with is settled by its own rules; what the queue counts are deaths of the process
 * and failures of the store, and no send is to blame for either.
 */
export const outboxTries = { maxAttempts: 1_000_000 };

/** Calls have limits of their own, in the same kind of ledger: one call is one message there. */
export function callLimits({ maxPerHour = 20, maxPerDay = 100 }: VoiceOptions = {}): SpendLimits {
  return { maxPerHour, maxPerDay, maxSegmentsPerDay: Infinity };
}

/** Greetings of callers count by the hour alone. */
export function greetingLimits({ maxGreetingsPerHour = 60 }: VoiceOptions = {}): SpendLimits {
  return { maxPerHour: maxGreetingsPerHour, maxPerDay: Infinity, maxSegmentsPerDay: Infinity };
}

/** Where the carrier reports to. Without a public URL there is no address that it could reach. */
export function statusUrlOf(
  publicUrl: string | undefined,
  statusPath: string,
  { deliveryReceipts }: MessagingCapabilities,
): URL | undefined {
  return publicUrl === undefined || deliveryReceipts !== 'per-message-url'
    ? undefined
    : new URL(statusPath, publicUrl);
}

/** Whether a text to this address is for us. */
export function ownNumbers(
  sender: Sender,
  numbers: TelephonyServerOptions['numbers'],
): (address: string) => boolean {
  if (numbers !== undefined) return (address) => numbers.some((number) => number === address);
  return sender.kind === 'pool' ? () => true : (address) => address === sender.address;
}
