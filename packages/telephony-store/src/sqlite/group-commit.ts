import type { DatabaseSync } from 'node:sqlite';
import { closedError } from '../store-error.ts';
import { isBusy } from './sqlite-error.ts';

/** The one way to write: what is asked for in one turn of the event loop is committed together. */
export interface GroupCommit {
  /**
   * Runs an operation inside the next transaction, alone: when it throws, only its own changes are undone. Resolves
   * after the commit, rejects when operation or commit failed.
   *
   * The operation may run twice: what the first run wrote is undone then, so it must not leave anything else behind.
   *
   * @param onCommit is told the result right after the commit, before the caller; it must not throw
   */
  readonly write: <Result>(
    operation: () => Result,
    onCommit?: (result: Result) => void,
  ) => Promise<Result>;
  /** Writes what is left, then refuses. */
  close(): Promise<void>;
}

export interface GroupCommitOptions {
  readonly database: DatabaseSync;
  readonly toError: (error: unknown) => unknown;
  /** How long to go on when another process holds the write lock. */
  readonly lockTimeoutMs: number;
  /** Told of every transaction. */
  readonly watcher?: TransactionWatcher;
}

/** What has to happen with every transaction, or be undone with it. */
export interface TransactionWatcher {
  /** Runs first in it, told how many operations follow. */
  begun?(operationCount: number): void;
  /** Some or all of what was written since {@link begun} was undone. */
  undone?(): void;
  /** Runs after the commit, in the same turn; it must not throw. */
  committed?(): void;
}

interface PendingWrite {
  tries: number;
  /** Does the work, and returns how to tell its caller. */
  readonly apply: () => () => void;
  readonly reject: (error: unknown) => void;
}

const lockRetryMs = 20;

export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { database, toError, watcher } = options;
  const maxTries = Math.max(1, Math.ceil(options.lockTimeoutMs / lockRetryMs));
  const sql = {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    save: database.prepare('SAVEPOINT operation'),
    release: database.prepare('RELEASE operation'),
    undo: database.prepare('ROLLBACK TO operation'),
  };
  const drained = new Set<() => void>();
  let pending: PendingWrite[] = [];
  let scheduled = false;
  let closed = false;

  function schedule(delayMs: number): void {
    if (scheduled) return;
    scheduled = true;
    if (delayMs === 0) setImmediate(commitPending);
    else setTimeout(commitPending, delayMs);
  }

  function commitPending(): void {
    scheduled = false;
    const batch = pending;
    pending = [];
    commit(batch);
    if (pending.length > 0) return schedule(lockRetryMs);
    for (const resolve of drained) resolve();
    drained.clear();
  }

  function commit(batch: readonly PendingWrite[]): void {
    try {
      sql.begin.run();
    } catch (error) {
      fail(batch, error);
      return;
    }
    // One operation alone would only fail a second time.
    const answers = applyTogether(batch) ?? (batch.length === 1 ? undefined : applyOneByOne(batch));
    if (answers === undefined) return;
    for (const answer of answers) answer();
    // Not within the tries: what is committed must not be done again.
    watcher?.committed?.();
  }

  /** The usual way. When one operation fails, all of them are undone, and nobody is told anything. */
  function applyTogether(batch: readonly PendingWrite[]): readonly (() => void)[] | undefined {
    try {
      watcher?.begun?.(batch.length);
      const answers = batch.map(({ apply }) => apply());
      sql.commit.run();
      return answers;
    } catch (error) {
      rollBack();
      if (batch.length === 1) fail(batch, error);
      return undefined;
    }
  }

  /** Finds out whose fault it is. A savepoint for each would cost the usual way half as much again. */
  function applyOneByOne(batch: readonly PendingWrite[]): readonly (() => void)[] | undefined {
    try {
      sql.begin.run();
      watcher?.begun?.(batch.length);
      const answers = batch.map(applyAlone);
      sql.commit.run();
      return answers;
    } catch (error) {
      rollBack();
      // Another process was quicker between the two transactions, or the second try met it at its end.
      fail(batch, error);
      return undefined;
    }
  }

  function applyAlone(write: PendingWrite): () => void {
    sql.save.run();
    try {
      const answer = write.apply();
      sql.release.run();
      return answer;
    } catch (error) {
      try {
        sql.undo.run();
        sql.release.run();
        watcher?.undone?.();
      } catch {
        // SQLite has already rolled everything back, as it does when the disk is full.
        throw error;
      }
      return () => write.reject(toError(error));
    }
  }

  function rollBack(): void {
    try {
      sql.rollback.run();
    } catch {
      // There is no transaction any more: SQLite ended it by itself.
    }
    watcher?.undone?.();
  }

  function fail(batch: readonly PendingWrite[], error: unknown): void {
    if (isBusy(error)) postpone(batch, error);
    else rejectAll(batch, error);
  }

  function postpone(batch: readonly PendingWrite[], error: unknown): void {
    for (const write of batch) {
      write.tries += 1;
      if (write.tries < maxTries) pending.push(write);
      else write.reject(toError(error));
    }
  }

  function rejectAll(batch: readonly PendingWrite[], error: unknown): void {
    const reason = toError(error);
    for (const write of batch) write.reject(reason);
  }

  return {
    write: (operation, onCommit) =>
      new Promise((resolve, reject) => {
        if (closed) throw closedError();
        const apply = (): (() => void) => {
          const result = operation();
          return () => {
            onCommit?.(result);
            resolve(result);
          };
        };
        pending.push({ tries: 0, apply, reject });
        schedule(0);
      }),
    close: async () => {
      closed = true;
      if (pending.length === 0) return;
      await new Promise<void>((resolve) => drained.add(resolve));
    },
  };
}
