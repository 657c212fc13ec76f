import type { Entry, KeyValueStore } from '../key-value.ts';
import { StoreError } from '../store-error.ts';
import { assertLimit, assertStorable, expiryOf } from '../argument-rules.ts';
import { compareCodePoints } from '../code-point-order.ts';
import { createSweep } from './sweep.ts';

interface Slot {
  readonly entry: Entry;
  readonly expiresAtMs: number;
}

const stepsPerWrite = 4;
const stepsWhenFull = 1000;

export function createMemoryKeyValue(options: {
  readonly nowMs: () => number;
  readonly maxEntryCount: number;
  readonly assertOpen: () => void;
}): KeyValueStore {
  const { nowMs, maxEntryCount, assertOpen } = options;
  const slots = new Map<string, Slot>();
  const isExpired = (slot: Slot): boolean => nowMs() >= slot.expiresAtMs;
  const sweep = createSweep(slots, isExpired);
  let writeCount = 0;

  function live(key: string): Entry | undefined {
    const slot = slots.get(key);
    return slot === undefined || isExpired(slot) ? undefined : slot.entry;
  }
  function makeRoom(): void {
    sweep(stepsPerWrite);
    if (slots.size >= maxEntryCount) sweep(stepsWhenFull);
    if (slots.size < maxEntryCount) return;
    throw new StoreError(
      'full',
      `the memory store holds ${maxEntryCount} entries, its cap: raise maxEntryCount or use the SQLite store`,
    );
  }

  return {
    async get(key) {
      assertOpen();
      assertStorable('a key', key);
      return live(key);
    },
    async set(key, value, { ttlMs, ifVersion } = {}) {
      assertOpen();
      assertStorable('a key', key);
      assertStorable('a value', value);
      const expiresAtMs = expiryOf(nowMs(), ttlMs) ?? Infinity;
      if (ifVersion !== undefined && ifVersion !== (live(key)?.version ?? 'absent')) return false;
      if (!slots.has(key)) makeRoom();
      writeCount += 1;
      slots.set(key, { entry: { key, value, version: String(writeCount) }, expiresAtMs });
      return true;
    },
    async delete(key, { ifVersion } = {}) {
      assertOpen();
      assertStorable('a key', key);
      const version = live(key)?.version;
      if (version === undefined || (ifVersion !== undefined && ifVersion !== version)) return false;
      return slots.delete(key);
    },
    async *list(prefix, { after, limit = Infinity } = {}) {
      assertOpen();
      assertStorable('a prefix', prefix);
      assertLimit(limit);
      const keys = [...slots.keys()]
        .filter((key) => key.startsWith(prefix))
        .filter((key) => after === undefined || compareCodePoints(key, after) > 0)
        .toSorted(compareCodePoints);
      let left = limit;
      for (const key of keys) {
        if (left <= 0) return;
        assertOpen();
        const entry = live(key);
        if (entry === undefined) continue;
        left -= 1;
        yield entry;
      }
    },
  };
}
