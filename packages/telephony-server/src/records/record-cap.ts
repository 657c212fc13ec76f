import { setImmediate as afterOthers } from 'node:timers/promises';
import type { Entry, KeyValueStore } from '@openclaw/telephony-store';

/** Keeps the number of records of one kind bounded. */
export interface RecordCap {
  /** A record was added. Now and then, this deletes the oldest. */
  added(): Promise<void>;
}

/** What {@link createRecordCap} takes. */
export interface RecordCapOptions {
  readonly keyValue: KeyValueStore;
  readonly prefix: string;
  /** How many stay. Between two sweeps there may be a quarter more. */
  readonly maxCount: number;
  /** When a record was written last, in milliseconds. */
  readonly writtenAtMs: (entry: Entry) => number;
}

/** So soon after the start is the first sweep, so that a process that restarts often sweeps too. */
const firstSweepAfter = 16;
const batchSize = 100;

/**
 * Deletes the oldest records beyond a number: the whole kind is read once for every quarter of `maxCount` added, in
 * pieces between which others get their turn.
 */
export function createRecordCap(options: RecordCapOptions): RecordCap {
  const { keyValue, prefix, maxCount, writtenAtMs } = options;
  const everySo = Math.max(1, Math.floor(maxCount / 4));
  let untilSweep = Math.min(firstSweepAfter, everySo);

  async function sweep(): Promise<void> {
    const records: { readonly key: string; readonly atMs: number }[] = [];
    for await (const entry of keyValue.list(prefix)) {
      records.push({ key: entry.key, atMs: writtenAtMs(entry) });
      if (records.length % batchSize === 0) await afterOthers();
    }
    const tooMany = records.length - maxCount;
    if (tooMany <= 0) return;
    const oldest = records.toSorted((one, other) => one.atMs - other.atMs).slice(0, tooMany);
    for (let from = 0; from < oldest.length; from += batchSize) {
      const batch = oldest.slice(from, from + batchSize);
      await Promise.all(batch.map(({ key }) => keyValue.delete(key)));
    }
  }

  return {
    async added() {
      untilSweep -= 1;
      if (untilSweep > 0) return;
      untilSweep = everySo;
      await sweep();
    },
  };
}
