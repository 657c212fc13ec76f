import { Dead, Retry } from '../verdict.ts';
import type { Settlement, StoredJob } from './queue-driver.ts';

/** The numbers of a queue, with every default in place. */
export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  readonly dedupeWindowMs: number;
  readonly deadRetentionMs: number;
}

const longestReason = 500;

/** What becomes of a job whose handler threw. */
export function settleThrown(
  error: unknown,
  job: StoredJob,
  policy: RetryPolicy,
  at: { readonly nowMs: number; readonly random: number },
): Settlement {
  const { nowMs } = at;
  const asked = Retry.isInstance(error) ? error : undefined;
  if (asked !== undefined && !asked.isFailure) {
    return {
      to: 'waiting',
      notBeforeMs: Math.ceil(nowMs + asked.afterMs),
      decidedAtMs: nowMs,
      failures: job.failures,
    };
  }
  const failures = job.failures + 1;
  if (Dead.isInstance(error)) return bury(error.message, failures, policy, nowMs);
  if (failures >= policy.maxAttempts) {
    const reason = asked?.message ?? classOf(error);
    return bury(`given up after ${failures} failures: ${reason}`, failures, policy, nowMs);
  }
  const pauseMs = Math.min(policy.longestRetryMs, policy.firstRetryMs * 2 ** (failures - 1));
  return {
    to: 'waiting',
    notBeforeMs: Math.ceil(nowMs + Math.max(asked?.afterMs ?? 0, pauseMs * (0.5 + at.random / 2))),
    decidedAtMs: nowMs,
    failures,
  };
}

export function bury(
  reason: string,
  failures: number,
  { deadRetentionMs }: Pick<RetryPolicy, 'deadRetentionMs'>,
  nowMs: number,
): Settlement & { to: 'dead' } {
  return {
    to: 'dead',
    // Cutting may halve a pair of surrogates, and NUL is not storable.
    reason: reason.slice(0, longestReason).replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD'),
    diedAtMs: nowMs,
    expiresAtMs: Math.ceil(nowMs + deadRetentionMs),
    failures,
  };
}

const word = /^[\w.$ -]{1,60}$/u;

/** A foreign error's class and code: its message may quote what the job is about, so it is never stored. */
export function classOf(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const name = word.test(error.name) ? error.name : 'Error';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return word.test(code) ? `${name} ${code}` : name;
}
