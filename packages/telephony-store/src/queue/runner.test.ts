import { expect, it } from 'vitest';
import { createMemoryStore } from '../memory/memory-store.ts';
import { MemoryJobs } from '../memory/memory-jobs.ts';
import { contextOf } from '../store.ts';
import { createJournal } from '../test-clock.testing.ts';
import type { Runner } from '../work-queue.ts';
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
