import type { KeyValueStore } from './key-value.ts';
import type { QueueOptions, WorkQueue } from './work-queue.ts';

/** The two storage ports over one database, or over one piece of memory. */
export interface TelephonyStore {
  readonly keyValue: KeyValueStore;
  /** The queue of that name. Two calls with one name reach the same jobs. Throws `RangeError` for bad options. */
  queue<Payload>(name: string, options: QueueOptions<Payload>): WorkQueue<Payload>;
  /** Closes its runners, waits for their handlers, writes what is left; every later call fails with `closed`. */
  close(): Promise<void>;
}

/** What both drivers take. */
export interface StoreOptions {
  /** The clock; default the machine's. */
  readonly now?: () => Date;
  /** From 0 to below 1, for the jitter of pauses; default `Math.random`. */
  readonly random?: () => number;
  /** How often a runner looks for what other processes added, and for what has become due; default 100 ms. */
  readonly pollMs?: number;
  /**
   * Told what goes wrong behind the caller's back: a full disk when a runner wants to write down what it has done.
   * The runner goes on and tries again.
   */
  readonly onError?: (error: unknown) => void;
}

/** {@link StoreOptions} with every default in place. */
export interface StoreContext {
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly pollMs: number;
  readonly report: (error: unknown) => void;
}

export function contextOf({ now, random, pollMs = 100, onError }: StoreOptions): StoreContext {
  return {
    nowMs: now === undefined ? Date.now : () => now().getTime(),
    random: random ?? Math.random,
    pollMs,
    report: (error) => {
      // Whoever listens must not be able to stop a runner.
      try {
        onError?.(error);
      } catch {}
    },
  };
}
