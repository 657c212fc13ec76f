import type { StoreContext } from '../store.ts';
import { assertLimit, assertStorable } from '../argument-rules.ts';
import type { DeadJob, NewJob, QueueOptions, Runner, WorkQueue } from '../work-queue.ts';
import type { CrashPolicy, NewStoredJob, QueueDriver, StoredDeadJob } from './queue-driver.ts';
import { JobRunner } from './runner.ts';
import type { RetryPolicy } from './settlement.ts';

const hourMs = 3_600_000;
const deadPageSize = 50;

/** What a store lends its queues. */
export interface QueueHost {
  readonly context: StoreContext;
  readonly standbyMs: number;
  /** How long a runner that closes waits for another process's lock to write down what became of a job; default 10 s. */
  readonly closeMs?: number;
  driverOf(queue: string, crash: CrashPolicy): QueueDriver;
  /** The runners that the store closes when it is closed. */
  readonly runners: Set<Runner>;
  /** Throws when the store is closed, or closing. */
  assertOpen(): void;
}

/** Makes the public queue over a driver. */
export function createWorkQueue<Payload>(
  host: QueueHost,
  name: string,
  options: QueueOptions<Payload>,
): WorkQueue<Payload> {
  assertStorable('a queue name', name);
  const { parse, onFailure = () => {} } = options;
  const policy = policyOf(options);
  const driver = host.driverOf(name, policy);
  return {
    add(job) {
      try {
        return driver.add(toNewJob(job));
      } catch (error) {
        return Promise.reject(error);
      }
    },
    run(handler, { concurrency }) {
      host.assertOpen();
      if (!Number.isInteger(concurrency) || concurrency < 1) {
        throw new RangeError('concurrency must be a whole number from 1 up');
      }
      const { context, standbyMs, closeMs = 10_000, runners } = host;
      const runner = new JobRunner({
        driver,
        context,
        policy,
        parse,
        handler,
        concurrency,
        standbyMs,
        closeMs,
        onFailure,
      });
      runners.add(runner);
      return {
        idle: () => runner.idle(),
        close: () => runner.close().finally(() => runners.delete(runner)),
      };
    },
    inspect: () => driver.figures(),
    async countLane(lane, limit) {
      assertStorable('a lane', lane);
      assertLimit(limit);
      return driver.countLane(lane, limit);
    },
    async *dead({ limit = Infinity } = {}) {
      assertLimit(limit);
      let left = limit;
      let seq = 0;
      while (left > 0) {
        const size = Math.min(deadPageSize, left);
        const page = await driver.deadAfter(seq, size);
        for (const job of page) {
          yield toDeadJob(job, parse);
          seq = job.seq;
        }
        if (page.length < size) return;
        left -= page.length;
      }
    },
    async retryDead(id) {
      assertStorable('a job id', id);
      return driver.retryDead(id);
    },
  };
}

function toNewJob({ id, lane, payload, notBefore }: NewJob<unknown>): NewStoredJob {
  assertStorable('a job id', id);
  assertStorable('a lane', lane);
  const notBeforeMs = notBefore?.getTime() ?? 0;
  if (Number.isNaN(notBeforeMs)) throw new RangeError('notBefore must be a valid date');
  return { id, lane, payload: toJson(payload), notBeforeMs };
}

function policyOf(options: QueueOptions<unknown>): RetryPolicy {
  const policy = {
    maxAttempts: options.maxAttempts ?? 8,
    firstRetryMs: options.firstRetryMs ?? 1000,
    longestRetryMs: options.longestRetryMs ?? 5 * 60_000,
    dedupeWindowMs: options.dedupeWindowMs ?? 48 * hourMs,
    deadRetentionMs: options.deadRetentionMs ?? 30 * 24 * hourMs,
  };
  for (const [name, value] of Object.entries(policy)) {
    if (!(value >= 0 && value < Infinity)) {
      throw new RangeError(`${name} must be a number from 0 up`);
    }
  }
  if (policy.maxAttempts < 1) throw new RangeError('maxAttempts must be at least 1');
  return policy;
}

function toJson(payload: unknown): string {
  const json: string | undefined = JSON.stringify(payload);
  if (json === undefined) throw new TypeError('a payload must be a JSON value');
  return json;
}

function toDeadJob<Payload>(
  { id, lane, payload, attempt, addedAtMs, reason, diedAtMs }: StoredDeadJob,
  parse: (json: unknown) => Payload,
): DeadJob<Payload> {
  const base = { id, lane, attempt, addedAt: new Date(addedAtMs), reason };
  const diedAt = new Date(diedAtMs);
  try {
    return { ...base, diedAt, payload: parse(JSON.parse(payload)) };
  } catch {
    return { ...base, diedAt, payload: undefined };
  }
}
