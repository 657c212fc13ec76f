import type { CrashPolicy, QueueDriver } from '../queue/queue-driver.ts';
import type { ConsumerLock } from './consumer-lock.ts';
import type { JobMemory } from './job-memory.ts';
import { prepareJobStatements } from './job-statements.ts';
import { createJobTable } from './job-table.ts';
import { numberIn } from './row.ts';
import type { Session } from './session.ts';

/** What the queues of one name share within one store object. */
interface QueueState {
  readonly listeners: Set<() => void>;
  runnerCount: number;
  /** Whether jobs marked as running are surely our own, and not left behind by a process that died. */
  recovered: boolean;
  /** The claim under way that sees to it. */
  recovering: Promise<unknown> | undefined;
}

/** Makes the drivers of all queues of one database. */
export function createSqliteJobs(
  session: Session,
  lock: ConsumerLock,
  memory: JobMemory,
): (queue: string, crash: CrashPolicy) => QueueDriver {
  const { database, nowMs, read, write } = session;
  const sql = prepareJobStatements(database);
  const dataVersion = database.prepare('PRAGMA data_version');
  const states = new Map<string, QueueState>();

  function stateOf(queue: string): QueueState {
    const known = states.get(queue);
    if (known !== undefined) return known;
    const fresh: QueueState = {
      listeners: new Set(),
      runnerCount: 0,
      recovered: false,
      recovering: undefined,
    };
    states.set(queue, fresh);
    return fresh;
  }

  return (queue, crash) => {
    const state = stateOf(queue);
    const wake = (): void => {
      for (const listener of state.listeners) listener();
    };
    const wakeForNew = (added: 'added' | 'duplicate'): void => {
      if (added === 'added') wake();
    };
    const jobs = createJobTable(sql, queue, nowMs, memory);
    return {
      add: (job) => {
        const insert = (): 'added' | 'duplicate' =>
          jobs.insert(job, 0, nowMs()) ? 'added' : 'duplicate';
        read(() => memory.needIds());
        return write(insert, wakeForNew);
      },
      enter() {
        if (!lock.acquire()) return false;
        if (state.runnerCount === 0) state.recovered = false;
        state.runnerCount += 1;
        return true;
      },
      leave() {
        state.runnerCount -= 1;
        // What others do with the jobs from now on would not be seen.
        if (state.runnerCount === 0) memory.forgetLanes(queue);
        lock.release();
      },
      async claim(limit) {
        // A second claim beside the one that recovers would take what that one has just started for left behind.
        while (state.recovering !== undefined) await state.recovering.catch(() => undefined);
        if (state.recovered) return write(() => jobs.claim(limit));
        const recovering = write(
          () => {
            memory.forgetLanes(queue);
            jobs.recover(crash);
            return jobs.claim(limit);
          },
          () => {
            state.recovered = true;
          },
        ).finally(() => {
          state.recovering = undefined;
        });
        state.recovering = recovering;
        return recovering;
      },
      async settle(job, settlement) {
        await write(() => jobs.settle(job, settlement));
        // The runner that settles looks by itself, unless it is closing: then another has to take the lane over.
        if (state.runnerCount > 1) wake();
      },
      figures: async () => read(() => jobs.figures()),
      countLane: async (lane, limit) => read(() => jobs.countLane(lane, limit)),
      deadAfter: async (seq, limit) => read(() => jobs.deadAfter(seq, limit)),
      async retryDead(id) {
        const retried = await write(() => jobs.revive(id));
        if (retried) wake();
        return retried;
      },
      subscribe(listener) {
        state.listeners.add(listener);
        return () => void state.listeners.delete(listener);
      },
      foreignChanges: () =>
        read(() => {
          const row = dataVersion.get();
          return row === undefined ? 0 : numberIn(row, 'data_version');
        }),
    };
  };
}
