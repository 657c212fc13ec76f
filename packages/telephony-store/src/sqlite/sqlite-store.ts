import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { createWorkQueue } from '../queue/work-queue-over.ts';
import { closedError } from '../store-error.ts';
import { contextOf, type StoreOptions, type TelephonyStore } from '../store.ts';
import type { Runner } from '../work-queue.ts';
import { createConsumerLock } from './consumer-lock.ts';
import { createGroupCommit } from './group-commit.ts';
import { createHousekeeping } from './housekeeping.ts';
import { createJobMemory } from './job-memory.ts';
import { openDatabase } from './open-database.ts';
import type { Row } from './row.ts';
import type { Session } from './session.ts';
import { toStoreError } from './sqlite-error.ts';
import { createSqliteJobs } from './sqlite-jobs.ts';
import { createSqliteKeyValue } from './sqlite-key-value.ts';

/** What {@link createSqliteStore} takes. */
export interface SqliteStoreOptions extends StoreOptions {
  /** The database file, on a local disk. Created with its folder, for this user alone, when it is missing. */
  readonly path: string;
  /** How long a write goes on trying when another process holds the write lock; default 5 s. */
  readonly lockTimeoutMs?: number;
  /** How often a runner tries to take over when another process runs the jobs; default 250 ms. */
  readonly standbyMs?: number;
}

/**
 * Opens a store in one SQLite file. Needs `node:sqlite`, so Node 22.13 or later.
 *
 * What is asked for in one turn of the event loop is committed together and synced to the disk. Any process may read
 * and add; one store object at a time runs the jobs, the next takes over at once when its process ends.
 *
 * Throws {@link StoreError}: `corrupt` for a damaged file or one that is no database, `unavailable` for a folder that
 * may not be written, another program's database or a newer schema, `readonly`, `full` or `locked`.
 *
 * @example
 * const store = createSqliteStore({ path: './data/telephony.db' });
 * const inbox = store.queue('inbox', { parse: String });
 * await inbox.add({ id: 'SM1', lane: '+15550100123', payload: 'hello' });
 * await store.close();
 */
export function createSqliteStore(options: SqliteStoreOptions): TelephonyStore {
  const { path } = options;
  if (typeof path !== 'string' || path === '' || path === ':memory:') {
    throw new TypeError('path must name a file; for a store in memory use createMemoryStore');
  }
  const file = resolve(path);
  const database = openDatabase(file);
  try {
    return assembleSqliteStore(database, file, options);
  } catch (error) {
    database.close();
    throw toStoreError(error, file);
  }
}

/** Makes a store of a database that is open. */
export function assembleSqliteStore(
  database: DatabaseSync,
  path: string,
  options: Omit<SqliteStoreOptions, 'path'>,
): TelephonyStore {
  const { lockTimeoutMs = 5000, standbyMs = 250 } = options;
  const context = contextOf(options);
  const { nowMs } = context;
  // Waiting for a lock blocks the event loop, so SQLite waits for a moment only; the group commit does the rest.
  database.exec('PRAGMA busy_timeout = 5');
  const toError = (error: unknown): unknown => toStoreError(error, path);
  const housekeeping = createHousekeeping(database, nowMs);
  const memory = createJobMemory(database);
  let expired: readonly Row[] = [];
  const commit = createGroupCommit({
    database,
    toError,
    lockTimeoutMs,
    watcher: {
      begun(operationCount) {
        memory.begun();
        expired = housekeeping.purge(operationCount);
      },
      undone: () => memory.undone(),
      committed: () => memory.gone(expired),
    },
  });
  const runners = new Set<Runner>();
  let closing: Promise<void> | undefined;
  let closed = false;
  const session: Session = {
    database,
    nowMs,
    write: commit.write,
    read(query) {
      if (closed) throw closedError();
      try {
        return query();
      } catch (error) {
        throw toError(error);
      }
    },
  };
  const lock = createConsumerLock(`${path}.consumer`);
  const keyValue = createSqliteKeyValue(session);
  const driverOf = createSqliteJobs(session, lock, memory);
  const assertOpen = (): void => {
    if (closing !== undefined) throw closedError();
  };
  const host = { context, standbyMs, runners, driverOf, assertOpen };

  async function close(): Promise<void> {
    await Promise.all([...runners].map((runner) => runner.close()));
    await commit.close();
    closed = true;
    database.close();
  }
  return {
    keyValue,
    queue: (name, queueOptions) => createWorkQueue(host, name, queueOptions),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
