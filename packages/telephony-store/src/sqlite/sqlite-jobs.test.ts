import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { createGroupCommit } from './group-commit.ts';
import { createJobMemory } from './job-memory.ts';
import { prepareSchema } from './schema.ts';
import { createSqliteJobs } from './sqlite-jobs.ts';

it('runs nothing twice when the first of two looks for work at once fails', async () => {
  const database = new DatabaseSync(':memory:');
  prepareSchema(database, 'memory');
  const memory = createJobMemory(database);
  const { write } = createGroupCommit({
    database,
    toError: (error) => error,
    lockTimeoutMs: 100,
    watcher: memory,
  });
  let failuresLeft = 0;
  const nowMs = (): number => {
    failuresLeft -= 1;
    if (failuresLeft >= 0) throw new Error('no clock');
    return 1000;
  };
  const driver = createSqliteJobs(
    { database, nowMs, write, read: (query) => query() },
    { acquire: () => true, release: () => {} },
    memory,
  )('q', { maxAttempts: 8, deadRetentionMs: 1 });
  for (const id of ['1', '2', '3']) {
    await driver.add({ id, lane: id, payload: '""', notBeforeMs: 0 });
  }
  driver.enter();
  // Alone: what is alone is tried once.
  failuresLeft = 1;
  const looks = await Promise.allSettled([driver.claim(1), driver.claim(1)]);
  expect(looks.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  const { jobs } = await driver.claim(10);
  expect(jobs.map(({ id, failures }) => [id, failures])).toEqual([
    ['2', 0],
    ['3', 0],
  ]);
  database.close();
});
