import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { toStoreError } from './sqlite-error.ts';

const toError = (error: unknown): unknown => toStoreError(error, 'the file');

function open(housekeeping: (operationCount: number) => void = () => {}): {
  readonly commit: GroupCommit;
  readonly insert: (value: string) => void;
  readonly add: (value: string) => Promise<unknown>;
  readonly values: () => unknown[];
} {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (v TEXT UNIQUE)');
  const commit = createGroupCommit({ database, toError, lockTimeoutMs: 100, housekeeping });
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
