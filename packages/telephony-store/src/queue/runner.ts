import { StoreError } from '../store-error.ts';
import type { StoreContext } from '../store.ts';
import type { Job, JobFailure, Runner } from '../work-queue.ts';
import type { QueueDriver, Settlement, StoredJob } from './queue-driver.ts';
import { bury, classOf, type RetryPolicy, settleThrown } from './settlement.ts';

export interface JobRunnerParts<Payload> {
  readonly driver: QueueDriver;
  readonly context: StoreContext;
  readonly policy: RetryPolicy;
  readonly parse: (json: unknown) => Payload;
  readonly handler: (job: Job<Payload>) => Promise<void>;
  readonly concurrency: number;
  /** How long to wait before trying again to become the one that runs jobs. */
  readonly standbyMs: number;
  readonly onFailure: (failure: JobFailure) => void;
  /** How long `close()` keeps trying to write down what became of a job, while another process locks the store. */
  readonly closeMs: number;
}

/** As if it had not been taken. */
const untouched = ({ failures }: StoredJob): Settlement => ({
  to: 'waiting',
  notBeforeMs: 0,
  decidedAtMs: 0,
  failures,
});

/**
 * Looks for work, runs handlers and writes down what became of them.
 *
 * It looks when something was added here, when a handler has finished, and by a timer for the rest: what other
 * processes added, what became due, what failed the last time.
 */
export class JobRunner<Payload> implements Runner {
  readonly #parts: JobRunnerParts<Payload>;
  readonly #unfinished = new Set<Promise<void>>();
  readonly #idleWaiters = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #handlerCount = 0;
  #entered = false;
  #isClaiming = false;
  #lastClaim: Promise<void> | undefined;
  #lookAgain = false;
  /** The last look went well and left nothing that could be started. */
  #quiet = false;
  /** Looks in a row that failed: each may have cost a reading of all that waits. */
  #failedLookCount = 0;
  #lookedAtMs = 0;
  #nextDueAtMs: number | undefined;
  #foreignChanges = Number.NaN;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: JobRunnerParts<Payload>) {
    this.#parts = parts;
    this.#entered = parts.driver.enter();
    this.#unsubscribe = parts.driver.subscribe(() => this.#look());
    this.#look();
    this.#arm();
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleWaiters.add(resolve);
      this.#announceIdle();
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#unsubscribe();
    await this.#lastClaim;
    await Promise.all(this.#unfinished);
    if (this.#entered) this.#parts.driver.leave();
    this.#entered = false;
    this.#announceIdle();
  }

  get #closing(): boolean {
    return this.#closed !== undefined;
  }

  #look(): void {
    if (!this.#entered || this.#closing) return;
    this.#quiet = false;
    const free = this.#parts.concurrency - this.#handlerCount;
    if (free <= 0) return;
    if (this.#isClaiming) {
      this.#lookAgain = true;
      return;
    }
    this.#isClaiming = true;
    this.#lastClaim = this.#claim(free);
  }

  async #claim(free: number): Promise<void> {
    const { driver, context } = this.#parts;
    let more = false;
    try {
      // Before it looks: what comes meanwhile is for the next look.
      this.#lookedAtMs = context.nowMs();
      this.#foreignChanges = driver.foreignChanges();
      const { jobs, nextDueAtMs } = await driver.claim(free);
      // Closed meanwhile: nothing is begun any more, and what was taken goes back.
      if (this.#closing) await Promise.all(jobs.map((job) => this.#settle(job, untouched(job))));
      else for (const job of jobs) this.#begin(job);
      this.#nextDueAtMs = nextDueAtMs;
      this.#failedLookCount = 0;
      this.#quiet = jobs.length < free;
      more = this.#lookAgain;
    } catch (error) {
      this.#failedLookCount += 1;
      context.report(error);
    }
    this.#isClaiming = false;
    this.#lookAgain = false;
    if (more) this.#look();
    this.#arm();
    this.#announceIdle();
  }

