import { createWorkQueue, type QueueHost } from '../queue/work-queue-over.ts';
import { closedError } from '../store-error.ts';
import { contextOf, type StoreOptions, type TelephonyStore } from '../store.ts';
import type { Runner } from '../work-queue.ts';
import { MemoryJobs } from './memory-jobs.ts';
import { createMemoryKeyValue } from './memory-key-value.ts';

/** What {@link createMemoryStore} takes. */
export interface MemoryStoreOptions extends StoreOptions {
  /** Entries it holds at most, then writes of new keys fail with `full`; default 1,000,000. */
  readonly maxEntryCount?: number;
  /** Jobs that one queue remembers at most, finished ones included, then `add` fails with `full`; default 1,000,000. */
  readonly maxJobCount?: number;
}

/**
 * A store in memory, for tests and demos: it keeps every promise of the SQLite store but the one to outlive the
 * process. Never throws.
 *
 * @example
 * const store = createMemoryStore();
 * await store.keyValue.set('greeting', 'hello', { ttlMs: 60_000 });
 * await store.close();
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): TelephonyStore {
  const { maxEntryCount = 1_000_000, maxJobCount = 1_000_000 } = options;
  const context = contextOf(options);
  const { nowMs } = context;
  const runners = new Set<Runner>();
  const jobs = new Map<string, MemoryJobs>();
  let closing: Promise<void> | undefined;
  let closed = false;
  const assertOpen = (): void => {
    if (closed) throw closedError();
  };
  const host: QueueHost = {
    context,
    standbyMs: context.pollMs,
    runners,
    assertOpen: () => {
      if (closing !== undefined) throw closedError();
    },
    driverOf(queue) {
      const known = jobs.get(queue) ?? new MemoryJobs({ nowMs, maxJobCount, assertOpen });
      jobs.set(queue, known);
      return known.driver();
    },
  };

  async function close(): Promise<void> {
    await Promise.all([...runners].map((runner) => runner.close()));
    closed = true;
  }
  return {
    keyValue: createMemoryKeyValue({ nowMs, maxEntryCount, assertOpen }),
    queue: (name, queueOptions) => createWorkQueue(host, name, queueOptions),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
