import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { collect, createJournal, createTestClock } from '../test-clock.testing.ts';
import { createSqliteStore } from './sqlite-store.ts';
import { createTestFolder } from './test-folder.testing.ts';

const folder = createTestFolder();

/** A file as the first version wrote it. */
function writeVersion1(path: string, jobs: string): void {
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE entries (
      version INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL UNIQUE,
      value TEXT NOT NULL,
      expires_at INTEGER
    ) STRICT;
    CREATE INDEX entries_by_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;
    CREATE TABLE jobs (
      seq INTEGER PRIMARY KEY,
      queue TEXT NOT NULL,
      id TEXT NOT NULL,
      lane TEXT NOT NULL,
      state INTEGER NOT NULL,
      is_head INTEGER NOT NULL,
      payload TEXT NOT NULL,
      not_before INTEGER NOT NULL,
      decided_at INTEGER NOT NULL DEFAULT 0,
      attempt INTEGER NOT NULL DEFAULT 0,
      failures INTEGER NOT NULL DEFAULT 0,
      added_at INTEGER NOT NULL,
      reason TEXT NOT NULL DEFAULT '',
      died_at INTEGER NOT NULL DEFAULT 0,
      expires_at INTEGER,
      UNIQUE (queue, id)
    ) STRICT;
    CREATE INDEX jobs_by_lane ON jobs (queue, lane, seq) WHERE state <= 1;
    CREATE INDEX jobs_at_head ON jobs (queue, seq, not_before, decided_at) WHERE state = 0 AND is_head = 1;
    CREATE INDEX jobs_running ON jobs (queue, seq) WHERE state = 1;
    CREATE INDEX jobs_dead ON jobs (queue, seq) WHERE state = 3;
    CREATE INDEX jobs_by_expiry ON jobs (expires_at) WHERE expires_at IS NOT NULL;
    PRAGMA user_version = 1;
    INSERT INTO entries (key, value) VALUES ('k', 'kept');
    ${jobs}
  `);
  database.close();
}

const jobsOfEveryKind = (nowMs: number): string => `
  INSERT INTO jobs (queue, id, lane, state, is_head, payload, not_before, attempt, failures, added_at, reason, died_at, expires_at)
  VALUES
    ('q', 'running', 'a', 1, 1, '"r"', 0, 1, 0, ${nowMs}, '', 0, NULL),
    ('q', 'waiting', 'a', 0, 0, '"w"', 0, 0, 0, ${nowMs}, '', 0, NULL),
    ('q', 'dead', 'b', 3, 0, '"d"', 0, 8, 8, ${nowMs}, 'given up', ${nowMs}, ${nowMs + 1000}),
    ('q', 'done', 'c', 2, 0, '', 0, 1, 0, ${nowMs}, '', 0, ${nowMs + 1000});
`;

it('takes over everything that the first version wrote', async () => {
  const path = folder.newFile();
  const clock = createTestClock();
  writeVersion1(path, jobsOfEveryKind(clock.now().getTime()));
  const store = createSqliteStore({ path, now: clock.now, pollMs: 1 });
  const queue = store.queue('q', { parse: String });
  expect((await store.keyValue.get('k'))?.value).toBe('kept');
  expect(await queue.inspect()).toMatchObject({ waiting: 1, running: 1, dead: 1 });
  for (const id of ['running', 'waiting', 'dead', 'done']) {
    expect(await queue.add({ id, lane: 'a', payload: '' })).toBe('duplicate');
  }
  expect(await queue.add({ id: 'new', lane: 'a', payload: 'n' })).toBe('added');
  const journal = createJournal();
  const runner = queue.run(async (job) => journal.write(`${job.payload} ${job.attempt}`), {
    concurrency: 4,
  });
  await runner.idle();
  expect(journal.lines).toEqual(['r 2', 'w 1', 'n 1']);
  expect(await collect(queue.dead())).toMatchObject([{ id: 'dead', reason: 'given up' }]);
  clock.advance(1000);
  expect(await queue.add({ id: 'done', lane: 'c', payload: 'again' })).toBe('added');
  await store.close();
});

it('takes over a file in which nothing was ever queued', async () => {
  const path = folder.newFile();
  writeVersion1(path, '');
  const store = createSqliteStore({ path, pollMs: 1 });
  const queue = store.queue('q', { parse: String });
  expect(await queue.add({ id: 'first', lane: 'a', payload: 'f' })).toBe('added');
  const journal = createJournal();
  await queue.run(async ({ payload }) => journal.write(payload), { concurrency: 1 }).idle();
  expect(journal.lines).toEqual(['f']);
  await store.close();
});
