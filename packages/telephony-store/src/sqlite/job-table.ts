import type { StatementResultingChanges } from 'node:sqlite';
import type {
  CrashPolicy,
  NewStoredJob,
  Settlement,
  StoredDeadJob,
  StoredJob,
} from '../queue/queue-driver.ts';
import { bury } from '../queue/settlement.ts';
import type { QueueFigures } from '../work-queue.ts';
import type { HeldFindings, HeldHeads } from './held-heads.ts';
import type { JobStatements } from './job-statements.ts';
import { numberIn, type Row, textIn } from './row.ts';
import { jobState } from './schema.ts';

/** What a look for work took, and what it learned. */
export interface Claim {
  readonly jobs: StoredJob[];
  readonly nextDueAtMs: number | undefined;
  readonly findings: HeldFindings | undefined;
}

/** The rows of one queue. Every method that writes is to be called inside a transaction. */
export interface JobTable {
  insert(job: NewStoredJob, attempt: number, addedAtMs: number): boolean;
  claim(limit: number): Claim;
  settle(job: Pick<StoredJob, 'seq' | 'lane'>, settlement: Settlement): void;
  /** Makes runnable, or buries, what was running when its process died. */
  recover(crash: CrashPolicy): void;
  revive(id: string): boolean;
  figures(): QueueFigures;
  countLane(lane: string, limit: number): number;
  deadAfter(seq: number, limit: number): StoredDeadJob[];
}

export function createJobTable(
  sql: JobStatements,
  queue: string,
  nowMs: () => number,
  held: HeldHeads,
): JobTable {
  const insert: JobTable['insert'] = ({ id, lane, payload, notBeforeMs }, attempt, addedAtMs) => {
    const add = (): StatementResultingChanges =>
      sql.insert.run(queue, id, lane, payload, notBeforeMs, attempt, addedAtMs);
    if (Number(add().changes) > 0) return true;
    const known = sql.byId.get({ queue, id, now: nowMs() });
    if (known === undefined || numberIn(known, 'forgotten') === 0) return false;
    sql.remove.run(numberIn(known, 'seq'));
    add();
    return true;
  };

  const settle: JobTable['settle'] = ({ seq, lane }, settlement) => {
    switch (settlement.to) {
      case 'waiting': {
        const { notBeforeMs, decidedAtMs, failures } = settlement;
        sql.postpone.run({ seq, notBefore: notBeforeMs, decidedAt: decidedAtMs, failures });
        held.postponed(seq, decidedAtMs, notBeforeMs);
        return;
      }
      case 'done':
        sql.finish.run({ seq, expiresAt: settlement.expiresAtMs });
        break;
      case 'dead': {
        const { reason, diedAtMs, expiresAtMs, failures } = settlement;
        sql.bury.run({ seq, reason, diedAt: diedAtMs, expiresAt: expiresAtMs, failures });
        break;
      }
    }
    const next = numberOrNothing(sql.promote.get({ queue, lane }), 'seq');
    if (next !== undefined) held.changed(next);
  };

  return {
    insert,
    settle,
    claim(limit) {
      const now = nowMs();
      const above = held.placeAt(now);
      const age = held.age();
      const rows = sql.due.all({ queue, now, limit, above });
      const jobs = rows.map((row) => {
        sql.start.run(numberIn(row, 'seq'));
        return toJob(row, numberIn(row, 'attempt') + 1);
      });
      // With all places taken there will be another look anyway, and this one would read every lane that waits.
      if (jobs.length === limit) return { jobs, nextDueAtMs: undefined, findings: undefined };
      const found = sql.nextDue.get({ queue, now, above });
      const dueAtMs = Math.min(held.dueAtMs(), numberOrNothing(found, 'at') ?? Infinity);
      const upTo = numberOrNothing(found, 'seq') ?? above;
      return {
        jobs,
        nextDueAtMs: dueAtMs === Infinity ? undefined : dueAtMs,
        findings: { upTo, dueAtMs, asOfMs: now, age },
      };
    },
    recover(crash) {
      const now = nowMs();
      for (const row of sql.running.all(queue)) {
        const job = toJob(row);
        const failures = job.failures + 1;
        const hopeless = failures >= crash.maxAttempts;
        const reason = `given up after ${failures} failures: the process died while it ran`;
        settle(
          job,
          hopeless
            ? bury(reason, failures, crash, now)
            : { to: 'waiting', notBeforeMs: 0, decidedAtMs: 0, failures },
        );
      }
    },
    revive(id) {
      const row = sql.byId.get({ queue, id, now: nowMs() });
      if (row === undefined || numberIn(row, 'state') !== jobState.dead) return false;
      if (numberIn(row, 'forgotten') !== 0) return false;
      const job = toJob(row);
      sql.remove.run(job.seq);
      return insert({ ...job, notBeforeMs: 0 }, job.attempt, job.addedAtMs);
    },
    figures() {
      const now = nowMs();
      const row = sql.counts.get({ queue, now }) ?? {};
      const running = numberIn(row, 'running');
      const oldestAtMs = numberOrNothing(sql.oldest.get({ queue }), 'at') ?? now;
      return {
        waiting: numberIn(row, 'live') - running,
        running,
        dead: numberIn(row, 'dead'),
        oldestWaitingMs: Math.max(0, now - oldestAtMs),
      };
    },
    countLane(lane, limit) {
      const row = sql.laneCount.get({
        queue,
        lane,
        limit: Math.min(limit, Number.MAX_SAFE_INTEGER),
      });
      return numberOrNothing(row, 'count') ?? 0;
    },
    deadAfter: (seq, limit) =>
      sql.deadAfter.all({ queue, seq, limit, now: nowMs() }).map(toDeadJob),
  };
}

function toJob(row: Row, attempt = numberIn(row, 'attempt')): StoredJob {
  return {
    seq: numberIn(row, 'seq'),
    id: textIn(row, 'id'),
    lane: textIn(row, 'lane'),
    payload: textIn(row, 'payload'),
    attempt,
    failures: numberIn(row, 'failures'),
    addedAtMs: numberIn(row, 'added_at'),
  };
}

function toDeadJob(row: Row): StoredDeadJob {
  const reason = textIn(row, 'reason');
  return Object.assign(toJob(row), { reason, diedAtMs: numberIn(row, 'died_at') });
}

const numberOrNothing = (row: Row | undefined, column: string): number | undefined =>
  row === undefined || row[column] === null ? undefined : numberIn(row, column);
