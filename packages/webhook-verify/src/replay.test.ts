import { EventEmitter, once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  createMemoryReplayStore,
  createReplayGuard,
  type ReplayMark,
  type ReplayStore,
} from './replay.ts';

const dayMs = 24 * 60 * 60 * 1000;

function clock(): { now: () => number; advance: (ms: number) => void } {
  let time = 1_795_165_200_000;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
  };
}

/** A store as somebody else would write it, over a real database. */
function createSqliteStore(now: () => number): ReplayStore {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE replay (key TEXT PRIMARY KEY, mark TEXT, expires_at INTEGER)');
  const insert = database.prepare(
    'INSERT INTO replay VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET mark = excluded.mark, expires_at = excluded.expires_at WHERE expires_at <= ?',
  );
  const read = database.prepare('SELECT mark FROM replay WHERE key = ?');
  const write = database.prepare('INSERT OR REPLACE INTO replay VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM replay WHERE key = ?');
  return {
    async setIfAbsent(key, mark, ttlMs) {
      const time = now();
      if (insert.run(key, mark, time + ttlMs, time).changes === 1) return null;
      return read.get(key)?.['mark'] === 'done' ? 'done' : 'pending';
    },
    async set(key, mark, ttlMs) {
      write.run(key, mark, now() + ttlMs);
    },
    async delete(key) {
      remove.run(key);
    },
  };
}

