import { chmodSync, mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { StoreOptions, TelephonyStore } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { createGate, createJournal, createTestClock } from '../test-clock.testing.ts';
import { openDatabase } from './open-database.ts';
import { assembleSqliteStore, createSqliteStore } from './sqlite-store.ts';
import { createTestFolder } from './test-folder.testing.ts';

const folder = createTestFolder();

/** A store together with its own connection, through which a test can make trouble for it. */
function openWithConnection(options: StoreOptions & { readonly lockTimeoutMs?: number } = {}): {
  readonly store: TelephonyStore;
  readonly database: DatabaseSync;
  readonly path: string;
} {
  const path = folder.newFile();
  const database = openDatabase(path);
  return { store: assembleSqliteStore(database, path, { pollMs: 1, ...options }), database, path };
}

const modeOf = (file: string): number => statSync(file).mode & 0o777;

const codeOf = (error: unknown): string =>
  StoreError.isInstance(error) ? error.code : `no StoreError: ${String(error)}`;

function pageCountOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
}

describe('a full disk', () => {
  it('rejects every write of the commit, writes half of nothing, and passes', async () => {
    const { store, database } = openWithConnection();
    const queue = store.queue('q', { parse: String });
    database.exec(`PRAGMA max_page_count = ${pageCountOf(database)}`);
    const payload = 'x'.repeat(20_000);
    const answers = await Promise.allSettled(
      ['a', 'b', 'c'].map((id) => queue.add({ id, lane: 'a', payload })),
    );
    for (const answer of answers) {
      expect(answer.status === 'rejected' && codeOf(answer.reason)).toBe('full');
    }
    expect(await queue.inspect()).toMatchObject({ waiting: 0 });
    database.exec('PRAGMA max_page_count = 1000000');
    expect(await queue.add({ id: 'a', lane: 'a', payload })).toBe('added');
    await store.close();
  });
});

describe('a file that cannot be written for a while, with jobs running', () => {
  it('makes no job run twice that was done meanwhile', async () => {
    const reported: unknown[] = [];
    const path = folder.newFile();
    const database = openDatabase(path);
    const failed = createGate();
    const store = assembleSqliteStore(database, path, {
      pollMs: 1,
      onError(error) {
        reported.push(error);
        failed.open();
      },
    });
    const queue = store.queue('q', { parse: String });
    const journal = createJournal();
    const runner = queue.run(
      async ({ id, attempt }) => {
        journal.write(`${id} ${attempt}`);
        if (id === 'first') database.exec('PRAGMA query_only = ON');
      },
      { concurrency: 1 },
    );
    await Promise.all(['first', 'second'].map((id) => queue.add({ id, lane: 'a', payload: '' })));
    await failed.opened;
    database.exec('PRAGMA query_only = OFF');
    await journal.reaches(2);
    await runner.idle();
    expect(journal.lines).toEqual(['first 1', 'second 1']);
    expect(codeOf(reported[0])).toBe('readonly');
    expect(await queue.inspect()).toMatchObject({ waiting: 0, running: 0, dead: 0 });
    await store.close();
  });

  it('starts what waits as soon as it can be written again', async () => {
    const failed = createGate();
    const { store, database } = openWithConnection({ onError: () => failed.open() });
    const queue = store.queue('q', { parse: String });
    await queue.add({ id: 'x', lane: 'a', payload: '' });
    database.exec('PRAGMA query_only = ON');
    const journal = createJournal();
    queue.run(async ({ attempt }) => journal.write(String(attempt)), { concurrency: 1 });
    await failed.opened;
    expect(journal.lines).toEqual([]);
    database.exec('PRAGMA query_only = OFF');
    await journal.reaches(1);
    expect(journal.lines).toEqual(['1']);
    await store.close();
  });

  it('lets the store close all the same; what could not be written down runs again', async () => {
    const { store, database, path } = openWithConnection();
    const queue = store.queue('q', { parse: String });
    const journal = createJournal();
    queue.run(
      async ({ attempt }) => {
        database.exec('PRAGMA query_only = ON');
        journal.write(`first ${attempt}`);
      },
      { concurrency: 1 },
    );
    await queue.add({ id: 'x', lane: 'a', payload: '' });
    await journal.reaches(1);
    await store.close();

    const next = createSqliteStore({ path, pollMs: 1 });
    const again = next.queue('q', { parse: String });
    await again
      .run(async ({ attempt }) => journal.write(`again ${attempt}`), { concurrency: 1 })
      .idle();
    expect(journal.lines).toEqual(['first 1', 'again 2']);
    await next.close();
  });
});

