/** Where a message is on its way. `unrecognized` is a carrier's new word; the raw event keeps it. */
export type DeliveryStatus =
  | 'accepted'
  | 'scheduled'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'undelivered'
  | 'failed'
  | 'canceled'
  | 'unrecognized';

/**
 * Later in this list wins. Among the final ones the order is that of proof: a receipt that says `delivered`
 * tells of a telephone that answered, whatever an earlier or later `failed` assumed.
 */
const order = [
  'unrecognized',
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'canceled',
  'failed',
  'undelivered',
  'delivered',
  'read',
] as const satisfies readonly DeliveryStatus[];
const rank: ReadonlyMap<unknown, number> = new Map(order.map((status, index) => [status, index]));
const rankOf = (status: DeliveryStatus): number => rank.get(status) ?? 0;

/** True for one of the words of {@link DeliveryStatus}. */
export function isDeliveryStatus(value: unknown): value is DeliveryStatus {
  return rank.has(value);
}

/** True for a status after which nothing more is expected (but `read` after `delivered`). */
export function isFinalStatus(status: DeliveryStatus): boolean {
  return rankOf(status) >= rankOf('canceled');
}

/**
 * Joins two reports of one message, so that any order and any repetition of receipts ends in the same status.
 *
 * It is commutative, associative and idempotent, and a final status never goes back.
 *
 * @example
 * const reports: readonly DeliveryStatus[] = ['delivered', 'queued', 'sent'];
 * reports.reduce((one, other) => mergeDeliveryStatus(one, other)); // 'delivered'
 */
export function mergeDeliveryStatus(one: DeliveryStatus, other: DeliveryStatus): DeliveryStatus {
  return rankOf(one) >= rankOf(other) ? one : other;
}

/** True when two final reports of one message cannot both be right, such as `delivered` and `failed`. */
export function contradicts(one: DeliveryStatus, other: DeliveryStatus): boolean {
  if (one === other || !isFinalStatus(one) || !isFinalStatus(other)) return false;
  const received = (status: DeliveryStatus): boolean => status === 'delivered' || status === 'read';
  return !(received(one) && received(other));
}
