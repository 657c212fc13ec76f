import type { DatabaseSync } from 'node:sqlite';
import { bound } from './bound-limit.ts';
import type { Row } from './row.ts';

/** Deletes what has expired. */
export interface Housekeeping {
  /** A little with every transaction, told what that may add; returns the ids that are no longer remembered. */
  purge(operationCount: number): readonly Row[];
}

const purge = (table: string, place: string): string => `
  DELETE FROM ${table} WHERE ${place} IN (
    SELECT ${place} FROM ${table} WHERE expires_at <= ? ORDER BY expires_at LIMIT ${bound('?')}
  )`;

/** So long nobody looks again once nothing was left to delete: a look costs as much as adding a few rows. */
const restMs = 1000;

/**
 * Makes the housekeeping. It deletes twice as much as the transaction may add, so that the file cannot grow faster than
 * it is cleaned, and no timer is needed.
 */
export function createHousekeeping(database: DatabaseSync, nowMs: () => number): Housekeeping {
  const entries = database.prepare(purge('entries', 'version'));
  const jobs = ['jobs', 'done'].map((table) =>
    database.prepare(`${purge(table, 'seq')} RETURNING seq, queue, id`),
  );
  let cleanAtMs = -Infinity;
  return {
    purge(operationCount) {
      const now = nowMs();
      // A clock that was set back must not keep it from looking.
      if (now >= cleanAtMs && now < cleanAtMs + restMs) return [];
      const limit = 2 * operationCount + 8;
      const deleted = Number(entries.run(now, limit).changes);
      const gone = jobs.flatMap((statement) => statement.all(now, limit));
      if (deleted === 0 && gone.length === 0) cleanAtMs = now;
      return gone;
    },
  };
}
