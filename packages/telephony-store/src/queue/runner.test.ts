import { expect, it } from 'vitest';
import { createMemoryStore } from '../memory/memory-store.ts';
import { MemoryJobs } from '../memory/memory-jobs.ts';
import { StoreError } from '../store-error.ts';
import { contextOf } from '../store.ts';
import { createGate, createJournal } from '../test-clock.testing.ts';
import type { Runner } from '../work-queue.ts';
import type { QueueDriver } from './queue-driver.ts';
import { createWorkQueue } from './work-queue-over.ts';

const jobs = (): MemoryJobs =>
  new MemoryJobs({ nowMs: Date.now, maxJobCount: 10, assertOpen: () => {} });

it('goes on after a store that cannot even tell whether somebody else has written', async () => {
  const memory = jobs().driver();
  const reported: unknown[] = [];
  let brokenCount = 3;
  const driver = {
    ...memory,
    foreignChanges() {
      brokenCount -= 1;
      if (brokenCount >= 0) throw new Error('the disk is gone');
      return 0;
    },
  };
  const context = contextOf({ pollMs: 1, onError: (error) => reported.push(error) });
  const host = {
    context,
    standbyMs: 1,
    runners: new Set<Runner>(),
    driverOf: () => driver,
    assertOpen: () => {},
  };
  const queue = createWorkQueue(host, 'q', { parse: String });
  await queue.add({ id: 'x', lane: 'a', payload: '' });
  const journal = createJournal();
  const runner = queue.run(async ({ id }) => journal.write(id), { concurrency: 1 });
  await runner.idle();
  expect(journal.lines).toEqual(['x']);
  expect(reported).toHaveLength(3);
  await runner.close();
});

it('is not stopped by a listener that throws', async () => {
  const store = createMemoryStore({
    pollMs: 1,
    onError() {
      throw new Error('a logger that breaks');
    },
  });
  const queue = store.queue('q', {
    parse: String,
    firstRetryMs: 0,
    onFailure() {
      throw new Error('another one');
    },
  });
  const journal = createJournal();
  queue.run(
    async ({ attempt }) => {
      journal.write(String(attempt));
      if (attempt === 1) throw new Error('once');
    },
    { concurrency: 1 },
  );
  await queue.add({ id: 'x', lane: 'a', payload: '' });
  await journal.reaches(2);
  await store.close();
  expect(journal.lines).toEqual(['1', '2']);
});

/** A queue over a driver of which some parts are replaced. */
function queueOver(change: (memory: QueueDriver) => Partial<QueueDriver>, closeMs = 60_000) {
  const memory = jobs().driver();
  const driver = { ...memory, ...change(memory) };
  const reported: unknown[] = [];
  const context = contextOf({ pollMs: 1, onError: (error) => reported.push(error) });
  const queue = createWorkQueue(
    {
      context,
      standbyMs: 1,
      closeMs,
      runners: new Set<Runner>(),
      driverOf: () => driver,
      assertOpen: () => {},
    },
    'q',
    { parse: String },
  );
  return { queue, reported };
}

it('writes down what became of a job though it was closed meanwhile and the store was locked', async () => {
  let brokenCount = 5;
  const { queue, reported } = queueOver((memory) => ({
    settle(job, settlement) {
      brokenCount -= 1;
      return brokenCount >= 0
        ? Promise.reject(new StoreError('locked', 'another process writes'))
        : memory.settle(job, settlement);
    },
  }));
  const gate = createGate();
  const began = createGate();
  const runner = queue.run(
    async () => {
      began.open();
      await gate.opened;
    },
    { concurrency: 1 },
  );
  await queue.add({ id: 'x', lane: 'a', payload: '' });
  await began.opened;
  const closed = runner.close();
  gate.open();
  await closed;
  expect(reported).toHaveLength(5);
  expect(await queue.inspect()).toMatchObject({ waiting: 0, running: 0 });
});

it.each([
  ['fails', new StoreError('full', 'the disk is full')],
  ['stays locked', new StoreError('locked', 'another process writes')],
])('closes all the same when the store %s', async (_, error) => {
  const { queue } = queueOver(() => ({ settle: () => Promise.reject(error) }), 1);
  const journal = createJournal();
  const runner = queue.run(async ({ id }) => journal.write(id), { concurrency: 1 });
  await queue.add({ id: 'x', lane: 'a', payload: '' });
  await journal.reaches(1);
  await runner.close();
  expect(await queue.inspect()).toMatchObject({ running: 1 });
});

it('begins nothing once it is closed: what it was about to take waits for the next one', async () => {
  const { queue } = queueOver(() => ({}));
  await queue.add({ id: 'x', lane: 'a', payload: '' });
  const journal = createJournal();
  const handler = async ({ id }: { id: string }): Promise<void> => journal.write(id);
  // It looks for work at once, and is closed before it can have found any.
  await queue.run(handler, { concurrency: 1 }).close();
  expect(journal.lines).toEqual([]);
  expect(await queue.inspect()).toMatchObject({ waiting: 1, running: 0 });
  const next = queue.run(handler, { concurrency: 1 });
  await next.idle();
  await next.close();
  expect(journal.lines).toEqual(['x']);
});
