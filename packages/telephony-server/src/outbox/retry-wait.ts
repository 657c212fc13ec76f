import type { TelephonyError } from '@openclaw/telephony-core';

/** However long the carrier asks for: what waits longer than this is tried in vain once more. */
export const longestWaitMs = 3_600_000;
const longestBackoffMs = 5 * 60_000;
const shortestWaitMs = 1000;

/**
 * How long a message that was not sent waits for its next try. A carrier that asks for no pause, or for one that is over
 * by our clock, would else be asked without end.
 */
export function retryWaitMs(
  { retryAfterMs = 0 }: TelephonyError,
  attempts: number,
  random: () => number,
): number {
  const wait = retryAfterMs >= shortestWaitMs ? retryAfterMs : backoffMs(attempts, random);
  return Math.min(wait, longestWaitMs);
}

/** 1, 2, 4 … seconds, up to five minutes, a quarter of it left to chance so that many do not come back at once. */
const backoffMs = (attempts: number, random: () => number): number =>
  Math.min(longestBackoffMs, 1000 * 2 ** Math.min(20, attempts - 1)) * (0.75 + random() / 4);
