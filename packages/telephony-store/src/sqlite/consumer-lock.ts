import { DatabaseSync } from 'node:sqlite';
import { createPrivately } from './open-database.ts';
import { isBusy, toStoreError } from './sqlite-error.ts';

/** The right to run the jobs of a store: one store object at a time has it, in any process. */
export interface ConsumerLock {
  /** True when this store object has it now. Every true asks for one `release`. */
  acquire(): boolean;
  release(): void;
}

/**
 * Locks through a transaction on a file beside the database. The operating system ends it together with the process,
 * however that dies, so no time-out has to tell a dead process from a slow one.
 */
export function createConsumerLock(path: string): ConsumerLock {
  let held: DatabaseSync | undefined;
  let holderCount = 0;
  return {
    acquire() {
      held ??= takeLock(path);
      if (held === undefined) return false;
      holderCount += 1;
      return true;
    },
    release() {
      holderCount -= 1;
      if (holderCount > 0) return;
      held?.close();
      held = undefined;
    },
  };
}

function takeLock(path: string): DatabaseSync | undefined {
  createPrivately(path);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    throw toStoreError(error, path);
  }
}
