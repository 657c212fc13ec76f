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

/**
 * Makes the housekeeping. It deletes twice as much as the transaction may add, so that the file cannot grow faster than
 * it is cleaned, and no timer is needed.
 */
export function createHousekeeping(database: DatabaseSync, nowMs: () => number): Housekeeping {
  const entries = database.prepare(purge('entries', 'version'));
  const jobs = ['jobs', 'done'].map((table) =>
    database.prepare(`${purge(table, 'seq')} RETURNING seq, queue, id`),
  );
  return {
    purge(operationCount) {
      const now = nowMs();
      const limit = 2 * operationCount + 8;
      entries.run(now, limit);
      return jobs.flatMap((statement) => statement.all(now, limit));
    },
  };
}
