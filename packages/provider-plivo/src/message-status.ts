import type { DeliveryStatus } from '@openclaw/telephony-core';

const statuses: ReadonlyMap<string, DeliveryStatus> = new Map<string, DeliveryStatus>([
  ['queued', 'queued'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['undelivered', 'undelivered'],
  ['failed', 'failed'],
  // In older documents of Plivo, for a message that it did not take.
  ['rejected', 'failed'],
]);

/** The contract's word for Plivo's; `unrecognized` for a new one. */
export function toDeliveryStatus(word: string): DeliveryStatus {
  return statuses.get(word.toLowerCase()) ?? 'unrecognized';
}

/** True for the word that Plivo has for texts on their way to us. */
export function isInboundStatus(word: string): boolean {
  return word === 'received';
}

/** The error of a message as Plivo writes it in `error_code` and `ErrorCode`; `undefined` for its ways to say none. */
export function toErrorCode(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || /^0*$/u.test(text.trim())) return undefined;
  return text.trim();
}
