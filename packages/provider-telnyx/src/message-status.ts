import { type DeliveryStatus, type JsonObject, objectsIn, textIn } from '@openclaw/telephony-core';
import { errorNumberIn } from './errors.ts';

const statuses: ReadonlyMap<string, DeliveryStatus> = new Map<string, DeliveryStatus>([
  ['scheduled', 'scheduled'],
  ['queued', 'queued'],
  ['sending', 'sending'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['sending_failed', 'failed'],
  ['delivery_failed', 'undelivered'],
  ['expired', 'undelivered'],
  // The carrier never said what became of it, and will not: more than "sent" is not known.
  ['delivery_unconfirmed', 'sent'],
  ['cancelled', 'canceled'],
  ['canceled', 'canceled'],
  // Said of a text to us, when it is asked for later.
  ['webhook_delivered', 'delivered'],
]);

/** The contract's word for Telnyx's; `unrecognized` for a new one. */
export function toDeliveryStatus(word: string): DeliveryStatus {
  return statuses.get(word.toLowerCase()) ?? 'unrecognized';
}

/**
 * Telnyx's word for where a message is. It stands with each recipient; where several recipients do not agree (in a
 * group, which this package never writes to), there is no one word.
 */
export function statusWordOf(message: JsonObject): string | undefined {
  const words = new Set(
    objectsIn(message, 'to').flatMap((recipient) => textIn(recipient, 'status') ?? []),
  );
  const [word] = words;
  if (words.size > 1) return 'mixed';
  return word ?? textIn(message, 'status');
}

/** The number of the first error that Telnyx reports on a message. */
export function errorCodeOf(message: JsonObject): string | undefined {
  return objectsIn(message, 'errors')
    .map((error) => errorNumberIn(error))
    .find((code) => code !== undefined);
}
