import type { DatabaseSync } from 'node:sqlite';

/**
 * Version 1 kept what was done among the jobs, and indexes of ids and lanes. Inside a transaction.
 *
 * @param jobTables the tables of today
 */
export function upgradeFromVersion1(database: DatabaseSync, jobTables: string): void {
  const kept =
    'seq, queue, id, lane, state, payload, not_before, decided_at, attempt, failures, added_at, reason, died_at, expires_at';
  database.exec(`
    ALTER TABLE jobs RENAME TO jobs_1;
    DROP INDEX jobs_by_lane;
    DROP INDEX jobs_at_head;
    DROP INDEX jobs_running;
    DROP INDEX jobs_dead;
    DROP INDEX jobs_by_expiry;
    ${jobTables}
    INSERT INTO jobs (${kept}) SELECT ${kept} FROM jobs_1 WHERE state <> 2;
    INSERT INTO done SELECT seq, queue, id, expires_at FROM jobs_1 WHERE state = 2;
    DELETE FROM sqlite_sequence WHERE name = 'jobs';
    INSERT INTO sqlite_sequence SELECT 'jobs', COALESCE(MAX(seq), 0) FROM jobs_1;
    DROP TABLE jobs_1;
  `);
}
