import { describe, expect, it } from 'vitest';
import { describeStoreContract } from '../store-contract.testing.ts';
import { createTestClock } from '../test-clock.testing.ts';
import { createMemoryStore } from './memory-store.ts';

describeStoreContract('memory', async (options) => createMemoryStore(options));

describe('the bounds of the memory store', () => {
  it('refuses a new entry at its cap, still changes old ones, and frees what has expired', async () => {
    const clock = createTestClock();
    const { keyValue } = createMemoryStore({ now: clock.now, maxEntryCount: 2 });
    await keyValue.set('a', '1', { ttlMs: 10 });
    await keyValue.set('b', '1');
    await expect(keyValue.set('c', '1')).rejects.toMatchObject({ code: 'full' });
    expect(await keyValue.set('b', '2')).toBe(true);
    clock.advance(10);
    expect(await keyValue.set('c', '1')).toBe(true);
  });

  it('refuses a new job at its cap rather than forget an id within its window', async () => {
    const clock = createTestClock();
    const store = createMemoryStore({ now: clock.now, maxJobCount: 2 });
    const queue = store.queue('q', { parse: String, dedupeWindowMs: 10 });
    await queue.add({ id: 'a', lane: 'a', payload: '' });
    await queue.add({ id: 'b', lane: 'b', payload: '' });
    const runner = queue.run(async () => {}, { concurrency: 1 });
    await runner.idle();
    await expect(queue.add({ id: 'c', lane: 'c', payload: '' })).rejects.toMatchObject({
      code: 'full',
    });
    expect(await queue.add({ id: 'a', lane: 'a', payload: '' })).toBe('duplicate');
    clock.advance(10);
    expect(await queue.add({ id: 'c', lane: 'c', payload: '' })).toBe('added');
    await store.close();
  });

  it('works with no options at all', async () => {
    const store = createMemoryStore();
    await store.keyValue.set('a', 'b');
    expect((await store.keyValue.get('a'))?.value).toBe('b');
    await store.close();
  });
});
