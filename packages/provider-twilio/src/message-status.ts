import type { DeliveryStatus } from '@openclaw/telephony-core';

const statuses: ReadonlyMap<string, DeliveryStatus> = new Map<string, DeliveryStatus>([
  ['accepted', 'accepted'],
  ['scheduled', 'scheduled'],
  ['queued', 'queued'],
  ['sending', 'sending'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['undelivered', 'undelivered'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
  // To several recipients at once, which we never send to; Twilio keeps the word for old messages.
  ['partially_delivered', 'delivered'],
]);

/** The contract's word for Twilio's; `unrecognized` for a new one. */
export function toDeliveryStatus(word: string): DeliveryStatus {
  return statuses.get(word.toLowerCase()) ?? 'unrecognized';
}

/** True for the words that Twilio has for texts on their way to us. */
export function isInboundStatus(word: string): boolean {
  return word === 'received' || word === 'receiving';
}
