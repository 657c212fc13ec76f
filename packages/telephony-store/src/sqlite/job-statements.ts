import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { bound } from './bound-limit.ts';
import { jobState } from './schema.ts';

const { waiting, running, dead } = jobState;

/** Every statement on the tables of jobs, prepared once. */
export interface JobStatements {
  /** By position, which costs less than by name: queue, id, lane, payload, not before, attempt, added at. */
  readonly insert: StatementSync;
  readonly jobAt: StatementSync;
  readonly doneAt: StatementSync;
  readonly remove: StatementSync;
  readonly start: StatementSync;
  readonly remember: StatementSync;
  readonly forget: StatementSync;
  readonly postpone: StatementSync;
  readonly bury: StatementSync;
  readonly running: StatementSync;
  readonly counts: StatementSync;
  readonly deadCount: StatementSync;
  readonly laneCount: StatementSync;
  readonly deadAfter: StatementSync;
  readonly deadById: StatementSync;
}

const columns = 'seq, id, lane, payload, attempt, failures, added_at';

export function prepareJobStatements(database: DatabaseSync): JobStatements {
  return {
    insert: database.prepare(`
      INSERT INTO jobs (queue, id, lane, state, payload, not_before, attempt, added_at)
      VALUES (?, ?, ?, ${waiting}, ?, ?, ?, ?)`),
    jobAt: database.prepare('SELECT expires_at FROM jobs WHERE seq = ? AND queue = ? AND id = ?'),
    doneAt: database.prepare('SELECT expires_at FROM done WHERE seq = ? AND queue = ? AND id = ?'),
    remove: database.prepare('DELETE FROM jobs WHERE seq = ?'),
    start: database.prepare(`
      UPDATE jobs SET state = ${running}, attempt = attempt + 1 WHERE seq = ? RETURNING ${columns}`),
    remember: database.prepare('INSERT INTO done (seq, queue, id, expires_at) VALUES (?, ?, ?, ?)'),
    forget: database.prepare('DELETE FROM done WHERE seq = ?'),
    postpone: database.prepare(`
      UPDATE jobs SET state = ${waiting}, not_before = :notBefore, decided_at = :decidedAt,
        failures = :failures
      WHERE seq = :seq`),
    bury: database.prepare(`
      UPDATE jobs SET state = ${dead}, reason = :reason, died_at = :diedAt,
        expires_at = :expiresAt, failures = :failures
      WHERE seq = :seq`),
    running: database.prepare(
      `SELECT ${columns} FROM jobs WHERE queue = ? AND state = ${running} ORDER BY seq`,
    ),
    counts: database.prepare(`
      SELECT COUNT(*) AS live, COUNT(*) FILTER (WHERE state = ${running}) AS running,
        MIN(added_at) FILTER (WHERE state = ${waiting}) AS oldest
      FROM jobs WHERE queue = ? AND state <= ${running}`),
    deadCount: database.prepare(`
      SELECT COUNT(*) AS dead FROM jobs
      WHERE queue = ? AND state = ${dead} AND expires_at > ?`),
    laneCount: database.prepare(`
      SELECT COUNT(*) AS count FROM (
        SELECT 1 FROM jobs WHERE queue = :queue AND lane = :lane AND state <= ${running}
        LIMIT ${bound(':limit')}
      )`),
    deadAfter: database.prepare(`
      SELECT ${columns}, reason, died_at FROM jobs
      WHERE queue = :queue AND state = ${dead} AND seq > :seq AND expires_at > :now
      ORDER BY seq LIMIT ${bound(':limit')}`),
    deadById: database.prepare(`
      SELECT ${columns} FROM jobs
      WHERE queue = ? AND state = ${dead} AND id = ? AND expires_at > ?`),
  };
}
