import { afterEach, describe, expect, it } from 'vitest';
import { testKeyValue } from './key-value-contract.testing.ts';
import { testDeadJobs } from './dead-jobs-contract.testing.ts';
import { testLanes } from './lanes-contract.testing.ts';
import { testQueue } from './queue-contract.testing.ts';
import { StoreError } from './store-error.ts';
import type { StoreOptions, TelephonyStore } from './store.ts';
import { collect, createGate, createJournal } from './test-clock.testing.ts';

/** Opens an empty store that the suite closes by itself. Its runners look for work every millisecond. */
export type OpenStore = (options?: StoreOptions) => Promise<TelephonyStore>;

/** What every driver promises, whatever it keeps its data in. */
export function describeStoreContract(
  driver: string,
  open: (options: StoreOptions) => Promise<TelephonyStore>,
): void {
  const opened: TelephonyStore[] = [];
  const openOwned: OpenStore = async (options) => {
    const store = await open({ pollMs: 1, ...options });
    opened.push(store);
    return store;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  describe(`the ${driver} store`, () => {
    describe('as a key-value store', () => {
      testKeyValue(openOwned);
    });
    describe('as a queue', () => {
      testQueue(openOwned);
    });
    describe('in lanes', () => {
      testLanes(openOwned);
    });
    describe('with jobs that fail', () => {
      testDeadJobs(openOwned);
    });
    describe('when it is closed', () => {
      testClose(openOwned);
    });
  });
}

function testClose(open: OpenStore): void {
  it('waits for running handlers, lets them write, and starts nothing more', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    const journal = createJournal();
    const gate = createGate();
    queue.run(
      async ({ id }) => {
        journal.write(id);
        await gate.opened;
        await store.keyValue.set(`done/${id}`, 'yes');
        journal.write(`${id} written`);
      },
      { concurrency: 1 },
    );
    await queue.add({ id: 'first', lane: 'a', payload: '' });
    await queue.add({ id: 'second', lane: 'b', payload: '' });
    await journal.reaches(1);
    const closed = store.close();
    gate.open();
    await closed;
    expect(journal.lines).toEqual(['first', 'first written']);
  });

  it('closes a runner without the store, which then runs nothing', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    const journal = createJournal();
    const runner = queue.run(async ({ id }) => journal.write(id), { concurrency: 1 });
    await runner.close();
    await runner.close();
    await runner.idle();
    await queue.add({ id: 'first', lane: 'a', payload: '' });
    const next = queue.run(async ({ id }) => journal.write(`${id} by the next`), {
      concurrency: 1,
    });
    await next.idle();
    expect(journal.lines).toEqual(['first by the next']);
  });

  it('says that it is closed, whatever it is asked', async () => {
    const store = await open();
    const queue = store.queue('q', { parse: String });
    await store.close();
    await store.close();
    const asked: (() => Promise<unknown>)[] = [
      () => store.keyValue.get('a'),
      () => store.keyValue.set('a', 'b'),
      () => store.keyValue.delete('a'),
      () => collect(store.keyValue.list('')),
      () => queue.add({ id: 'x', lane: 'x', payload: '' }),
      () => queue.inspect(),
      () => collect(queue.dead()),
      () => queue.retryDead('x'),
      async () => queue.run(async () => {}, { concurrency: 1 }),
    ];
    for (const ask of asked) {
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      expect(StoreError.isInstance(error) && error.code).toBe('closed');
    }
  });
}
