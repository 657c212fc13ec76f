import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareCodePoints } from './code-point-order.ts';
import type { OpenStore } from './store-contract.testing.ts';
import { collect, createTestClock } from './test-clock.testing.ts';

/** What every `KeyValueStore` promises. */
export function testKeyValue(open: OpenStore): void {
  it('reads what was written, and nothing of another key', async () => {
    const { keyValue } = await open();
    expect(await keyValue.set('a', 'one')).toBe(true);
    expect(await keyValue.get('a')).toMatchObject({ key: 'a', value: 'one' });
    expect(await keyValue.get('A')).toBeUndefined();
    expect(await keyValue.get('')).toBeUndefined();
  });

  it('gives every write another version, also after a delete', async () => {
    const { keyValue } = await open();
    const versions = new Set<string | undefined>();
    for (let round = 0; round < 3; round += 1) {
      await keyValue.set('a', 'same');
      versions.add((await keyValue.get('a'))?.version);
      await keyValue.set('a', 'same');
      versions.add((await keyValue.get('a'))?.version);
      await keyValue.delete('a');
    }
    expect(versions.size).toBe(6);
  });

  it('writes and deletes only while the version is the one that was read', async () => {
    const { keyValue } = await open();
    await keyValue.set('a', 'one');
    const first = await keyValue.get('a');
    const version = first?.version ?? '';
    await keyValue.set('a', 'two');
    expect(await keyValue.set('a', 'three', { ifVersion: version })).toBe(false);
    expect(await keyValue.delete('a', { ifVersion: version })).toBe(false);
    expect(await keyValue.set('a', 'three', { ifVersion: 'absent' })).toBe(false);
    const second = await keyValue.get('a');
    expect(second?.value).toBe('two');
    expect(await keyValue.set('a', 'three', { ifVersion: second?.version ?? '' })).toBe(true);
    expect(await keyValue.delete('a')).toBe(true);
    expect(await keyValue.delete('a')).toBe(false);
  });

  it('lets exactly one of many win who all expect the key to be absent', async () => {
    const { keyValue } = await open();
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        keyValue.set('a', String(index), { ifVersion: 'absent' }),
      ),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await keyValue.get('a'))?.value).toBe(String(won.indexOf(true)));
  });

  it('counts right when many count at once by conditional writes', async () => {
    const { keyValue } = await open();
    const count = async (): Promise<void> => {
      for (;;) {
        const entry = await keyValue.get('n');
        const next = String(Number(entry?.value ?? 0) + 1);
        if (await keyValue.set('n', next, { ifVersion: entry?.version ?? 'absent' })) return;
      }
    };
    await Promise.all(Array.from({ length: 12 }, count));
    expect((await keyValue.get('n'))?.value).toBe('12');
  });

  it('expires an entry at the very millisecond of its expiry', async () => {
    const clock = createTestClock();
    const { keyValue } = await open({ now: clock.now });
    await keyValue.set('a', 'one', { ttlMs: 1000 });
    const version = (await keyValue.get('a'))?.version ?? '';
    clock.advance(999);
    expect((await keyValue.get('a'))?.value).toBe('one');
    clock.advance(1);
    expect(await keyValue.get('a')).toBeUndefined();
    expect(await collect(keyValue.list(''))).toEqual([]);
    expect(await keyValue.delete('a')).toBe(false);
    expect(await keyValue.set('a', 'two', { ifVersion: version })).toBe(false);
    expect(await keyValue.set('a', 'two', { ifVersion: 'absent' })).toBe(true);
  });

  it('forgets the old expiry when an entry is written again', async () => {
    const clock = createTestClock();
    const { keyValue } = await open({ now: clock.now });
    await keyValue.set('a', 'one', { ttlMs: 1000 });
    await keyValue.set('a', 'two');
    clock.advance(5000);
    expect((await keyValue.get('a'))?.value).toBe('two');
  });

  it('lists in the order of code points what starts with the prefix', async () => {
    const { keyValue } = await open();
    // From every length of UTF-8, and from both sides of the surrogates.
    const unit = fc.constantFrom(
      'a',
      'b',
      '\u00E9',
      '\uD7FF',
      '\uE000',
      '\uFFFD',
      '\u{10000}',
      '\u{1F600}',
    );
    const key = fc.string({ unit, maxLength: 4 });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 12 }),
        key,
        key,
        async (keys, start, at) => {
          round += 1;
          const prefix = `${round}/${start}`;
          const full = keys.map((one, index) => (index % 2 === 0 ? prefix : `${round}/`) + one);
          const after = `${round}/${at}`;
          await Promise.all(full.map((one) => keyValue.set(one, 'x')));
          const expected = [...new Set(full)]
            .filter((one) => one.startsWith(prefix) && compareCodePoints(one, after) > 0)
            .toSorted(compareCodePoints);
          const listed = await collect(keyValue.list(prefix, { after }));
          expect(listed.map((entry) => entry.key)).toEqual(expected);
          const some = await collect(keyValue.list(prefix, { after, limit: 2 }));
          expect(some).toEqual(listed.slice(0, 2));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('lists every lasting entry once while others come and go', async () => {
    const { keyValue } = await open();
    const lasting = Array.from({ length: 250 }, (_, index) => `k${String(index).padStart(4, '0')}`);
    await Promise.all(lasting.map((key) => keyValue.set(key, 'x')));
    const seen: string[] = [];
    for await (const { key } of keyValue.list('k')) {
      seen.push(key);
      if (seen.length % 25 !== 0) continue;
      await keyValue.set(key, 'written again');
      await keyValue.set(`${key}-new`, 'x');
      await keyValue.delete(`k0000-new`);
    }
    expect(seen.filter((key) => !key.endsWith('-new'))).toEqual(lasting);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('refuses text that one driver would keep and another would change', async () => {
    const { keyValue } = await open();
    for (const bad of ['a\0b', '\uD800']) {
      await expect(keyValue.set(bad, 'x')).rejects.toThrow(TypeError);
      await expect(keyValue.set('x', bad)).rejects.toThrow(TypeError);
      await expect(keyValue.get(bad)).rejects.toThrow(TypeError);
    }
    for (const ttlMs of [0, -1, Number.NaN, Infinity]) {
      await expect(keyValue.set('x', 'y', { ttlMs })).rejects.toThrow(RangeError);
    }
    await expect(collect(keyValue.list('', { limit: 1.5 }))).rejects.toThrow(RangeError);
    expect(await collect(keyValue.list(''))).toEqual([]);
  });
}
