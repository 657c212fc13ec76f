import type { KeyValueStore } from '@openclaw/telephony-store';

/** What {@link updateRecord} works on. */
export interface RecordUpdate<Value> {
  readonly keyValue: KeyValueStore;
  readonly key: string;
  readonly ttlMs?: number;
  /** Reads what this code wrote before; `undefined` for what it cannot read. */
  readonly parse: (json: unknown) => Value | undefined;
  /** Pure: it runs again when somebody else wrote in between. `undefined` leaves the record as it is. */
  readonly change: (current: Value | undefined) => Value | undefined;
}

/** Changes one JSON record by conditional writes, so that two writers at once both count. */
export async function updateRecord<Value>(update: RecordUpdate<Value>): Promise<Value | undefined> {
  const { keyValue, key, ttlMs, parse, change } = update;
  for (;;) {
    const entry = await keyValue.get(key);
    const current = entry === undefined ? undefined : parse(JSON.parse(entry.value));
    const next = change(current);
    if (next === undefined) return current;
    const written = await keyValue.set(key, JSON.stringify(next), {
      ifVersion: entry?.version ?? 'absent',
      ...(ttlMs === undefined ? {} : { ttlMs }),
    });
    if (written) return next;
  }
}

/** Reads one JSON record. */
export async function readRecord<Value>(
  keyValue: KeyValueStore,
  key: string,
  parse: (json: unknown) => Value | undefined,
): Promise<Value | undefined> {
  const entry = await keyValue.get(key);
  return entry === undefined ? undefined : parse(JSON.parse(entry.value));
}