describe.each<[string, (now: () => number) => ReplayStore]>([
  ['memory', (now) => createMemoryReplayStore({ now })],
  ['a database', createSqliteStore],
])('a replay guard over %s', (_, createStore) => {
  it('handles a request once', async () => {
    const { now } = clock();
    const guard = createReplayGuard({ store: createStore(now) });
    let count = 0;
    const work = () => (count += 1);
    await expect(guard.run('a', work)).resolves.toEqual({ outcome: 'handled', value: 1 });
    await expect(guard.run('a', work)).resolves.toEqual({ outcome: 'duplicate' });
    await expect(guard.run('b', work)).resolves.toEqual({ outcome: 'handled', value: 2 });
    expect(count).toBe(2);
  });

  it('handles a retry after a failure', async () => {
    const { now } = clock();
    const guard = createReplayGuard({ store: createStore(now) });
    const failure = new Error('the disk is full');
    await expect(guard.run('a', () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(
      guard.run('a', () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    await expect(guard.run('a', async () => 'stored')).resolves.toEqual({
      outcome: 'handled',
      value: 'stored',
    });
    await expect(guard.run('a', async () => 'stored')).resolves.toEqual({ outcome: 'duplicate' });
  });

  it('lets one of several at the same time through', async () => {
    const { now } = clock();
    const guard = createReplayGuard({ store: createStore(now) });
    const gate = new EventEmitter();
    const first = guard.run('a', async () => {
      await once(gate, 'open');
      return 'first';
    });
    await expect(guard.run('a', () => 'second')).resolves.toEqual({ outcome: 'pending' });
    gate.emit('open');
    await expect(first).resolves.toEqual({ outcome: 'handled', value: 'first' });
    await expect(guard.run('a', () => 'third')).resolves.toEqual({ outcome: 'duplicate' });
  });

  it('recognises a request until its window ends', async () => {
    const { now, advance } = clock();
    const guard = createReplayGuard({ store: createStore(now), windowMs: 1000 });
    await guard.run('a', () => 1);
    advance(999);
    await expect(guard.run('a', () => 1)).resolves.toEqual({ outcome: 'duplicate' });
    advance(1);
    await expect(guard.run('a', () => 2)).resolves.toEqual({ outcome: 'handled', value: 2 });
  });

  it('keeps a request for a day, and a claim for a minute, unless told otherwise', async () => {
    const { now, advance } = clock();
    const guard = createReplayGuard({ store: createStore(now) });
    await guard.run('a', () => 1);
    await guard.claim('b');
    advance(60_000 - 1);
    await expect(guard.claim('b')).resolves.toEqual({ outcome: 'pending' });
    advance(1);
    await expect(guard.claim('b')).resolves.toHaveProperty('outcome', 'claimed');
    advance(dayMs - 60_000 - 1);
    await expect(guard.claim('a')).resolves.toEqual({ outcome: 'duplicate' });
    advance(1);
    await expect(guard.claim('a')).resolves.toHaveProperty('outcome', 'claimed');
  });

  it('handles a request again when its handler died before it committed', async () => {
    const { now, advance } = clock();
    const guard = createReplayGuard({ store: createStore(now), leaseMs: 500 });
    await expect(guard.claim('a')).resolves.toHaveProperty('outcome', 'claimed');
    advance(499);
    await expect(guard.run('a', () => 1)).resolves.toEqual({ outcome: 'pending' });
    advance(1);
    await expect(guard.run('a', () => 1)).resolves.toEqual({ outcome: 'handled', value: 1 });
  });

  it('can be committed and released by hand', async () => {
    const { now } = clock();
    const guard = createReplayGuard({ store: createStore(now) });
    const first = await guard.claim('a');
    if (first.outcome === 'claimed') await first.release();
    const second = await guard.claim('a');
    if (second.outcome === 'claimed') await second.commit();
    expect([first.outcome, second.outcome]).toEqual(['claimed', 'claimed']);
    await expect(guard.claim('a')).resolves.toEqual({ outcome: 'duplicate' });
  });
});

it('passes on what the store throws', async () => {
  const failure = new Error('no connection');
  const fail = (): Promise<never> => Promise.reject(failure);
  const guard = createReplayGuard({ store: { setIfAbsent: fail, set: fail, delete: fail } });
  await expect(guard.run('a', () => 1)).rejects.toBe(failure);
});

it.each([
  { windowMs: 0 },
  { windowMs: Number.NaN },
  { windowMs: -1 },
  { leaseMs: 0 },
  { leaseMs: Number.NaN },
])('refuses the durations %o', (durations) => {
  const store = createMemoryReplayStore();
  expect(() => createReplayGuard({ store, ...durations })).toThrow(
    new RangeError('windowMs and leaseMs must be positive numbers of milliseconds.'),
  );
});

describe('a full memory', () => {
  it('refuses new keys and drops none that is live', async () => {
    const { now, advance } = clock();
    const guard = createReplayGuard({
      store: createMemoryReplayStore({ capacityCount: 100, now }),
    });
    for (let key = 0; key < 100; key += 1) await guard.run(String(key), () => key);
    await expect(guard.run('100', () => 1)).resolves.toEqual({ outcome: 'full' });
    for (let key = 0; key < 100; key += 1) {
      await expect(guard.run(String(key), () => key)).resolves.toEqual({ outcome: 'duplicate' });
    }
    advance(dayMs);
    await expect(guard.run('100', () => 1)).resolves.toEqual({ outcome: 'handled', value: 1 });
  });

  it('looks for expired keys at most once a second', () => {
    const { now, advance } = clock();
    const store = createMemoryReplayStore({ capacityCount: 2, now });
    store.setIfAbsent('a', 'pending', 500);
    store.setIfAbsent('b', 'pending', 5000);
    expect(store.setIfAbsent('c', 'pending', 500)).toBe('full');
    advance(999);
    expect(store.setIfAbsent('c', 'pending', 500)).toBe('full');
    advance(1);
    expect(store.setIfAbsent('c', 'pending', 500)).toBeNull();
    expect(store.setIfAbsent('b', 'pending', 500)).toBe('pending');
  });

  it('takes a key it has, expired or not', () => {
    const { now, advance } = clock();
    const store = createMemoryReplayStore({ capacityCount: 1, now });
    store.setIfAbsent('a', 'pending', 500);
    advance(500);
    expect(store.setIfAbsent('a', 'pending', 500)).toBeNull();
    expect(store.setIfAbsent('a', 'pending', 500)).toBe('pending');
  });

  it('has room for an expired key of its own, also when it was swept just before', () => {
    const { now, advance } = clock();
    const store = createMemoryReplayStore({ capacityCount: 2, now });
    store.setIfAbsent('a', 'pending', 500);
    store.setIfAbsent('b', 'pending', 5000);
    expect(store.setIfAbsent('c', 'pending', 500)).toBe('full');
    advance(500);
    expect(store.setIfAbsent('c', 'pending', 500)).toBe('full');
    expect(store.setIfAbsent('a', 'pending', 500)).toBeNull();
  });

  it('has room for 100 000 keys unless told otherwise', () => {
    const store = createMemoryReplayStore();
    const marks = new Set<unknown>();
    for (let key = 0; key < 100_000; key += 1)
      marks.add(store.setIfAbsent(String(key), 'done', dayMs));
    expect([...marks]).toEqual([null]);
    expect(store.setIfAbsent('one more', 'done', dayMs)).toBe('full');
  });

  it.each([0, -1, Number.NaN])('refuses a capacity of %d', (capacityCount) => {
    expect(() => createMemoryReplayStore({ capacityCount })).toThrow(
      new RangeError('capacityCount must be a positive number.'),
    );
  });
});

it('never handles one key twice within its window, in any order of events', async () => {
  const step = fc.oneof(
    fc.record({ key: fc.constantFrom('a', 'b', 'c'), works: fc.boolean() }),
    fc.record({ advance: fc.nat(400) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { now, advance } = clock();
      const store = createMemoryReplayStore({ now });
      const guard = createReplayGuard({ store, windowMs: 1000 });
      const handledAt = new Map<string, number>();
      for (const next of steps) {
        if ('advance' in next) {
          advance(next.advance);
          continue;
        }
        const outcome = await guard
          .run(next.key, () => (next.works ? 'done' : Promise.reject(new Error('no'))))
          .catch(() => ({ outcome: 'failed' }));
        const before = handledAt.get(next.key);
        const isKnown = before !== undefined && now() - before < 1000;
        expect(outcome.outcome).toBe(isKnown ? 'duplicate' : next.works ? 'handled' : 'failed');
        if (outcome.outcome === 'handled') handledAt.set(next.key, now());
      }
    }),
  );
});

it('knows two marks', () => {
  const marks: readonly ReplayMark[] = ['pending', 'done'];
  expect(marks).toHaveLength(2);
});
