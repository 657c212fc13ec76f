import type { ReplayMark, ReplayStore } from './replay.ts';

export interface MemoryReplayStoreOptions {
  /** Beyond this many live keys new ones are refused (`full`); none is dropped. Default 100 000. */
  readonly capacityCount?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** A `ReplayStore` that answers at once. */
export interface MemoryReplayStore extends ReplayStore {
  setIfAbsent(key: string, mark: ReplayMark, ttlMs: number): ReplayMark | 'full' | null;
  set(key: string, mark: ReplayMark, ttlMs: number): void;
  delete(key: string): void;
}

interface Entry {
  readonly mark: ReplayMark;
  readonly expiresAt: number;
}

/** Expired entries are looked for at most this often, so that a full store costs no more than others. */
const sweepEveryMs = 1000;

/**
 * A replay store in the memory of one process: forgotten at a restart, not shared.
 *
 * A live key is never evicted, since its request would be handled twice. Throws `RangeError` for a
 * capacity that is not positive.
 *
 * @example
 * ```ts
 * import { createMemoryReplayStore } from '@openclaw/webhook-verify/replay';
 *
 * const store = createMemoryReplayStore({ capacityCount: 10_000 });
 * console.log(store.setIfAbsent('key', 'pending', 1000)); // null
 * ```
 */
export function createMemoryReplayStore(options: MemoryReplayStoreOptions = {}): MemoryReplayStore {
  const { capacityCount = 100_000, now = Date.now } = options;
  if (!(capacityCount > 0)) throw new RangeError('capacityCount must be a positive number.');
  const entries = new Map<string, Entry>();
  let sweptAt = -Infinity;

  function sweep(time: number): void {
    if (time - sweptAt < sweepEveryMs) return;
    sweptAt = time;
    for (const [key, { expiresAt }] of entries) {
      if (expiresAt <= time) entries.delete(key);
    }
  }

  return {
    setIfAbsent: (key, mark, ttlMs) => {
      const time = now();
      const entry = entries.get(key);
      if (entry !== undefined && entry.expiresAt > time) return entry.mark;
      if (entry === undefined && entries.size >= capacityCount) {
        sweep(time);
        if (entries.size >= capacityCount) return 'full';
      }
      entries.set(key, { mark, expiresAt: time + ttlMs });
      return null;
    },
    set: (key, mark, ttlMs) => {
      entries.set(key, { mark, expiresAt: now() + ttlMs });
    },
    delete: (key) => {
      entries.delete(key);
    },
  };
}
