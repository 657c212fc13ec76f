import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { bound } from './bound-limit.ts';
import { jobState } from './schema.ts';

const { waiting, running, done, dead } = jobState;

/** Every statement on the table of jobs, prepared once. */
export interface JobStatements {
  /** By position, which costs less than by name: queue, id, lane, payload, not before, attempt, added at. */
  readonly insert: StatementSync;
  readonly byId: StatementSync;
  readonly remove: StatementSync;
  readonly due: StatementSync;
  readonly nextDue: StatementSync;
  readonly start: StatementSync;
  readonly finish: StatementSync;
  readonly postpone: StatementSync;
  readonly bury: StatementSync;
  readonly promote: StatementSync;
  readonly running: StatementSync;
  readonly counts: StatementSync;
  readonly oldest: StatementSync;
  readonly laneCount: StatementSync;
  readonly deadAfter: StatementSync;
}

const isDue = '(not_before <= :now OR decided_at > :now)';
const atHead = `queue = :queue AND state = ${waiting} AND is_head = 1`;
const columns = 'seq, id, lane, payload, attempt, failures, added_at';

export function prepareJobStatements(database: DatabaseSync): JobStatements {
  return {
    insert: database.prepare(`
      INSERT INTO jobs (queue, id, lane, state, is_head, payload, not_before, attempt, added_at)
      SELECT ?1, ?2, ?3, ${waiting}, NOT EXISTS (
        SELECT 1 FROM jobs WHERE queue = ?1 AND lane = ?3 AND state <= ${running}
      ), ?4, ?5, ?6, ?7
      WHERE true
      ON CONFLICT (queue, id) DO NOTHING`),
    byId: database.prepare(`
      SELECT ${columns}, state, expires_at IS NOT NULL AND expires_at <= :now AS forgotten
      FROM jobs WHERE queue = :queue AND id = :id`),
    remove: database.prepare('DELETE FROM jobs WHERE seq = ?'),
    due: database.prepare(`
      SELECT ${columns} FROM jobs WHERE ${atHead} AND seq > :above AND ${isDue}
      ORDER BY seq LIMIT ${bound(':limit')}`),
    nextDue: database.prepare(`
      SELECT MIN(not_before) AS at, MAX(seq) AS seq FROM jobs
      WHERE ${atHead} AND seq > :above AND NOT ${isDue}`),
    start: database.prepare(
      `UPDATE jobs SET state = ${running}, attempt = attempt + 1 WHERE seq = ?`,
    ),
    finish: database.prepare(`
      UPDATE jobs SET state = ${done}, is_head = 0, payload = '', expires_at = :expiresAt
      WHERE seq = :seq`),
    postpone: database.prepare(`
      UPDATE jobs SET state = ${waiting}, not_before = :notBefore, decided_at = :decidedAt,
        failures = :failures
      WHERE seq = :seq`),
    bury: database.prepare(`
      UPDATE jobs SET state = ${dead}, is_head = 0, reason = :reason, died_at = :diedAt,
        expires_at = :expiresAt, failures = :failures
      WHERE seq = :seq`),
    promote: database.prepare(`
      UPDATE jobs SET is_head = 1 WHERE seq = (
        SELECT MIN(seq) FROM jobs WHERE queue = :queue AND lane = :lane AND state <= ${running}
      ) RETURNING seq`),
    running: database.prepare(
      `SELECT ${columns} FROM jobs WHERE queue = ? AND state = ${running} ORDER BY seq`,
    ),
    counts: database.prepare(`
      SELECT
        (SELECT COUNT(*) FROM jobs WHERE queue = :queue AND state <= ${running}) AS live,
        (SELECT COUNT(*) FROM jobs WHERE queue = :queue AND state = ${running}) AS running,
        (SELECT COUNT(*) FROM jobs
          WHERE queue = :queue AND state = ${dead} AND expires_at > :now) AS dead`),
    oldest: database.prepare(`
      SELECT MIN(added_at) AS at FROM jobs
      WHERE queue = :queue AND state <= ${running} AND state = ${waiting}`),
    laneCount: database.prepare(`
      SELECT COUNT(*) AS count FROM (
        SELECT 1 FROM jobs WHERE queue = :queue AND lane = :lane AND state <= ${running}
        LIMIT ${bound(':limit')}
      )`),
    deadAfter: database.prepare(`
      SELECT ${columns}, reason, died_at FROM jobs
      WHERE queue = :queue AND state = ${dead} AND seq > :seq AND expires_at > :now
      ORDER BY seq LIMIT ${bound(':limit')}`),
  };
}