describe('a file that may only be read', () => {
  it('still answers reads, and says what is wrong with writes until it can be written', async () => {
    const { store, database } = openWithConnection();
    await store.keyValue.set('a', 'before');
    database.exec('PRAGMA query_only = ON');
    const error: unknown = await store.keyValue
      .set('a', 'after')
      .catch((thrown: unknown) => thrown);
    expect(codeOf(error)).toBe('readonly');
    expect(String(error)).toMatch(/write permission/u);
    expect((await store.keyValue.get('a'))?.value).toBe('before');
    database.exec('PRAGMA query_only = OFF');
    expect(await store.keyValue.set('a', 'after')).toBe(true);
    await store.close();
  });
});

describe('a file that another process has locked', () => {
  it('goes on trying for its time, then says so, and works once the lock is gone', async () => {
    const { store, path } = openWithConnection({ lockTimeoutMs: 1 });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const answers = await Promise.allSettled(['a', 'b'].map((key) => store.keyValue.set(key, 'x')));
    for (const answer of answers) {
      expect(answer.status === 'rejected' && codeOf(answer.reason)).toBe('locked');
    }
    expect(await store.keyValue.get('a')).toBeUndefined();
    other.exec('COMMIT');
    expect(await store.keyValue.set('a', 'x')).toBe(true);
    other.close();
    await store.close();
  });

  it('waits for a lock that goes away in time, without blocking the process', async () => {
    const { store, path } = openWithConnection();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const written = store.keyValue.set('a', 'x');
    // The first try and the lock's end are in different turns of the event loop.
    await new Promise((resolve) => void setImmediate(() => setImmediate(resolve)));
    other.exec('COMMIT');
    expect(await written).toBe(true);
    other.close();
    await store.close();
  });
});

