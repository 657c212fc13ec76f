import { type InboundMessage, TelephonyError } from '@openclaw/telephony-core';
import { Retry } from '@openclaw/telephony-store';
import type { Reply, RunContext, RunHandler } from './message-handler.ts';
import { type Metrics, silentMetrics } from '../observe/metrics.ts';

/** Runs the application, no longer than it may. */
export interface HandlerRuns {
  /**
   * Resolves when the handler has; rejects with what it throws, with {@link HandlerTimeout}, or with `Retry` when the
   * server closes. After that its `reply` refuses.
   */
  run(message: InboundMessage, reply: Reply, about: RunFacts): Promise<void>;
  /** Gives up every run under way, and every later one: their texts stay in the inbox. */
  giveUp(): void;
}

/** What a run knows of its text. */
export type RunFacts = Omit<RunContext, 'signal'>;

/** The handler took too long. It counts as a failure: the text is tried again, as often as any other that failed. */
export class HandlerTimeout extends Error {
  override readonly name = 'HandlerTimeout';
}

/** Makes the runs of one application. */
export function createHandlerRuns(options: {
  readonly onMessage: RunHandler;
  /** Default 30 minutes; `Infinity` for none. */
  readonly timeoutMs?: number;
  readonly metrics?: Metrics;
  readonly now: () => Date;
}): HandlerRuns {
  const { onMessage, timeoutMs = 30 * 60_000, metrics = silentMetrics, now } = options;
  const running = new Set<AbortController>();
  let isOver = false;

  return {
    async run(message, reply, about) {
      if (isOver) throw closed();
      const controller = new AbortController();
      const { signal } = controller;
      const startedAtMs = now().getTime();
      const givenUp = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
      // No timer for "none": setTimeout takes a very long time for none at all.
      const timer =
        timeoutMs <= longestTimerMs
          ? setTimeout(
              () => controller.abort(new HandlerTimeout('the handler took too long')),
              timeoutMs,
            )
          : undefined;
      running.add(controller);
      let result = 'done';
      try {
        const handled = call(onMessage, message, whileRunning(reply, signal), { ...about, signal });
        await Promise.race([handled, givenUp]);
      } catch (error) {
        result = signal.aborted ? 'given_up' : 'failed';
        throw error;
      } finally {
        clearTimeout(timer);
        running.delete(controller);
        const seconds = (now().getTime() - startedAtMs) / 1000;
        metrics.observe('telephony_handler_seconds', seconds, { result });
      }
    },
    giveUp() {
      isOver = true;
      for (const controller of running) controller.abort(closed());
    },
  };
}

const longestTimerMs = 2 ** 31 - 1;
const closed = (): Retry => new Retry(0, 'the server closed before the application had finished');

/** A handler that throws is one that rejects. */
async function call(
  onMessage: RunHandler,
  message: InboundMessage,
  reply: Reply,
  context: RunContext,
): Promise<void> {
  await onMessage(message, reply, context);
}

/** A handler that was given up and goes on all the same must not answer beside the run that follows it. */
function whileRunning(reply: Reply, signal: AbortSignal): Reply {
  return async (content) => {
    if (!signal.aborted) return reply(content);
    throw new TelephonyError('aborted', 'this run was given up; the text is handled again', {
      outcome: 'not-performed',
    });
  };
}
