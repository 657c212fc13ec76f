import type { DeadJob, WorkQueue } from '@openclaw/telephony-store';
import type { SignalItem, TextItem } from './inbox-item.ts';
import { type OutboxItem, senderKey } from '../outbox/outbox-item.ts';

/** A job that was given up. */
export interface DeadText {
  readonly queue: 'texts' | 'signals' | 'outbox';
  /** The inbox's id of a text or receipt, or the id of a send. */
  readonly id: string;
  /** Why; without any personal data. */
  readonly reason: string;
  readonly attemptCount: number;
  readonly addedAt: Date;
  readonly diedAt: Date;
  readonly from?: string;
  readonly to?: string;
  readonly text?: string;
}

/** What was given up. A store keeps it for 30 days. */
export interface DeadTexts {
  /** The longest dead first, queue by queue. `limit` is for each queue; default 100. */
  list(options?: { readonly limit?: number }): Promise<readonly DeadText[]>;
  /**
   * Puts a job back into its queue: a text is handled again, a send goes out again unless it is known or feared to have
   * gone. False when nothing dead has this id.
   */
  retry(id: string): Promise<boolean>;
}

/** Reads the dead of the queues of one account. */
export function createDeadTexts(queues: {
  readonly texts: WorkQueue<TextItem>;
  readonly signals: WorkQueue<SignalItem>;
  readonly outbox: WorkQueue<OutboxItem>;
}): DeadTexts {
  const { texts, signals, outbox } = queues;
  return {
    async list({ limit = 100 } = {}) {
      const found: DeadText[] = [];
      for await (const job of texts.dead({ limit })) {
        found.push({ queue: 'texts', ...factsOf(job), ...addressesOf(job.payload?.message) });
      }
      for await (const job of signals.dead({ limit })) {
        const message = job.payload?.kind === 'keyword' ? job.payload.message : undefined;
        found.push({ queue: 'signals', ...factsOf(job), ...addressesOf(message) });
      }
      for await (const job of outbox.dead({ limit })) {
        found.push({ queue: 'outbox', ...factsOf(job), ...contentOf(job.payload) });
      }
      return found;
    },
    async retry(id) {
      for (const queue of [texts, outbox, signals]) {
        if (await queue.retryDead(id)) return true;
      }
      return false;
    },
  };
}

const factsOf = ({ id, reason, attempt, addedAt, diedAt }: DeadJob<unknown>) => ({
  id,
  reason,
  attemptCount: attempt,
  addedAt,
  diedAt,
});

const addressesOf = (message: TextItem['message'] | undefined) =>
  message === undefined ? {} : { from: message.from, to: message.to, text: message.text };

const contentOf = (item: OutboxItem | undefined) =>
  item === undefined
    ? {}
    : {
        from: senderKey(item.from),
        to: item.to,
        text: item.messages.map(({ text }) => text).join('\n'),
      };