  #begin(job: StoredJob): void {
    this.#handlerCount += 1;
    const work = this.#work(job);
    this.#unfinished.add(work);
    void work.finally(() => {
      this.#unfinished.delete(work);
      this.#announceIdle();
    });
  }

  async #work(job: StoredJob): Promise<void> {
    const settlement = await this.#handle(job);
    this.#handlerCount -= 1;
    // Asked for before the next look, so that one commit frees the lane and takes its next job.
    const settled = this.#settle(job, settlement);
    this.#look();
    await settled;
  }

  async #handle(job: StoredJob): Promise<Settlement> {
    const { parse, handler, policy, context } = this.#parts;
    const { id, lane, attempt } = job;
    let payload: Payload;
    try {
      payload = parse(JSON.parse(job.payload));
    } catch (error) {
      const reason = `its payload cannot be read: ${classOf(error)}`;
      return this.#failed(job, error, bury(reason, job.failures, policy, context.nowMs()));
    }
    try {
      await handler({ id, lane, payload, attempt, addedAt: new Date(job.addedAtMs) });
      return { to: 'done', expiresAtMs: Math.ceil(context.nowMs() + policy.dedupeWindowMs) };
    } catch (error) {
      const at = { nowMs: context.nowMs(), random: context.random() };
      return this.#failed(job, error, settleThrown(error, job, policy, at));
    }
  }

  #failed(job: StoredJob, error: unknown, settlement: Settlement): Settlement {
    const { id, lane, attempt, failures } = job;
    const asked = settlement.to === 'waiting' && settlement.failures === failures;
    if (asked) return settlement;
    const next = settlement.to === 'dead' ? 'dead' : 'retry';
    try {
      this.#parts.onFailure({ id, lane, attempt, error, next });
    } catch (thrown) {
      this.#parts.context.report(thrown);
    }
    return settlement;
  }

  /** Keeps trying: what was done must not be done again because the disk was full for a moment. */
  async #settle(job: StoredJob, settlement: Settlement): Promise<void> {
    const { driver, context, closeMs } = this.#parts;
    let isLate = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    for (let tries = 0; ; tries += 1) {
      try {
        await driver.settle(job, settlement);
        clearTimeout(timer);
        if (tries > 0) this.#look();
        return;
      } catch (error) {
        context.report(error);
        // Given up at the end: the job counts as one that was running when its process died.
        if (this.#closing) {
          const passes = StoreError.isInstance(error) && error.code === 'locked';
          if (isLate || !passes) return clearTimeout(timer);
          timer ??= setTimeout(() => {
            isLate = true;
          }, closeMs);
        }
        await new Promise((resolve) => void setTimeout(resolve, context.pollMs));
      }
    }
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#closing) return;
    const { context, standbyMs } = this.#parts;
    const dueInMs = (this.#nextDueAtMs ?? Infinity) - context.nowMs();
    const pollMs = context.pollMs * 2 ** Math.min(this.#failedLookCount, 5);
    const dueAfterMs = this.#failedLookCount > 0 ? pollMs : dueInMs;
    const delayMs = this.#entered ? Math.max(1, Math.min(pollMs, dueAfterMs)) : standbyMs;
    this.#timer = setTimeout(() => this.#tick(), delayMs);
  }

  #tick(): void {
    try {
      if (!this.#entered) this.#entered = this.#parts.driver.enter();
      if (this.#entered && this.#hasReasonToLook()) this.#look();
    } catch (error) {
      this.#parts.context.report(error);
    }
    this.#arm();
  }

  #hasReasonToLook(): boolean {
    const { driver, context } = this.#parts;
    const nowMs = context.nowMs();
    const due = this.#nextDueAtMs !== undefined && this.#nextDueAtMs <= nowMs;
    const clockWentBack = nowMs < this.#lookedAtMs;
    const changed = driver.foreignChanges() !== this.#foreignChanges;
    return changed || !this.#quiet || due || clockWentBack;
  }

  #announceIdle(): void {
    const looking = this.#entered && !this.#closing && !this.#quiet;
    if (looking || this.#isClaiming || this.#unfinished.size > 0) return;
    for (const resolve of this.#idleWaiters) resolve();
    this.#idleWaiters.clear();
  }
}
