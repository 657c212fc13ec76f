import type { QueueDriver, Settlement, StoredDeadJob, StoredJob } from '../queue/queue-driver.ts';
import { StoreError } from '../store-error.ts';
import type { QueueFigures } from '../work-queue.ts';
import { createSweep } from './sweep.ts';

interface MemoryJob extends StoredJob {
  readonly state: 'waiting' | 'running' | 'done' | 'dead';
  readonly notBeforeMs: number;
  readonly decidedAtMs: number;
  readonly expiresAtMs: number;
  readonly reason: string;
  readonly diedAtMs: number;
}

const stepsPerAdd = 4;
const stepsWhenFull = 1000;

export interface MemoryJobsOptions {
  readonly nowMs: () => number;
  readonly maxJobCount: number;
  readonly assertOpen: () => void;
}

/** One queue in memory: every job that its dedupe window remembers, and the live ones by lane. */
export class MemoryJobs {
  readonly #options: MemoryJobsOptions;
  readonly #byId = new Map<string, MemoryJob>();
  /** The ids of live jobs, first in first out. */
  readonly #lanes = new Map<string, string[]>();
  /** Lanes whose first job waits, whoever waited longest first. */
  readonly #ready = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #sweep: (stepCount: number) => void;
  #seq = 0;
  #runnerCount = 0;

  constructor(options: MemoryJobsOptions) {
    this.#options = options;
    this.#sweep = createSweep(this.#byId, (job) => this.#isForgotten(job));
  }

  driver(): QueueDriver {
    return {
      add: async (job) => this.#add(job),
      enter: () => {
        this.#runnerCount += 1;
        return true;
      },
      leave: () => {
        this.#runnerCount -= 1;
      },
      claim: async (limit) => this.#claim(limit),
      settle: async (job, settlement) => {
        this.#settle(job, settlement);
        // The runner that settles looks by itself, unless it is closing: then another has to take the lane over.
        if (this.#runnerCount > 1) this.#wake();
      },
      figures: async () => this.#figures(),
      countLane: async (lane, limit) => this.#countLane(lane, limit),
      deadAfter: async (seq, limit) => this.#deadAfter(seq, limit),
      retryDead: async (id) => this.#retryDead(id),
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
      foreignChanges: () => 0,
    };
  }

  #isForgotten(job: MemoryJob): boolean {
    return this.#options.nowMs() >= job.expiresAtMs;
  }

  #add(job: {
    id: string;
    lane: string;
    payload: string;
    notBeforeMs: number;
  }): 'added' | 'duplicate' {
    this.#options.assertOpen();
    const known = this.#byId.get(job.id);
    if (known !== undefined && !this.#isForgotten(known)) return 'duplicate';
    this.#byId.delete(job.id);
    this.#makeRoom();
    this.#append({
      ...job,
      seq: 0,
      attempt: 0,
      failures: 0,
      addedAtMs: this.#options.nowMs(),
      state: 'waiting',
      decidedAtMs: -Infinity,
      expiresAtMs: Infinity,
      reason: '',
      diedAtMs: 0,
    });
    return 'added';
  }

  #makeRoom(): void {
    const { maxJobCount } = this.#options;
    this.#sweep(stepsPerAdd);
    if (this.#byId.size >= maxJobCount) this.#sweep(stepsWhenFull);
    if (this.#byId.size < maxJobCount) return;
    throw new StoreError(
      'full',
      `the queue remembers ${maxJobCount} jobs, its cap: raise maxJobCount or use the SQLite store`,
    );
  }

  /** Puts a job at the end of its lane. */
  #append(job: MemoryJob): void {
    this.#seq += 1;
    this.#byId.set(job.id, { ...job, seq: this.#seq });
    const lane = this.#lanes.get(job.lane);
    if (lane === undefined) {
      this.#lanes.set(job.lane, [job.id]);
      this.#ready.add(job.lane);
    } else lane.push(job.id);
    this.#wake();
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }

  #claim(limit: number): { jobs: StoredJob[]; nextDueAtMs: number | undefined } {
    const nowMs = this.#options.nowMs();
    const jobs: StoredJob[] = [];
    let nextDueAtMs: number | undefined;
    for (const lane of this.#ready) {
      if (jobs.length >= limit) break;
      const job = this.#firstOf(lane);
      if (job === undefined) continue;
      if (job.notBeforeMs > nowMs && job.decidedAtMs <= nowMs) {
        nextDueAtMs = Math.min(nextDueAtMs ?? Infinity, job.notBeforeMs);
        continue;
      }
      this.#ready.delete(lane);
      const started: MemoryJob = { ...job, state: 'running', attempt: job.attempt + 1 };
      this.#byId.set(job.id, started);
      jobs.push(started);
    }
    return { jobs, nextDueAtMs };
  }

  #firstOf(lane: string): MemoryJob | undefined {
    const id = this.#lanes.get(lane)?.[0];
    return id === undefined ? undefined : this.#byId.get(id);
  }

  #settle({ id, lane }: StoredJob, settlement: Settlement): void {
    const job = this.#byId.get(id);
    if (job === undefined) return;
    if (settlement.to === 'waiting') {
      this.#byId.set(id, { ...job, ...settlement, state: 'waiting' });
      this.#ready.add(lane);
      return;
    }
    const { to: state, ...rest } = settlement;
    this.#byId.set(id, { ...job, ...rest, state, payload: state === 'done' ? '' : job.payload });
    const waiting = this.#lanes.get(lane);
    waiting?.shift();
    if (waiting === undefined || waiting.length === 0) this.#lanes.delete(lane);
    else this.#ready.add(lane);
  }

  #figures(): QueueFigures {
    this.#options.assertOpen();
    const nowMs = this.#options.nowMs();
    const counts = { waiting: 0, running: 0, dead: 0, done: 0 };
    let oldestAtMs = nowMs;
    for (const job of this.#byId.values()) {
      if (this.#isForgotten(job)) continue;
      counts[job.state] += 1;
      if (job.state === 'waiting') oldestAtMs = Math.min(oldestAtMs, job.addedAtMs);
    }
    const { waiting, running, dead } = counts;
    return { waiting, running, dead, oldestWaitingMs: nowMs - oldestAtMs };
  }

  #countLane(lane: string, limit: number): number {
    this.#options.assertOpen();
    return Math.min(limit, this.#lanes.get(lane)?.length ?? 0);
  }

  #deadAfter(seq: number, limit: number): StoredDeadJob[] {
    this.#options.assertOpen();
    return [...this.#byId.values()]
      .filter((job) => job.state === 'dead' && job.seq > seq && !this.#isForgotten(job))
      .toSorted((one, other) => one.seq - other.seq)
      .slice(0, limit);
  }

  #retryDead(id: string): boolean {
    this.#options.assertOpen();
    const job = this.#byId.get(id);
    if (job?.state !== 'dead' || this.#isForgotten(job)) return false;
    this.#append({ ...job, state: 'waiting', failures: 0, notBeforeMs: 0, expiresAtMs: Infinity });
    return true;
  }
}
