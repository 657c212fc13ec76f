import type { QueueFigures, TelephonyStore } from '@openclaw/telephony-store';
import { accountRecords } from './records/account-records.ts';
import { createDeadTexts, type DeadTexts } from './inbox/dead-texts.ts';
import { createDeliveryTracker, type Delivery } from './delivery/deliveries.ts';
import { parseDeliveryCheck } from './delivery/delivery-check.ts';
import { parseSignalItem, parseTextItem } from './inbox/inbox-item.ts';
import { createMessageReader, type MessageReader } from './observe/message-reader.ts';
import { parseOutboxItem } from './outbox/outbox-item.ts';
import { createSchedule } from './schedule/schedule.ts';
import { createScheduledTexts, type ScheduledTexts } from './schedule/scheduled-texts.ts';
import { createSendLedger } from './outbox/send-progress.ts';
import { type Cost, createSpendLedger } from './outbox/spend.ts';
import { createUnknownSends, type UnknownSend } from './outbox/unknown-sends.ts';

/** What a person may want to know of one account, out of its store alone. */
export interface AccountView {
  /** The log of texts, in and out. */
  readonly messages: MessageReader;
  /** What was given up and waits for a person. */
  readonly dead: DeadTexts;
  /** What is to leave later. */
  readonly scheduled: ScheduledTexts;
  /** How much waits in each queue. */
  queues(): Promise<Readonly<Record<QueueName, QueueFigures>>>;
  /**
   * Messages of which nobody here knows whether the carrier has them. `resolveUnknown` of a server carries out what a
   * person decides.
   */
  unknownSends(): Promise<readonly UnknownSend[]>;
  /** What the open windows of the spend limits hold: the hour and the day in UTC. */
  spent(): Promise<{ readonly hour: Cost; readonly day: Cost }>;
  /** What carriers say of the messages of the newest sends, the last heard of first; `limit` defaults to 10. */
  receipts(options?: { readonly limit?: number }): Promise<readonly Delivery[]>;
}

/**
 * The queues of an account: texts that arrived, words of consent and receipts, sends, and questions to the carrier about
 * messages whose end nobody has told (they wait for ten minutes at least).
 */
export type QueueName = 'texts' | 'signals' | 'outbox' | 'checks';

/** What {@link openAccountView} takes. */
export interface AccountViewOptions {
  /** Opened by any process, also while the server runs in another one. The caller closes it. */
  readonly store: TelephonyStore;
  /** Default `default`. */
  readonly accountId?: string;
  readonly now?: () => Date;
}

/**
 * Looks at an account through its store: no provider, no credentials and no running server are needed.
 *
 * What it shows is the operator's own database: texts and full numbers.
 *
 * @example
 * const view = openAccountView({ store: createSqliteStore({ path: 'bot.db' }) });
 * for (const { at, from, text } of await view.messages.list({ limit: 10 })) console.log(at, from, text);
 */
export function openAccountView(options: AccountViewOptions): AccountView {
  const { store, accountId = 'default', now = () => new Date() } = options;
  const keyValue = accountRecords(store.keyValue, accountId);
  const texts = store.queue(`texts:${accountId}`, { parse: parseTextItem });
  const signals = store.queue(`signals:${accountId}`, { parse: parseSignalItem });
  const outbox = store.queue(`outbox:${accountId}`, { parse: parseOutboxItem });
  const checks = store.queue(`checks:${accountId}`, { parse: parseDeliveryCheck });
  const sends = createSendLedger({ keyValue, now });
  const deliveries = createDeliveryTracker({ keyValue, now, onFailed: () => undefined });
  const unknown = createUnknownSends({ keyValue, now, sends, queue: outbox });
  const spend = createSpendLedger({ keyValue, now });
  const messages = createMessageReader({ keyValue, sends, deliveries });
  return {
    messages,
    dead: createDeadTexts({ texts, signals, outbox }),
    scheduled: createScheduledTexts(createSchedule({ keyValue, now })),
    async queues() {
      const figures = [texts, signals, outbox, checks].map(async (queue) => queue.inspect());
      const [inText, inSignal, out, check] = await Promise.all(figures);
      if (!inText || !inSignal || !out || !check) throw new Error('a queue told nothing');
      return { texts: inText, signals: inSignal, outbox: out, checks: check };
    },
    unknownSends: () => unknown.list(),
    spent: () => spend.spent(),
    async receipts({ limit = 10 } = {}) {
      const newest = await messages.list({ direction: 'outbound', limit: limit * 4 });
      const details = await Promise.all(newest.map(({ id }) => messages.show(id)));
      return details
        .flatMap((one) => one?.deliveries ?? [])
        .toSorted((one, other) => other.updatedAt.getTime() - one.updatedAt.getTime())
        .slice(0, limit);
    },
  };
}
