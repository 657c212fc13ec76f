import { type Sender, TelephonyError } from '@openclaw/telephony-core';
import { StoreError } from '@openclaw/telephony-store';
import { costOf } from '../outbox/compose.ts';
import { correlationIdOf } from '../observe/correlation.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { FailedSend } from '../outbox/dispatch-options.ts';
import type { OutboxItem } from '../outbox/outbox-item.ts';
import type { RecipientPolicy } from '../outbox/recipients.ts';
import type { Schedule } from './schedule.ts';
import { type DuePlace, isOpen } from './scheduled-record.ts';
import type { Cost } from '../outbox/spend.ts';
import type { MessageLog } from '../observe/message-log.ts';
import { type Metrics, silentMetrics } from '../observe/metrics.ts';
import type { MessageProgress, SendLedger } from '../outbox/send-progress.ts';

/** What {@link handOver} takes. */
export interface HandOverOptions {
  readonly schedule: Schedule;
  readonly outbox: Pick<Outbox, 'put'>;
  readonly sends: Pick<SendLedger, 'get' | 'begin' | 'move'>;
  /** Where a text that may not be sent is seen all the same. */
  readonly log: Pick<MessageLog, 'recordSend'>;
  readonly metrics?: Metrics;
  /** Asked once more when a text is due: somebody may have been let out meanwhile. */
  readonly recipients: RecipientPolicy;
  /** Who sends now; it may be another than when the text was scheduled. */
  readonly sender: Sender;
  /** Removes files from the media host that no message will need. */
  readonly discard: (media: readonly string[]) => Promise<void>;
  /** Told of a text that may not be sent any more, after that is written down; must not throw. */
  readonly onGivenUp?: (failed: FailedSend) => void;
  readonly now: () => Date;
  readonly logger: Logger;
}

/** For a text that cannot be handed over now for a reason of its own. */
const deferMs = 60_000;
/** For a text that another process may have in the hand: asked again when nobody lives who has. */
const inHandMs = 180_000;
/** For a text that this version cannot read, and a newer one may. */
const unreadableMs = 3_600_000;

/** A limit that a text has met: until then, none that costs as much can leave. */
export interface MetLimit {
  readonly cost: Cost;
  readonly untilMs: number;
}

/**
 * Hands the text of one place to the outbox, refuses it, or puts it off.
 *
 * @param limits those that were met in the same look; more are added
 * @throws {StoreError} when the store fails: then all others would fail, too
 */
export async function handOver(
  place: DuePlace,
  limits: MetLimit[],
  options: HandOverOptions,
): Promise<void> {
  const { schedule, outbox, recipients, sender, discard, logger, now } = options;
  const { id } = place;
  const record = await schedule.read(id);
  if (record === undefined || !isOpen(record)) {
    await discard(record?.media ?? []);
    return schedule.drop(place);
  }
  const { item, cost } = record;
  if (item === undefined) {
    logger.error({ sendId: id }, 'a scheduled text cannot be read by this version: it waits');
    return schedule.defer(place, now().getTime() + unreadableMs);
  }
  const limit = limits.find((met) => isAsMuch(cost, met.cost));
  if (limit !== undefined && record.state === 'scheduled') {
    return schedule.defer(place, limit.untilMs);
  }
  const correlationId = item.correlationId ?? correlationIdOf(id);
  let isInHand = false;
  try {
    if (await isUnsent(id, options)) {
      await recipients.check(item.to, record.checkedAs);
      isInHand = await schedule.claim(id);
      // Called off meanwhile. What another process has is taken, too, for it may have died: the outbox takes each id once.
      if (!isInHand) return;
      await outbox.put(id, { ...item, from: sender });
      logger.info({ sendId: id, correlationId: item.correlationId }, 'a scheduled text is due');
    }
  } catch (error) {
    if (StoreError.isInstance(error)) throw error;
    if (!isForGood(error)) {
      const waitMs = retryAfterMsOf(error) ?? deferMs;
      const about = { sendId: id, correlationId, reason: reasonOf(error), waitMs };
      logger.warn(about, 'a scheduled text has to wait');
      // In whole seconds: what waits for the same moment must not be in the order of the milliseconds that each took.
      const untilMs = Math.floor((now().getTime() + waitMs) / 1000) * 1000;
      if (isLimit(error)) limits.push({ cost, untilMs });
      const isFree = !isInHand || (await schedule.release(id));
      const latestMs = isFree ? Infinity : now().getTime() + inHandMs;
      return schedule.defer(place, Math.min(untilMs, latestMs));
    }
    if (!(await schedule.claim(id))) return;
    await refuse({ sendId: id, correlationId, item, error }, options);
  }
  // Last: after a crash before it, the outbox is asked again and says that it has it.
  await schedule.handedOver(id);
  await schedule.drop(place);
}

const isAsMuch = (cost: Cost, other: Cost): boolean =>
  cost.messageCount >= other.messageCount && cost.segmentCount >= other.segmentCount;

const isLimit = (error: unknown): boolean =>
  TelephonyError.isInstance(error) && error.code === 'limit_reached';

/**
 * Longer than the outbox, the ledger of sends remembers what has been sent. What is untouched there has to be asked for:
 * a process died while it wrote down a refusal, or the outbox has it and says so.
 */
async function isUnsent(id: string, { sends }: HandOverOptions): Promise<boolean> {
  const before = await sends.get(id);
  return before === undefined || isUntouched(before.messages[0]);
}

const isUntouched = (message: MessageProgress | undefined): boolean =>
  message?.state === 'waiting' && message.attempts === 0;

const retryAfterMsOf = (error: unknown): number | undefined =>
  TelephonyError.isInstance(error) ? error.retryAfterMs : undefined;

/** True for what no time can mend. */
const isForGood = (error: unknown): error is TelephonyError =>
  TelephonyError.isInstance(error) &&
  (error.code === 'permission_denied' || error.code === 'limit_reached') &&
  error.retryAfterMs === undefined;

/** Writes down that a text is not sent, as the outbox does of what the carrier refused. */
async function refuse(
  refused: {
    readonly sendId: string;
    readonly correlationId: string;
    readonly item: OutboxItem;
    readonly error: TelephonyError;
  },
  { sends, log, discard, logger, onGivenUp, metrics = silentMetrics }: HandOverOptions,
): Promise<void> {
  const { sendId, correlationId, item, error } = refused;
  const { code, message: reason } = error;
  const { to, messages, media } = item;
  await log.recordSend(sendId, item);
  await sends.begin(sendId, to, costOf(messages), correlationId);
  // The first one last: until then, all of this is done once more after a crash.
  for (const index of [...messages.keys()].toReversed()) {
    const isFirst = index === 0;
    await sends.move(
      sendId,
      index,
      isFirst ? { state: 'failed', code, reason } : { state: 'skipped' },
    );
  }
  // At once, before a crash can come in between.
  onGivenUp?.({ sendId, correlationId, to, index: 0, code, reason });
  metrics.count('telephony_sends_total', { result: 'failed' });
  logger.warn({ sendId, correlationId, code, reason }, 'a scheduled text was not sent');
  await discard(media);
}
