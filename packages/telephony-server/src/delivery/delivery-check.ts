import { isFinalStatus, TelephonyError } from '@openclaw/telephony-core';
import { type Job, Retry, type WorkQueue } from '@openclaw/telephony-store';
import type { DeliveryTracker } from './deliveries.ts';
import { isRecord, numberIn, stringIn } from '../records/json.ts';
import type { RefreshDelivery } from './refresh-delivery.ts';

/** A message at the carrier whose end may have to be asked for. */
export interface DeliveryCheck {
  readonly messageId: string;
  readonly acceptedAtMs: number;
}

/** How long after a message was accepted the carrier is asked, when no receipt has told its end. */
const askAfterMs = [10 * 60_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000];

/** Puts the question on the calendar. */
export async function planDeliveryCheck(
  checks: WorkQueue<DeliveryCheck>,
  messageId: string,
  at: Date,
): Promise<void> {
  const acceptedAtMs = at.getTime();
  await checks.add({
    id: messageId,
    lane: messageId,
    payload: { messageId, acceptedAtMs },
    notBefore: new Date(acceptedAtMs + (askAfterMs[0] ?? 0)),
  });
}

/**
 * Makes the handler of these questions: a message that failed is found out without a receipt, which may have been lost, or
 * never asked for because the carrier has no address for it.
 */
export function createDeliveryCheck(options: {
  readonly deliveries: DeliveryTracker;
  readonly refresh: RefreshDelivery;
  readonly now: () => Date;
}): (job: Job<DeliveryCheck>) => Promise<void> {
  const { deliveries, refresh, now } = options;
  const isOver = async (messageId: string): Promise<boolean> => {
    const known = await deliveries.get(messageId);
    return known !== undefined && isFinalStatus(known.status);
  };
  return async ({ payload: { messageId, acceptedAtMs } }) => {
    if (await isOver(messageId)) return;
    try {
      await refresh(messageId);
    } catch (error) {
      if (TelephonyError.isInstance(error) && error.code === 'not_found') return;
    }
    if (await isOver(messageId)) return;
    const ageMs = now().getTime() - acceptedAtMs;
    const next = askAfterMs.find((afterMs) => afterMs > ageMs);
    if (next !== undefined)
      throw new Retry(next - ageMs, 'the end of the message is not known yet');
  };
}

/**
 * Reads a question back from the store.
 *
 * @throws {TypeError} for what no version of this code wrote
 */
export function parseDeliveryCheck(json: unknown): DeliveryCheck {
  const messageId = isRecord(json) ? stringIn(json, 'messageId') : undefined;
  const acceptedAtMs = isRecord(json) ? numberIn(json, 'acceptedAtMs') : undefined;
  if (messageId === undefined || acceptedAtMs === undefined) {
    throw new TypeError('the store holds a question about a message that this version cannot read');
  }
  return { messageId, acceptedAtMs };
}
