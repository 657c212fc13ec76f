import type { CrashPolicy, QueueDriver } from '../queue/queue-driver.ts';
import type { ConsumerLock } from './consumer-lock.ts';
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
}

/** Makes the drivers of all queues of one database. */
export function createSqliteJobs(
  session: Session,
  lock: ConsumerLock,
): (queue: string, crash: CrashPolicy) => QueueDriver {
  const { database, nowMs, read, write } = session;
  const sql = prepareJobStatements(database);
  const dataVersion = database.prepare('PRAGMA data_version');
  const states = new Map<string, QueueState>();

  function stateOf(queue: string): QueueState {
    const known = states.get(queue);
    if (known !== undefined) return known;
    const fresh: QueueState = { listeners: new Set(), runnerCount: 0, recovered: false };
    states.set(queue, fresh);
    return fresh;
  }

  return (queue, crash) => {
    const state = stateOf(queue);
    const wake = (): void => {
      for (const listener of state.listeners) listener();
    };
    const jobs = createJobTable(sql, queue, nowMs);
    return {
      async add(job) {
        const added = await write(() => jobs.insert({ ...job, attempt: 0, addedAtMs: nowMs() }));
        if (added) wake();
        return added ? 'added' : 'duplicate';
      },
      enter() {
        if (!lock.acquire()) return false;
        if (state.runnerCount === 0) state.recovered = false;
        state.runnerCount += 1;
        return true;
      },
      leave() {
        state.runnerCount -= 1;
        lock.release();
      },
      async claim(limit) {
        let recovering = false;
        try {
          return await write(() => {
            // Stays true when the operation has to run again: its first run was undone.
            recovering ||= !state.recovered;
            if (recovering) jobs.recover(crash);
            const claimed = jobs.claim(limit);
            state.recovered = true;
            return claimed;
          });
        } catch (error) {
          if (recovering) state.recovered = false;
          throw error;
        }
      },
      async settle(job, settlement) {
        await write(() => jobs.settle(job, settlement));
        // The runner that settles looks by itself, unless it is closing: then another has to take the lane over.
        if (state.runnerCount > 1) wake();
      },
      figures: async () => read(() => jobs.figures()),
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
