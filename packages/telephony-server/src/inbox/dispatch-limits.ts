import { createSlidingWindow } from './sliding-window.ts';

/** For which limit a text has to wait, and for how long. */
export interface Held {
  readonly limit: 'sender' | 'number';
  readonly waitMs: number;
}

/** How many texts are handled in a minute. */
export interface DispatchLimits {
  /**
   * Counts a text that may be handled now; else says why it has to wait. `to` is left out for a sender who is not let
   * in: strangers must not use up what one of our numbers may take in.
   */
  take(from: string, to?: string): Held | undefined;
}

/**
 * Makes the limits of the dispatcher. They are kept in memory: after a restart each sender and each number has its minute's
 * worth once more, and what is sent in answer stays within the spend limits, which are durable.
 */
export function createDispatchLimits(options: {
  /** Texts of one sender, default 30. */
  readonly perSenderPerMinute?: number | undefined;
  /** Texts to one number of ours, default 300. */
  readonly perNumberPerMinute?: number | undefined;
  readonly now: () => Date;
}): DispatchLimits {
  const { perSenderPerMinute = 30, perNumberPerMinute = 300, now } = options;
  const senders = createSlidingWindow({ perMinute: perSenderPerMinute, now });
  const numbers = createSlidingWindow({ perMinute: perNumberPerMinute, now });
  return {
    take(from, to) {
      const ofSender = senders.waitMs(from);
      if (ofSender > 0) return { limit: 'sender', waitMs: ofSender };
      const ofNumber = to === undefined ? 0 : numbers.waitMs(to);
      if (ofNumber > 0) return { limit: 'number', waitMs: ofNumber };
      // Counted for both or for neither.
      senders.add(from);
      if (to !== undefined) numbers.add(to);
      return undefined;
    },
  };
}
