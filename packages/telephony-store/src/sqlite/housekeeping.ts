import type { DatabaseSync } from 'node:sqlite';
import { bound } from './bound-limit.ts';

/**
 * Deletes what has expired, a little with every transaction: twice as much as the transaction may add, so that the
 * file cannot grow faster than it is cleaned, and no timer is needed.
 */
export function createHousekeeping(
  database: DatabaseSync,
  nowMs: () => number,
): (operationCount: number) => void {
  const purges = [
    { table: 'entries', id: 'version' },
    { table: 'jobs', id: 'seq' },
  ].map(({ table, id }) =>
    database.prepare(`
      DELETE FROM ${table} WHERE ${id} IN (
        SELECT ${id} FROM ${table} WHERE expires_at <= ? ORDER BY expires_at LIMIT ${bound('?')}
      )`),
  );
  return (operationCount) => {
    for (const purge of purges) purge.run(nowMs(), 2 * operationCount + 8);
  };
}