describe('opening', () => {
  it('creates folder and file for this user alone', async () => {
    const path = join(folder.path, 'deep', 'below', 'store.db');
    const store = createSqliteStore({ path });
    const runner = store.queue('q', { parse: String }).run(async () => {}, { concurrency: 1 });
    await store.keyValue.set('a', 'b');
    await runner.idle();
    expect(modeOf(join(folder.path, 'deep', 'below'))).toBe(0o700);
    for (const suffix of ['', '-wal', '.consumer']) expect(modeOf(path + suffix)).toBe(0o600);
    await store.close();
  });

  it('leaves the mode of a file that exists as it is', async () => {
    const path = folder.newFile();
    writeFileSync(path, '');
    chmodSync(path, 0o640);
    await createSqliteStore({ path }).close();
    expect(modeOf(path)).toBe(0o640);
  });

  it('names the file that is no database', () => {
    const path = folder.newFile();
    writeFileSync(path, 'this has never been a database, whatever its name says');
    expect(() => createSqliteStore({ path })).toThrow(
      expect.objectContaining({ code: 'corrupt', message: expect.stringContaining(path) }),
    );
  });

  it('finds out about a damaged file, at the latest when it reads the damage', async () => {
    const path = folder.newFile();
    const store = createSqliteStore({ path });
    await store.keyValue.set('a', 'x'.repeat(50_000));
    await store.close();
    truncateSync(path, statSync(path).size - 3 * 4096);
    const read = async (): Promise<unknown> => createSqliteStore({ path }).keyValue.get('a');
    expect(codeOf(await read().catch((error: unknown) => error))).toBe('corrupt');
  });

  it("leaves another program's database and a newer schema alone", () => {
    const foreign = folder.newFile();
    const other = new DatabaseSync(foreign);
    other.exec('CREATE TABLE invoices (id INTEGER)');
    other.close();
    expect(() => createSqliteStore({ path: foreign })).toThrow(/another program's database/u);

    const newer = folder.newFile();
    const later = new DatabaseSync(newer);
    later.exec('PRAGMA user_version = 99');
    later.close();
    expect(() => createSqliteStore({ path: newer })).toThrow(/schema version 99/u);
  });

  it('says what to do about a path that cannot be', () => {
    const path = folder.newFile();
    writeFileSync(path, '');
    expect(() => createSqliteStore({ path: join(path, 'store.db') })).toThrow(
      expect.objectContaining({ code: 'unavailable', message: expect.stringContaining(path) }),
    );
    const directory = join(folder.path, 'directory');
    mkdirSync(directory);
    expect(() => createSqliteStore({ path: directory })).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
    for (const bad of ['', ':memory:']) {
      expect(() => createSqliteStore({ path: bad })).toThrow(TypeError);
    }
  });
});

describe('the file', () => {
  it('keeps no payload of a finished job, and drops what has expired', async () => {
    const clock = createTestClock();
    const { store, database } = openWithConnection({ now: clock.now });
    const queue = store.queue('q', { parse: String, dedupeWindowMs: 1000 });
    const runner = queue.run(async () => {}, { concurrency: 8 });
    for (let index = 0; index < 40; index += 1) {
      await queue.add({ id: `j${index}`, lane: `l${index}`, payload: 'canary' });
      await store.keyValue.set(`k${index}`, 'x', { ttlMs: 1000 });
    }
    await runner.idle();
    const counts = (): unknown =>
      database
        .prepare(
          `SELECT (SELECT COUNT(*) FROM jobs) AS jobs, (SELECT COUNT(*) FROM entries) AS entries,
           (SELECT COUNT(*) FROM done) AS done`,
        )
        .get();
    expect(counts()).toEqual({ jobs: 0, entries: 40, done: 40 });
    clock.advance(1000);
    for (let index = 0; index < 4; index += 1) await store.keyValue.set('a', 'b');
    expect(counts()).toEqual({ jobs: 0, entries: 1, done: 0 });
    await store.close();
  });

  it('takes an id again that has expired but was not dropped yet', async () => {
    const clock = createTestClock();
    const { store } = openWithConnection({ now: clock.now });
    const queue = store.queue('q', { parse: String, dedupeWindowMs: 1000 });
    const ids = Array.from({ length: 60 }, (_, index) => String(index));
    const addAll = (from: number): Promise<string[]> =>
      Promise.all(ids.slice(from).map((id) => queue.add({ id, lane: id, payload: id })));
    await addAll(0);
    await queue.run(async () => {}, { concurrency: 60 }).idle();
    clock.advance(1000);
    // One commit drops a few of them, oldest first; the last one is still there.
    expect(await addAll(59)).toEqual(['added']);
    expect(await queue.add({ id: '59', lane: '59', payload: '' })).toBe('duplicate');
    await store.close();
  });
});

describe('running jobs', () => {
  it('takes over what a dead process left, also when another write of the same commit fails', async () => {
    const { store, database } = openWithConnection();
    database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON entries WHEN new.key = 'bad'
      BEGIN SELECT RAISE(ABORT, 'refused'); END`);
    const queue = store.queue('q', { parse: String });
    await queue.add({ id: 'left', lane: 'a', payload: '' });
    database.exec('UPDATE jobs SET state = 1, attempt = 1');
    const journal = createJournal();
    const runner = queue.run(async ({ id, attempt }) => journal.write(`${id} ${attempt}`), {
      concurrency: 1,
    });
    const writes = await Promise.allSettled(
      ['good', 'bad'].map((key) => store.keyValue.set(key, 'x')),
    );
    expect(writes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await runner.idle();
    expect(journal.lines).toEqual(['left 2']);
    await store.close();
  });

  it('is refused with a reason when the lock beside the file cannot be had', async () => {
    const { store, path } = openWithConnection();
    mkdirSync(`${path}.consumer`);
    const queue = store.queue('q', { parse: String });
    expect(() => queue.run(async () => {}, { concurrency: 1 })).toThrow(
      expect.objectContaining({ code: 'unavailable', message: expect.stringContaining(path) }),
    );
    expect(await queue.add({ id: 'x', lane: 'a', payload: '' })).toBe('added');
    await store.close();
  });

  it('finds a damaged job in the way of nothing else', async () => {
    const { store, database } = openWithConnection();
    const queue = store.queue('q', { parse: String });
    await queue.add({ id: 'damaged', lane: 'a', payload: 'x' });
    await queue.add({ id: 'sound', lane: 'a', payload: 'y' });
    database.exec("UPDATE jobs SET payload = '{' WHERE id = 'damaged'");
    const journal = createJournal();
    await queue.run(async ({ id }) => journal.write(id), { concurrency: 1 }).idle();
    expect(journal.lines).toEqual(['sound']);
    expect(await queue.inspect()).toMatchObject({ dead: 1 });
    await store.close();
  });
});
