import { type MessagingProvider, TelephonyError } from '@openclaw/telephony-core';
import { growingPauseMs } from '../retry/growing-pause.ts';
import { passesByItself } from '../retry/passing-failure.ts';
import type { Pacer } from './pacing.ts';
import { longestWaitMs } from './retry-wait.ts';

const longestPauseMs = 5 * 60_000;

/** A carrier under watch. */
export interface WatchedCarrier {
  readonly messaging: MessagingProvider;
  /** How long it has given no answer, from the first that stayed away on; 0 as long as it answers. */
  readonly silentForMs: () => number;
}

/**
 * Sends through a carrier, and holds the sender when its answers stay away: only what is on its way by then becomes
 * unknown, and not all that waits behind it. For as long as the carrier asks, or from the second lost answer of a row on
 * for 1, 2, 4 … seconds, up to five minutes.
 */
export function watchCarrier(options: {
  readonly messaging: MessagingProvider;
  readonly pacer: Pick<Pacer, 'hold'>;
  readonly now: () => Date;
}): WatchedCarrier {
  const { messaging, pacer, now } = options;
  let rowCount = 0;
  let lostCount = 0;
  let silentSinceMs: number | undefined;
  let lastLostAtMs = -Infinity;

  function answered(): void {
    rowCount = 0;
    silentSinceMs = undefined;
  }
  /** Failures that lie far apart are not one silence: nobody has asked in between. */
  function silent(): void {
    const atMs = now().getTime();
    if (atMs - lastLostAtMs > longestWaitMs) silentSinceMs = undefined;
    silentSinceMs ??= atMs;
    lastLostAtMs = atMs;
  }
  function pauseMsAfter(error: TelephonyError, lostBefore: number): number {
    if (error.outcome !== 'unknown') {
      // Who refuses is there; a connection that could not be made says nothing of that.
      if (error.httpStatus !== undefined) answered();
      else if (passesByItself(error)) silent();
      return 0;
    }
    silent();
    const asked = error.retryAfterMs ?? 0;
    // What was on its way already when another answer was lost tells of the same trouble.
    if (lostBefore !== lostCount) return asked;
    lostCount += 1;
    rowCount += 1;
    return Math.max(asked, rowCount === 1 ? 0 : growingPauseMs(rowCount - 1, longestPauseMs));
  }

  return {
    messaging: {
      capabilities: messaging.capabilities,
      async send(message, sendOptions) {
        const lostBefore = lostCount;
        try {
          const receipt = await messaging.send(message, sendOptions);
          answered();
          return receipt;
        } catch (error) {
          const pauseMs = TelephonyError.isInstance(error) ? pauseMsAfter(error, lostBefore) : 0;
          if (pauseMs > 0) pacer.hold(Math.min(pauseMs, longestWaitMs));
          throw error;
        }
      },
    },
    silentForMs: () =>
      silentSinceMs === undefined ? 0 : Math.max(0, now().getTime() - silentSinceMs),
  };
}
