import type { QueueFigures } from '../work-queue.ts';

/** A job as a driver is given it. */
export interface NewStoredJob {
  readonly id: string;
  readonly lane: string;
  /** JSON. */
  readonly payload: string;
  /** 0 for at once. */
  readonly notBeforeMs: number;
}

/** A job as a driver keeps it. */
export interface StoredJob {
  /** Its place: what was added later has a higher one. */
  readonly seq: number;
  readonly id: string;
  readonly lane: string;
  /** JSON. */
  readonly payload: string;
  readonly attempt: number;
  /** Throws other than `Retry`, and deaths of the process. */
  readonly failures: number;
  readonly addedAtMs: number;
}

export interface StoredDeadJob extends StoredJob {
  readonly reason: string;
  readonly diedAtMs: number;
}

/** What becomes of a job that ran. */
export type Settlement =
  | { readonly to: 'done'; readonly expiresAtMs: number }
  | {
      readonly to: 'waiting';
      readonly notBeforeMs: number;
      /** When this was decided. A clock that reads less than that was set back: the job is due. */
      readonly decidedAtMs: number;
      readonly failures: number;
    }
  | {
      readonly to: 'dead';
      readonly reason: string;
      readonly diedAtMs: number;
      readonly expiresAtMs: number;
      readonly failures: number;
    };

/** What happens to a job that was running when its process died. */
export interface CrashPolicy {
  readonly maxAttempts: number;
  readonly deadRetentionMs: number;
}

/** One queue of one store, as the runner and the public queue see it: all that differs between the drivers. */
export interface QueueDriver {
  add(job: NewStoredJob): Promise<'added' | 'duplicate'>;
  /** Tries to become the one that runs jobs; false while another process does. */
  enter(): boolean;
  leave(): void;
  /** Marks up to `limit` jobs as running, at most one of a lane. `nextDueAtMs`: when to look again. */
  claim(limit: number): Promise<{
    readonly jobs: readonly StoredJob[];
    readonly nextDueAtMs: number | undefined;
  }>;
  /** Writes down what became of a job; wakes the other runners, if there are any. */
  settle(job: StoredJob, settlement: Settlement): Promise<void>;
  figures(): Promise<QueueFigures>;
  /** How many jobs of a lane are waiting or running, up to `limit`. */
  countLane(lane: string, limit: number): Promise<number>;
  /** Dead jobs with a place above `seq`, in order. */
  deadAfter(seq: number, limit: number): Promise<readonly StoredDeadJob[]>;
  retryDead(id: string): Promise<boolean>;
  /** Calls back when this store object may have made a job runnable; returns the way to stop it. */
  subscribe(listener: () => void): () => void;
  /** A number that changes when somebody else has written. */
  foreignChanges(): number;
}
