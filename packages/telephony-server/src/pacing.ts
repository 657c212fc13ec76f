import { isShortCode, type Sender } from '@openclaw/telephony-core';

/** Lets messages leave no faster than the sender may send, so that the carrier does not refuse them. */
export interface Pacer {
  /** Resolves when so many segments may leave. Rejects with the reason of the signal when that comes first. */
  take(segmentCount: number, signal: AbortSignal): Promise<void>;
}

/** What {@link createPacer} takes. */
export interface PacerOptions {
  /** `Infinity`: no pacing. */
  readonly segmentsPerSecond: number;
  readonly now: () => Date;
}

/**
 * Segments a second that carriers take from a kind of sender: 1 from a long code, 3 from a toll-free number,
 * 100 from a short code. A sender pool paces itself.
 */
export function defaultSegmentsPerSecond(sender: Sender): number {
  if (sender.kind === 'pool') return Infinity;
  if (isShortCode(sender.address)) return 100;
  return /^\+18(?:00|33|44|55|66|77|88)/u.test(sender.address) ? 3 : 1;
}

/**
 * A single queue in front of one sender: each message waits until those before it have had their time.
 *
 * A message longer than a second's worth is not held back for itself, only those behind it are.
 */
export function createPacer({ segmentsPerSecond, now }: PacerOptions): Pacer {
  let owedMs = 0;
  let lastMs = now().getTime();
  return {
    async take(segmentCount, signal) {
      if (segmentsPerSecond === Infinity) return;
      const at = now().getTime();
      // A clock that was set back has not made the queue any longer.
      owedMs = Math.max(0, owedMs - Math.max(0, at - lastMs));
      lastMs = at;
      const waitMs = owedMs;
      owedMs += (segmentCount * 1000) / segmentsPerSecond;
      if (waitMs > 0) await wait(Math.min(waitMs, longestTimerMs), signal);
    },
  };
}

/** Longer timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new Error('stopped while waiting for the sender'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
