import { TelephonyError, type TelephonyErrorCode } from '@openclaw/telephony-core';
import { Retry } from '@openclaw/telephony-store';
import { type Logger, reasonOf } from '../observe/logger.ts';
import { type Metrics, silentMetrics } from '../observe/metrics.ts';
import { secretOf } from '../media/media-ref.ts';
import type { OutboxItem } from './outbox-item.ts';
import { digestId } from './send-id.ts';
import type { SendLedger } from './send-progress.ts';

/** A send on its way from one account to another: everything but whom it comes from. */
export interface HandedSend extends Omit<OutboxItem, 'from' | 'onBehalfOf'> {
  /** The account whose send it is: a STOP to that one holds. */
  readonly onBehalfOf: string;
}

/** Another account of ours, at another carrier or with another number. */
export interface StandIn {
  readonly accountId: string;
  /**
   * Puts a send into its outbox, once for each id. Durable when it resolves.
   *
   * @throws {TelephonyError} `not-performed`, when it may not leave from there
   */
  takeOver(id: string, send: HandedSend): Promise<void>;
}

/** Who sends what this account's carrier does not take. */
export interface Failover {
  readonly standIn: StandIn;
  /** How long this account is tried first when its carrier is out of reach, in milliseconds; default two minutes. */
  readonly afterMs?: number;
}

/** The account cannot send: whoever waits for it waits in vain. */
const unusable: ReadonlySet<TelephonyErrorCode> = new Set([
  'auth_failed',
  'account_blocked',
  'sender_not_allowed',
]);
/** It may be able to later. Everything else says something of the message or of its recipient. */
const outOfReach: ReadonlySet<TelephonyErrorCode> = new Set([
  'provider_unavailable',
  'network',
  'timeout',
  'rate_limited',
  'limit_reached',
]);
const twoMinutesMs = 120_000;

/** A sender that is held, because its carrier does not answer. */
export const outOfReachError = new TelephonyError(
  'provider_unavailable',
  'the carrier does not answer',
  { outcome: 'not-performed' },
);

/**
 * How long a message may still wait for a carrier that has been out of reach for so long. Once the stand-in could have
 * been asked, there is nothing to come again for.
 */
export function untilStandInMs(failover: Failover | undefined, failingForMs: number): number {
  const left = failover === undefined ? 0 : (failover.afterMs ?? twoMinutesMs) - failingForMs;
  return left > 0 ? Math.max(1000, left) : Infinity;
}

/**
 * Whether a send goes to the stand-in, now that its first message was surely not sent. One that began to leave stays,
 * because its rest would come from another number; so does one that was handed over already, and one with a file of this
 * machine, which only this account's host can serve.
 */
export function isForStandIn(
  failover: Failover,
  { item, index }: { readonly item: OutboxItem; readonly index: number },
  { code, outcome }: TelephonyError,
  failingForMs: number,
): boolean {
  if (index > 0 || outcome !== 'not-performed' || item.onBehalfOf !== undefined) return false;
  // A code or a confirmation is about this account, and means nothing coming from another number.
  if (item.purpose === 'notice') return false;
  if (item.media.some((href) => secretOf(href) !== undefined)) return false;
  if (unusable.has(code)) return true;
  return outOfReach.has(code) && failingForMs >= (failover.afterMs ?? twoMinutesMs);
}

/** What {@link handOver} works with. */
export interface HandOverOptions {
  readonly failover: Failover;
  readonly accountId: string;
  readonly sends: SendLedger;
  readonly logger: Logger;
  readonly metrics?: Metrics;
}

/**
 * Hands a whole send over: false when the stand-in does not take it either. That it is under way is written down first:
 * after a crash it is handed over under the same id of the other account, and never tried here as well.
 *
 * @throws {Retry} when nobody knows whether the stand-in has it
 */
export async function handOver(
  { id, item }: { readonly id: string; readonly item: OutboxItem },
  { failover, accountId, sends, logger, metrics = silentMetrics }: HandOverOptions,
): Promise<boolean> {
  const { standIn } = failover;
  const account = standIn.accountId;
  // Its own ids are another matter: the same one may name another send there.
  const sendId = digestId('failover', accountId, id);
  const { messages } = await sends.move(id, 0, { state: 'handing-over', account });
  // A receipt was faster than the refusal: the carrier has it.
  if (messages[0]?.state !== 'handing-over') return false;
  const { from: _, ...send } = item;
  try {
    await standIn.takeOver(sendId, { ...send, onBehalfOf: accountId });
  } catch (error) {
    const reason = reasonOf(error);
    logger.warn({ sendId: id, account, reason }, 'the stand-in has not taken a send over');
    if (!TelephonyError.isInstance(error)) throw new Retry(askAgainMs, reason);
    return false;
  }
  // The first one last: until all of them are, a crash leaves a send that is still being handed over.
  for (const index of [...item.messages.keys()].toReversed()) {
    await sends.move(id, index, { state: 'handed-over', account, sendId });
  }
  metrics.count('telephony_sends_total', { result: 'handed_over' });
  logger.warn({ sendId: id, correlationId: item.correlationId, account }, 'handed to the stand-in');
  return true;
}

const askAgainMs = 5000;
