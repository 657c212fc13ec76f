import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';
import { numberIn } from './row.ts';

/** Raised with every change of the tables; kept in the file as `user_version`. */
const schemaVersion = 1;

/** `jobs.state`. */
export const jobState = { waiting: 0, running: 1, done: 2, dead: 3 } as const;

// A rewritten entry gets a new row, and AUTOINCREMENT never gives a number twice: that is its version.
// A job needs no such number: it has to be higher than those of all jobs that are there, and it is.
// `is_head` marks the first live job of each lane, so that looking for work does not read what waits behind it.
const tables = `
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
  PRAGMA user_version = ${schemaVersion};
`;

/** Creates the tables in an empty file; refuses a file that this version does not understand. */
export function prepareSchema(database: DatabaseSync, path: string): void {
  if (versionOf(database) === schemaVersion) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again: another process may have been quicker.
    const version = versionOf(database);
    if (version !== schemaVersion) {
      assertEmpty(database, path, version);
      database.exec(tables);
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  const row = database.prepare('PRAGMA user_version').get();
  return row === undefined ? 0 : numberIn(row, 'user_version');
}

function assertEmpty(database: DatabaseSync, path: string, version: number): void {
  if (version > schemaVersion) {
    throw new StoreError(
      'unavailable',
      `the store ${path} has schema version ${version} and this program knows ${schemaVersion}: update the program`,
    );
  }
  const table = database.prepare('SELECT name FROM sqlite_schema LIMIT 1').get();
  if (version === 0 && table === undefined) return;
  throw new StoreError(
    'unavailable',
    `the file ${path} is another program's database: choose a path of its own for the store`,
  );
}
