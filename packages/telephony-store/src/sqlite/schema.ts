import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';
import { numberIn } from './row.ts';
import { upgradeFromVersion1 } from './schema-upgrade.ts';

/** Raised with every change of the tables; kept in the file as `user_version`. */
const schemaVersion = 2;

/** `jobs.state`. */
export const jobState = { waiting: 0, running: 1, dead: 3 } as const;

// A rewritten entry gets a new row, and AUTOINCREMENT never gives a number twice: that is its version.
const entryTable = `
  CREATE TABLE entries (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL,
    expires_at INTEGER
  ) STRICT;
  CREATE INDEX entries_by_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;
`;

// Jobs are only ever added at the end of their table, and no index of it has to be changed for a live one: what comes
// in one commit fills a few pages. Ids and lanes, which come in no order, are indexed in the memory of who uses them.
// A job that is done leaves its number and its id in a table of small rows. No number is given twice: whoever has
// read up to one has seen all below it.
const jobTables = `
  CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    id TEXT NOT NULL,
    lane TEXT NOT NULL,
    state INTEGER NOT NULL,
    payload TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    decided_at INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    added_at INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    died_at INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER
  ) STRICT;
  CREATE INDEX jobs_dead ON jobs (queue, seq) WHERE state = ${jobState.dead};
  CREATE INDEX jobs_dead_by_id ON jobs (queue, id) WHERE state = ${jobState.dead};
  CREATE INDEX jobs_by_expiry ON jobs (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE done (
    seq INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    id TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX done_by_expiry ON done (expires_at);
`;

/** Creates the tables in an empty file, and changes those of an older one; refuses a file that this version does not understand. */
export function prepareSchema(database: DatabaseSync, path: string): void {
  if (versionOf(database) === schemaVersion) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again: another process may have been quicker.
    const version = versionOf(database);
    if (version === 1) upgradeFromVersion1(database, jobTables);
    else if (version !== schemaVersion) {
      assertEmpty(database, path, version);
      database.exec(entryTable + jobTables);
    }
    database.exec(`PRAGMA user_version = ${schemaVersion}`);
    database.exec('COMMIT');
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has already done so, as it does when the disk is full.
    }
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
