import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';
import { textIn } from './row.ts';
import { prepareSchema } from './schema.ts';
import { isBusy, toStoreError } from './sqlite-error.ts';

const openTries = 20;
const openTimeoutMs = 5000;

/** Opens the file, creating it and its folder for this user alone when they are missing. */
export function openDatabase(path: string): DatabaseSync {
  createPrivately(path);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${openTimeoutMs}`);
    enterWalMode(database, path);
    // In WAL mode NORMAL may lose the last commits when the power fails.
    database.exec('PRAGMA synchronous = FULL');
    // Pages that change again and again are copied back once in 16 MiB of log instead of once in 4; more would make the one who copies wait.
    database.exec('PRAGMA wal_autocheckpoint = 4096');
    // So that what waits and what is purged need not be read again. Taken only as the file grows, 8 MiB at most.
    database.exec('PRAGMA cache_size = -8192');
    prepareSchema(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw toStoreError(error, path);
  }
}

/** Creates an empty file with mode 0600. Never opens one that exists: closing it would drop this process's locks. */
export function createPrivately(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EEXIST') return;
    throw new StoreError(
      code === 'ENOSPC' ? 'full' : 'unavailable',
      `the store ${path} cannot be created (${code}): choose a folder that this user may write`,
      { cause: error },
    );
  }
}

function enterWalMode(database: DatabaseSync, path: string): void {
  const mode = journalModeAfterSwitch(database);
  if (mode === 'wal') return;
  throw new StoreError(
    'unavailable',
    `the store ${path} cannot use a write-ahead log (journal mode ${mode}): put it on a local disk`,
  );
}

function journalModeAfterSwitch(database: DatabaseSync): string {
  for (let tries = 1; ; tries += 1) {
    try {
      const row = database.prepare('PRAGMA journal_mode = WAL').get();
      return row === undefined ? 'unknown' : textIn(row, 'journal_mode');
    } catch (error) {
      if (!isBusy(error) || tries >= openTries) throw error;
      // Switching does not wait for others by itself; a transaction does.
      database.exec('BEGIN IMMEDIATE; COMMIT');
    }
  }
}
