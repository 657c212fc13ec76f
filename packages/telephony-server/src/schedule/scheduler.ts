import type { Runner } from '@openclaw/telephony-store';
import { reasonOf } from '../observe/logger.ts';
import { growingPauseMs } from '../retry/growing-pause.ts';
import { handOver, type HandOverOptions, type MetLimit } from './hand-over.ts';

/** What {@link runScheduler} takes. */
export interface SchedulerOptions extends HandOverOptions {
  readonly closing: AbortSignal;
  /** Between two looks, in milliseconds; default a second, so that a clock that is set is noticed at once. */
  readonly everyMs?: number;
}

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
    const limits: MetLimit[] = [];
    try {
      for await (const place of schedule.places(now().getTime())) {
        if (isClosed || closing.aborted) return;
        await handOver(place, limits, options);
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
