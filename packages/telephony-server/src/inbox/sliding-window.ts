/** Lets so many things through in any minute, for each key. */
export interface SlidingWindow {
  /** 0 when there is room, else milliseconds until there should be for whoever asks now. */
  waitMs(key: string): number;
  /** Counts one thing that went through. */
  add(key: string): void;
}

interface Passages {
  /** When each of the last minute went through, oldest first. */
  readonly atMs: number[];
  /** How many were told to wait and have not come through yet. */
  turnedAway: number;
}
const windowMs = 60_000;
const longestWaitMs = 10 * windowMs;
const keysBeforeSweep = 10_000;

/**
 * Makes a limit per minute that is exact at every moment, not only from one full minute to the next. Who is told to
 * wait is told a time by which those before him will have gone through, so that a long queue does not come back at once.
 *
 * Keys are forgotten a minute after their last passage; what never goes through leaves nothing behind.
 */
export function createSlidingWindow(options: {
  readonly perMinute: number;
  readonly now: () => Date;
}): SlidingWindow {
  const { perMinute, now } = options;
  const keys = new Map<string, Passages>();
  let sweepAt = keysBeforeSweep;

  function live(key: string, nowMs: number): Passages | undefined {
    const passages = keys.get(key);
    if (passages === undefined) return undefined;
    const { atMs } = passages;
    // A clock that was set back must not hold anybody for longer than a minute.
    const isOld = (at: number): boolean => at > nowMs || at <= nowMs - windowMs;
    const firstLive = atMs.findIndex((at) => !isOld(at));
    if (firstLive === -1) {
      keys.delete(key);
      return undefined;
    }
    if (firstLive > 0) atMs.splice(0, firstLive);
    while (isOld(atMs.at(-1) ?? nowMs)) atMs.pop();
    return passages;
  }
  return {
    waitMs(key) {
      if (perMinute === Infinity) return 0;
      const nowMs = now().getTime();
      const passages = live(key, nowMs);
      if (passages === undefined || passages.atMs.length < perMinute) return 0;
      const before = passages.turnedAway;
      passages.turnedAway += 1;
      const minutes = Math.floor(before / perMinute);
      const slot = passages.atMs[before % perMinute] ?? nowMs;
      return Math.min(longestWaitMs, slot + windowMs * (minutes + 1) - nowMs);
    },
    add(key) {
      if (perMinute === Infinity) return;
      const nowMs = now().getTime();
      const passages = live(key, nowMs);
      if (passages === undefined) {
        if (keys.size >= sweepAt) {
          for (const other of keys.keys()) live(other, nowMs);
          sweepAt = Math.max(keysBeforeSweep, keys.size * 2);
        }
        keys.set(key, { atMs: [nowMs], turnedAway: 0 });
        return;
      }
      passages.atMs.push(nowMs);
      passages.turnedAway = Math.max(0, passages.turnedAway - 1);
    },
  };
}
