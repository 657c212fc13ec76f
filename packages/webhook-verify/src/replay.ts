export {
  createMemoryReplayStore,
  type MemoryReplayStore,
  type MemoryReplayStoreOptions,
} from './replay-memory.ts';

/** What a store remembers of a request: its handling has begun, or has succeeded. */
export type ReplayMark = 'pending' | 'done';

/**
 * Where a replay guard keeps its marks: anything with an atomic set-if-absent, such as Redis or a
 * table with a unique key. The README shows both.
 */
export interface ReplayStore {
  /**
   * Sets the mark unless the key has one that has not expired. Answers null when it was set, else
   * the mark that was there; `full` when there is no room, which must never cost a live mark.
   */
  setIfAbsent(key: string, mark: ReplayMark, ttlMs: number): Answer<ReplayMark | 'full' | null>;
  /** Sets the mark whatever was there. */
  set(key: string, mark: ReplayMark, ttlMs: number): Answer<unknown>;
  delete(key: string): Answer<unknown>;
}

type Answer<Value> = Value | Promise<Value>;

export interface ReplayGuardOptions {
  readonly store: ReplayStore;
  /** How long a handled request is recognised. Default 24 hours, the time Plivo retries. */
  readonly windowMs?: number;
  /**
   * How long handling may take. When it is over without a commit, as after a crash, the next
   * delivery is handled again. Default 60 seconds.
   */
  readonly leaseMs?: number;
}

/**
 * - `claimed`: nobody has this request; commit or release it.
 * - `pending`: somebody is handling it right now. Answer with an error, so that the carrier retries.
 * - `duplicate`: it has been handled. Answer as if it had been the first time.
 * - `full`: the store has no room. Answer with an error, so that the carrier retries.
 */
export type ReplayClaim =
  | {
      readonly outcome: 'claimed';
      /** The request is durably accepted: from now on it is a duplicate. */
      commit(): Promise<void>;
      /** It was not accepted: the next delivery is handled. */
      release(): Promise<void>;
    }
  | { readonly outcome: 'pending' | 'duplicate' | 'full' };

/** What `run` did: the value of the work, or why it did not work. */
export type ReplayOutcome<Value> =
  | { readonly outcome: 'handled'; readonly value: Value }
  | { readonly outcome: 'pending' | 'duplicate' | 'full' };

export interface ReplayGuard {
  /**
   * Claims a key; the caller commits or releases it. Rejects with what the store throws. A caller
   * who answers the carrier before `commit` resolves may lose the request in a crash.
   */
  claim(key: string): Promise<ReplayClaim>;
  /**
   * Runs `work` unless the key is known, commits when it resolves, and releases and rejects when
   * it rejects. `work` must not resolve before the request is durable.
   */
  run<Value>(key: string, work: () => Value | Promise<Value>): Promise<ReplayOutcome<Value>>;
}

const defaultWindowMs = 24 * 60 * 60 * 1000;
const defaultLeaseMs = 60 * 1000;

/**
 * Handles each webhook once, however often it arrives, and not before it is durably accepted.
 *
 * Pass `replayKey` of a verified webhook (or `eventId`, to recognise a carrier's retries too): an
 * unverified key lets a stranger block a genuine request. Throws `RangeError` for durations that
 * are not positive.
 *
 * @example
 * ```ts
 * import { createMemoryReplayStore, createReplayGuard } from '@openclaw/webhook-verify/replay';
 *
 * const guard = createReplayGuard({ store: createMemoryReplayStore() });
 * const first = await guard.run('twilio:key', async () => 'stored');
 * const second = await guard.run('twilio:key', async () => 'stored');
 * console.log(first.outcome, second.outcome); // handled duplicate
 * ```
 */
export function createReplayGuard(options: ReplayGuardOptions): ReplayGuard {
  const { store, windowMs = defaultWindowMs, leaseMs = defaultLeaseMs } = options;
  if (!(windowMs > 0 && leaseMs > 0)) {
    throw new RangeError('windowMs and leaseMs must be positive numbers of milliseconds.');
  }

  async function claim(key: string): Promise<ReplayClaim> {
    const found = await store.setIfAbsent(key, 'pending', leaseMs);
    if (found === 'done') return { outcome: 'duplicate' };
    if (found !== null) return { outcome: found };
    return {
      outcome: 'claimed',
      commit: async () => {
        await store.set(key, 'done', windowMs);
      },
      release: async () => {
        await store.delete(key);
      },
    };
  }

  return {
    claim,
    run: async (key, work) => {
      const claimed = await claim(key);
      if (claimed.outcome !== 'claimed') return claimed;
      let value;
      try {
        value = await work();
      } catch (error) {
        await claimed.release();
        throw error;
      }
      await claimed.commit();
      return { outcome: 'handled', value };
    },
  };
}
