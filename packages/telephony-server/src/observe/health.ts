import type { KeyValueStore, QueueFigures } from '@openclaw/telephony-store';
import { reasonOf } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** The queues of one account by name. */
export type QueueName = 'texts' | 'signals' | 'outbox';
type Queues = { readonly [name in QueueName]: { inspect(): Promise<QueueFigures> } };

/** How an account is. */
export interface HealthReport {
  readonly account: string;
  /** The carrier's name. */
  readonly provider: string;
  /** False when the store fails or does not answer in time, and while the server closes. */
  readonly ok: boolean;
  readonly closing: boolean;
  /** What a write, and a read of what was written, came to. */
  readonly store: { readonly ok: boolean; readonly reason?: string };
  /** Absent when the store does not answer. */
  readonly queues?: Readonly<Record<QueueName, QueueFigures>>;
}

/** Looks at the store and the queues. */
export interface Health {
  readonly provider: string;
  /** Never rejects; several who ask at once share one look. */
  report(): Promise<HealthReport>;
  /** Sets the gauges of the queues. */
  measure(): Promise<void>;
}

/** What {@link createHealth} takes. */
export interface HealthOptions {
  readonly account: string;
  readonly provider: string;
  readonly keyValue: KeyValueStore;
  readonly queues: Queues;
  /** The texts that are to leave later. */
  readonly schedule: { count(): Promise<number> };
  readonly closing: AbortSignal;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** How long the store may take, in milliseconds; default 2,000, which is what the most impatient carrier waits. */
  readonly timeoutMs?: number;
}

const probeKey = 'health/probe';
const probeTtlMs = 3_600_000;

/** Makes the look at an account's health. */
export function createHealth(options: HealthOptions): Health {
  const { account, provider, keyValue, queues, schedule, closing, metrics, now } = options;
  const { timeoutMs = 2000 } = options;
  let looking: Promise<HealthReport> | undefined;

  async function probe(): Promise<void> {
    const wanted = now().toISOString();
    await keyValue.set(probeKey, wanted, { ttlMs: probeTtlMs });
    // A probe of another process may have been written in between: any value is a sign of life.
    if ((await keyValue.get(probeKey)) === undefined) throw new ProbeFailed('nothing was written');
  }
  async function figures(): Promise<{ readonly [name in QueueName]: QueueFigures }> {
    const [texts, signals, outbox] = await Promise.all([
      queues.texts.inspect(),
      queues.signals.inspect(),
      queues.outbox.inspect(),
    ]);
    return { texts, signals, outbox };
  }
  async function look(): Promise<HealthReport> {
    const isClosing = closing.aborted;
    const about = { account, provider, closing: isClosing };
    try {
      const found = await within(timeoutMs, probe().then(figures));
      return { ok: !isClosing, ...about, store: { ok: true }, queues: found };
    } catch (error) {
      const reason = error instanceof ProbeFailed ? error.message : reasonOf(error);
      return { ok: false, ...about, store: { ok: false, reason } };
    }
  }
  return {
    provider,
    report() {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      return looking;
    },
    async measure() {
      const [found, scheduledCount] = await within(
        timeoutMs,
        Promise.all([figures(), schedule.count()]),
      );
      metrics.gauge('telephony_scheduled', scheduledCount);
      for (const [queue, { waiting, running, dead, oldestWaitingMs }] of Object.entries(found)) {
        metrics.gauge('telephony_queue_waiting', waiting, { queue });
        metrics.gauge('telephony_queue_running', running, { queue });
        metrics.gauge('telephony_queue_dead', dead, { queue });
        metrics.gauge('telephony_queue_oldest_waiting_seconds', oldestWaitingMs / 1000, { queue });
      }
    },
  };
}

class ProbeFailed extends Error {
  override readonly name = 'ProbeFailed';
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ProbeFailed(`no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
