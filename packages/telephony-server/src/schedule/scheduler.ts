import { type Sender, TelephonyError } from '@openclaw/telephony-core';
import { type Runner, StoreError } from '@openclaw/telephony-store';
import { costOf } from '../outbox/compose.ts';
import { correlationIdOf } from '../observe/correlation.ts';
import { growingPauseMs } from '../retry/growing-pause.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { FailedSend } from '../outbox/outbox-dispatch.ts';
import type { OutboxItem } from '../outbox/outbox-item.ts';
import type { RecipientPolicy } from '../outbox/recipients.ts';
import type { Schedule } from './schedule.ts';
import { type DuePlace, isOpen, type ScheduledRecord } from './scheduled-record.ts';
import type { MessageLog } from '../observe/message-log.ts';
import { type Metrics, silentMetrics } from '../observe/metrics.ts';
import type { MessageProgress, SendLedger } from '../outbox/send-progress.ts';

/** What {@link runScheduler} takes. */
export interface SchedulerOptions {
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
  readonly closing: AbortSignal;
  readonly now: () => Date;
  readonly logger: Logger;
  /** Between two looks, in milliseconds; default a second, so that a clock that is set is noticed at once. */
  readonly everyMs?: number;
}

/** For a text that cannot be handed over now for a reason of its own. */
const deferMs = 60_000;
/** For a text that this version cannot read, and a newer one may. */
const unreadableMs = 3_600_000;
const longestPauseMs = 60_000;

/**
 * Hands scheduled texts to the outbox when they are due, until it is closed. Several may run on one store: each text is
 * sent once.
 */
export function runScheduler(options: SchedulerOptions): Runner {
  const { schedule, closing, now, logger, everyMs = 1000 } = options;
  let looking: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failureCount = 0;
  let isClosed = false;

  async function look(): Promise<void> {
    try {
      for await (const place of schedule.places(now().getTime())) {
        if (isClosed || closing.aborted) return;
        await handle(place, options);
      }
      failureCount = 0;
    } catch (error) {
      failureCount += 1;
      logger.error(
        { reason: reasonOf(error) },
        'the schedule could not be worked off; trying again',
      );
    }
  }
  function lookOnce(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
      if (isClosed) return;
      clearTimeout(timer);
      const pauseMs = failureCount === 0 ? everyMs : growingPauseMs(failureCount, longestPauseMs);
      timer = setTimeout(() => void lookOnce(), pauseMs);
    });
    return looking;
  }

  void lookOnce();
  return {
    async idle() {
      // A look that is under way may have begun before the last text was due.
      await looking;
      if (!isClosed) await lookOnce();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

async function handle(place: DuePlace, options: SchedulerOptions): Promise<void> {
  const { schedule, discard, logger, now } = options;
  const { id } = place;
  const record = await schedule.read(id);
  if (record === undefined || !isOpen(record)) {
    await discard(record?.media ?? []);
    return schedule.drop(place);
  }
  const { item } = record;
  if (item === undefined) {
    logger.error({ sendId: id }, 'a scheduled text was written by another version: it waits');
    return schedule.defer(place, now().getTime() + unreadableMs);
  }
  // Also when another process has it, which may have died: the outbox takes each id once.
  if (!(await schedule.claim(id))) return;
  const correlationId = item.correlationId ?? correlationIdOf(id);
  try {
    await handOver(record, item, options);
  } catch (error) {
    const why = verdictOf(error);
    if (why === 'store') throw error;
    const about = { sendId: id, correlationId, reason: reasonOf(error) };
    if (TelephonyError.isInstance(error) && why === 'never') {
      await refuse({ ...about, item, error }, options);
    } else {
      const waitMs = TelephonyError.isInstance(error) ? (error.retryAfterMs ?? deferMs) : deferMs;
      logger.warn({ ...about, waitMs }, 'a scheduled text has to wait');
      await schedule.release(id);
      // In whole seconds: what waits for the same moment must not be in the order of the milliseconds that each took.
      return schedule.defer(place, Math.floor((now().getTime() + waitMs) / 1000) * 1000);
    }
  }
  // Last: after a crash before it, the outbox is asked again and says that it has it.
  await schedule.handedOver(id);
  await schedule.drop(place);
}

async function handOver(
  { id, checkedAs }: ScheduledRecord,
  item: OutboxItem,
  { outbox, sends, recipients, sender, logger }: SchedulerOptions,
): Promise<void> {
  // Longer than the outbox, this remembers that it has been sent.
  const before = await sends.get(id);
  // Untouched: a process died while it wrote down a refusal, or the outbox has it and says so.
  if (before !== undefined && !isUntouched(before.messages[0])) return;
  await recipients.check(item.to, checkedAs);
  await outbox.put(id, { ...item, from: sender });
  logger.info({ sendId: id, correlationId: item.correlationId }, 'a scheduled text is due');
}

const isUntouched = (message: MessageProgress | undefined): boolean =>
  message?.state === 'waiting' && message.attempts === 0;

/** What a failure means: the store's are everybody's, and what only time can mend comes again. */
function verdictOf(error: unknown): 'store' | 'later' | 'never' {
  if (StoreError.isInstance(error)) return 'store';
  if (!TelephonyError.isInstance(error)) return 'later';
  const isForGood = error.code === 'permission_denied' || error.code === 'limit_reached';
  return isForGood && error.retryAfterMs === undefined ? 'never' : 'later';
}

/** Writes down that a text is not sent, as the outbox does of what the carrier refused. */
async function refuse(
  refused: {
    readonly sendId: string;
    readonly correlationId: string;
    readonly item: OutboxItem;
    readonly error: TelephonyError;
  },
  { sends, log, discard, logger, onGivenUp, metrics = silentMetrics }: SchedulerOptions,
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
  await discard(media);
  metrics.count('telephony_sends_total', { result: 'failed' });
  logger.warn({ sendId, correlationId, code, reason }, 'a scheduled text was not sent');
  onGivenUp?.({ sendId, correlationId, to, index: 0, code, reason });
}
