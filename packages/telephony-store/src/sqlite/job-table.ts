import type {
  CrashPolicy,
  NewStoredJob,
  Settlement,
  StoredDeadJob,
  StoredJob,
} from '../queue/queue-driver.ts';
import { bury } from '../queue/settlement.ts';
import type { QueueFigures } from '../work-queue.ts';
import type { JobMemory } from './job-memory.ts';
import type { JobStatements } from './job-statements.ts';
import { numberIn, type Row, textIn } from './row.ts';

/** What a look for work took. */
export interface Claim {
  readonly jobs: StoredJob[];
  readonly nextDueAtMs: number | undefined;
}

type SettledJob = Pick<StoredJob, 'seq' | 'id' | 'lane'>;

/** The jobs of one queue. Every method that writes is to be called inside a transaction. */
export interface JobTable {
  insert(job: NewStoredJob, attempt: number, addedAtMs: number): boolean;
  claim(limit: number): Claim;
  settle(job: SettledJob, settlement: Settlement): void;
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
  memory: JobMemory,
): JobTable {
  /** Whether the id is one of ours; what should have been forgotten is. */
  function isKnown(id: string): boolean {
    for (const seq of memory.placesOf(queue, id)) {
      const job = sql.jobAt.get(seq, queue, id);
      const row = job ?? sql.doneAt.get(seq, queue, id);
      if (row === undefined) continue;
      const expiresAtMs = numberOrNothing(row, 'expires_at') ?? Infinity;
      if (expiresAtMs > nowMs()) return true;
      (job === undefined ? sql.forget : sql.remove).run(seq);
    }
    return false;
  }

  function append(job: NewStoredJob, attempt: number, addedAtMs: number): void {
    const { id, lane, payload, notBeforeMs } = job;
    const added = sql.insert.run(queue, id, lane, payload, notBeforeMs, attempt, addedAtMs);
    const seq = Number(added.lastInsertRowid);
    memory.added({
      queue,
      id,
      seq,
      lane,
      notBeforeMs,
      decidedAtMs: 0,
      addedAtMs,
      isRunning: false,
    });
  }

  const settle: JobTable['settle'] = (job, settlement) => {
    const isThere = Number(settleRow(job, settlement)) > 0;
    // Somebody has taken the row away by hand: what we remember of its lane is worth nothing.
    if (isThere) memory.knownLanesOf(queue)?.settle(job.lane, settlement);
    else memory.forgetLanes(queue);
  };

  /** Returns how many rows there were. */
  function settleRow({ seq, id }: SettledJob, settlement: Settlement): number | bigint {
    if (settlement.to === 'waiting') {
      const { notBeforeMs, decidedAtMs, failures } = settlement;
      const row = { seq, notBefore: notBeforeMs, decidedAt: decidedAtMs, failures };
      return sql.postpone.run(row).changes;
    }
    const { expiresAtMs } = settlement;
    if (settlement.to === 'dead') {
      const { reason, diedAtMs, failures } = settlement;
      const row = { seq, reason, diedAt: diedAtMs, expiresAt: expiresAtMs, failures };
      return sql.bury.run(row).changes;
    }
    const { changes } = sql.remove.run(seq);
    if (Number(changes) > 0) sql.remember.run(seq, queue, id, expiresAtMs);
    return changes;
  }

  return {
    insert(job, attempt, addedAtMs) {
      if (isKnown(job.id)) return false;
      append(job, attempt, addedAtMs);
      return true;
    },
    settle,
    claim(limit) {
      const now = nowMs();
      const lanes = memory.lanesOf(queue);
      const places = lanes.take(limit, now);
      const jobs = places.flatMap((seq) => {
        const row = sql.start.get(seq);
        return row === undefined ? [] : [toJob(row)];
      });
      if (jobs.length < places.length) {
        memory.forgetLanes(queue);
        return { jobs, nextDueAtMs: now };
      }
      // With all places taken there will be another look anyway.
      return { jobs, nextDueAtMs: jobs.length === limit ? undefined : lanes.nextDueAtMs() };
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
      const row = sql.deadById.get(queue, id, nowMs());
      if (row === undefined) return false;
      const job = toJob(row);
      sql.remove.run(job.seq);
      append({ ...job, notBeforeMs: 0 }, job.attempt, job.addedAtMs);
      return true;
    },
    figures() {
      const now = nowMs();
      const dead = numberIn(sql.deadCount.get(queue, now) ?? {}, 'dead');
      const lanes = memory.lanesNow(queue);
      if (lanes !== undefined) return { ...lanes.figures(now), dead };
      const row = sql.counts.get(queue) ?? {};
      const running = numberIn(row, 'running');
      const oldestAtMs = numberOrNothing(row, 'oldest') ?? now;
      return {
        waiting: numberIn(row, 'live') - running,
        running,
        dead,
        oldestWaitingMs: Math.max(0, now - oldestAtMs),
      };
    },
    countLane(lane, limit) {
      const lanes = memory.lanesNow(queue);
      if (lanes !== undefined) return Math.min(limit, lanes.countLane(lane));
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

function toJob(row: Row): StoredJob {
  return {
    seq: numberIn(row, 'seq'),
    id: textIn(row, 'id'),
    lane: textIn(row, 'lane'),
    payload: textIn(row, 'payload'),
    attempt: numberIn(row, 'attempt'),
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
