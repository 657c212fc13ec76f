import { DatabaseSync, type StatementResultingChanges, type StatementSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { toStoreError } from './sqlite-error.ts';
import { createTestFolder } from './test-folder.testing.ts';

const folder = createTestFolder();
const toError = (error: unknown): unknown => toStoreError(error, 'the file');

function open(begun: (operationCount: number) => void = () => {}): {
  readonly commit: GroupCommit;
  readonly insert: (value: string) => void;
  readonly add: (value: string) => Promise<unknown>;
  readonly values: () => unknown[];
} {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (v TEXT UNIQUE)');
  const commit = createGroupCommit({ database, toError, lockTimeoutMs: 100, watcher: { begun } });
  const statement = database.prepare('INSERT INTO t VALUES (?)');
  const insert = (value: string): void => void statement.run(value);
  return {
    commit,
    insert,
    add: (value) => commit.write(() => insert(value)),
    values: () =>
      database
        .prepare('SELECT v FROM t ORDER BY v')
        .all()
        .map((row) => row['v']),
  };
}

it('commits together what was asked for in one turn', async () => {
  const counts: number[] = [];
  const { add, values } = open((count) => counts.push(count));
  await Promise.all(['a', 'b', 'c'].map(add));
  await add('d');
  expect(counts).toEqual([3, 1]);
  expect(values()).toEqual(['a', 'b', 'c', 'd']);
});

it('undoes a bad operation alone, with all that it did', async () => {
  const { commit, add, insert, values } = open();
  const before = add('a');
  const bad = commit.write(() => {
    insert('half of a bad operation');
    throw new RangeError('the other half');
  });
  const clash = add('a');
  const after = add('b');
  await before;
  await expect(bad).rejects.toThrow('the other half');
  await expect(clash).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' });
  await after;
  expect(values()).toEqual(['a', 'b']);
});

it('runs the others again when one has failed, and only then', async () => {
  const { commit, add, insert, values } = open();
  let runCount = 0;
  const counted = (value: string): Promise<unknown> =>
    commit.write(() => {
      runCount += 1;
      insert(value);
    });
  await Promise.all([counted('a'), add('b')]);
  expect(runCount).toBe(1);
  await Promise.allSettled([counted('c'), add('a')]);
  expect(runCount).toBe(3);
  expect(values()).toEqual(['a', 'b', 'c']);
});

/** Another process that takes the lock as soon as a transaction was rolled back, and lets go of it when asked. */
class ContestedDatabase extends DatabaseSync {
  onRolledBack = (): void => {};
  override prepare(sql: string): StatementSync {
    const statement = super.prepare(sql);
    if (sql !== 'ROLLBACK') return statement;
    const rollBack = statement.run.bind(statement);
    const run = (): StatementResultingChanges => {
      const changes = rollBack();
      this.onRolledBack();
      return changes;
    };
    return Object.assign(statement, { run });
  }
}

it('waits for another process also when that was quicker between the two tries', async () => {
  const path = folder.newFile();
  const database = new ContestedDatabase(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 0; CREATE TABLE t (v TEXT)');
  const other = new DatabaseSync(path);
  const tries: string[] = [];
  const commit = createGroupCommit({
    database,
    toError,
    lockTimeoutMs: 60_000,
  });
  database.onRolledBack = () => {
    other.exec('BEGIN IMMEDIATE');
    database.onRolledBack = () => {};
    // The second try meets the lock; only then it is free again.
    queueMicrotask(() => other.exec('COMMIT'));
  };
  const statement = database.prepare('INSERT INTO t VALUES (?)');
  const good = commit.write(() => {
    tries.push('good');
    statement.run('good');
  });
  const bad = commit.write(() => {
    throw new RangeError('bad');
  });
  await Promise.all([good, expect(bad).rejects.toThrow('bad')]);
  expect(tries).toHaveLength(3);
  expect(database.prepare('SELECT COUNT(*) AS count FROM t').get()).toMatchObject({ count: 1 });
  other.close();
  database.close();
});

it('takes what is asked for during a transaction into the next one', async () => {
  const counts: number[] = [];
  const { commit, add, values } = open((count) => counts.push(count));
  let inner: Promise<unknown> | undefined;
  await commit.write(() => {
    inner = add('a');
  });
  await inner;
  expect(counts).toEqual([1, 1]);
  expect(values()).toEqual(['a']);
});

it('rejects everybody, and writes nothing, when the transaction cannot be committed', async () => {
  let broken = true;
  const { add, values } = open(() => {
    if (broken) throw new Error('the disk is gone');
  });
  const answers = await Promise.allSettled(['a', 'b'].map(add));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(values()).toEqual([]);
  broken = false;
  await add('c');
  expect(values()).toEqual(['c']);
});

it('writes what is left before it closes, then refuses', async () => {
  const { commit, add, values } = open();
  const last = add('a');
  await commit.close();
  await last;
  expect(values()).toEqual(['a']);
  await expect(add('b')).rejects.toMatchObject({ code: 'closed' });
});
