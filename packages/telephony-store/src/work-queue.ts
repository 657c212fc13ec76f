/** What {@link WorkQueue.add} takes. */
export interface NewJob<Payload> {
  /** The dedupe key: an id that this queue has seen within its dedupe window is added once. */
  readonly id: string;
  /** Jobs of one lane run one after the other, in the order in which they were added. */
  readonly lane: string;
  /** A JSON value. It is stored as text, so what JSON drops is dropped. */
  readonly payload: Payload;
  /** Not to be started before the injected clock reads this; the rest of its lane waits behind it. */
  readonly notBefore?: Date;
}

/** A job in the hands of its handler. */
export interface Job<Payload> {
  readonly id: string;
  readonly lane: string;
  readonly payload: Payload;
  /** How often this job was started, this time included: 1 for the first. */
  readonly attempt: number;
  readonly addedAt: Date;
}

/** A job that was given up; a person decides what becomes of it. */
export interface DeadJob<Payload> extends Job<
  /** `undefined` when the queue's `parse` no longer reads it. */
  Payload | undefined
> {
  readonly reason: string;
  readonly diedAt: Date;
}

/** What {@link WorkQueue.inspect} tells. */
export interface QueueFigures {
  /** Jobs not running and not dead, those with a `notBefore` or a retry ahead included. */
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
  /** How long ago the oldest waiting job was added, by the injected clock; 0 when none waits. */
  readonly oldestWaitingMs: number;
}

/** Handlers at work. It must be closed, or its timers keep the process alive. */
export interface Runner {
  /**
   * Starts nothing more and resolves when the handlers that run have finished. Never await it inside a handler: the
   * two would wait for each other.
   */
  close(): Promise<void>;
  /** Resolves when nothing can be started and nothing runs here; at once while another process has the queues. */
  idle(): Promise<void>;
}

/** How {@link WorkQueue.run} runs. */
export interface RunOptions {
  /** How many handlers of this runner run at once, at least 1. */
  readonly concurrency: number;
}

/**
 * Work that must not be lost: durable when `add` resolves, run at least once, in order and one at a time within a lane.
 *
 * A handler that returns has done its job. It throws {@link Retry} to be called again later, {@link Dead} to give up;
 * anything else is tried again with growing pauses, and given up after `maxAttempts`. A job that was running when
 * the process died runs again, so a handler must bear repetition.
 *
 * @example
 * const runner = inbox.run(async ({ payload }) => console.log(payload), { concurrency: 8 });
 * await inbox.add({ id: 'SM1', lane: '+15550100123', payload: 'hello' });
 * await runner.idle();
 * await runner.close();
 */
export interface WorkQueue<Payload> {
  /** Durable when it resolves. Throws {@link StoreError}; then the job was not added. */
  add(job: NewJob<Payload>): Promise<'added' | 'duplicate'>;
  /** Starts handlers. Throws {@link StoreError} when the store is closed, `RangeError` for a bad `concurrency`. */
  run(handler: (job: Job<Payload>) => Promise<void>, options: RunOptions): Runner;
  inspect(): Promise<QueueFigures>;
  /** How many jobs of a lane wait or run. Counting, and what it costs, ends at `limit`, a whole number. */
  countLane(lane: string, limit: number): Promise<number>;
  /** Dead jobs, longest dead first. */
  dead(options?: { readonly limit?: number }): AsyncIterable<DeadJob<Payload>>;
  /** Puts a dead job at the end of its lane, with all its attempts before it; false when no dead job has this id. */
  retryDead(id: string): Promise<boolean>;
}

/** A job whose handler failed otherwise than by {@link Retry}. */
export interface JobFailure {
  readonly id: string;
  readonly lane: string;
  readonly attempt: number;
  /** What was thrown. It may hold anything, personal data too: the store keeps only its class and code. */
  readonly error: unknown;
  readonly next: 'retry' | 'dead';
}

/** How a queue reads, retries and remembers. */
export interface QueueOptions<Payload> {
  /** Reads a payload back. When it throws, the job is dead: what cannot be read now cannot be read later. */
  readonly parse: (json: unknown) => Payload;
  /** After so many failures (throws other than {@link Retry}, and deaths of the process) a job is dead; default 8. */
  readonly maxAttempts?: number;
  /** The first pause after a failure, doubled each time; default 1 s. Half of every pause is left to chance. */
  readonly firstRetryMs?: number;
  /** The longest pause after a failure; default 5 min. */
  readonly longestRetryMs?: number;
  /** How long the id of a finished job is remembered; default 48 h. */
  readonly dedupeWindowMs?: number;
  /** How long a dead job is kept; default 30 days. Its id is remembered as long. */
  readonly deadRetentionMs?: number;
  /** Told of every failure, for the log. */
  readonly onFailure?: (failure: JobFailure) => void;
}
