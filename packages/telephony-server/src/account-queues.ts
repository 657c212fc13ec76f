import type { JobFailure, TelephonyStore, WorkQueue } from '@openclaw/telephony-store';
import { correlationIdOf } from './observe/correlation.ts';
import { type DeliveryCheck, parseDeliveryCheck } from './delivery/delivery-check.ts';
import { inboxTries, outboxTries } from './derived-settings.ts';
import {
  parseSignalItem,
  parseTextItem,
  type SignalItem,
  type TextItem,
} from './inbox/inbox-item.ts';
import { type LogFields, type Logger, reasonOf } from './observe/logger.ts';
import { type OutboxItem, parseOutboxItem } from './outbox/outbox-item.ts';

/** What one account has to work off. */
export interface AccountQueues {
  readonly texts: WorkQueue<TextItem>;
  readonly signals: WorkQueue<SignalItem>;
  readonly outbox: WorkQueue<OutboxItem>;
  readonly checks: WorkQueue<DeliveryCheck>;
}

/** Opens the queues of an account; each failure of a job is a line of the log. */
export function openQueues(
  store: TelephonyStore,
  accountId: string,
  logger: Logger,
): AccountQueues {
  const onFailure = ({ id, attempt, next, error }: JobFailure, about: LogFields = {}): void =>
    logger.error(
      { ...about, jobId: id, attempt, next, reason: reasonOf(error) },
      'handling failed',
    );
  const onTextFailure = (failure: JobFailure): void =>
    onFailure(failure, { correlationId: correlationIdOf(failure.id) });
  return {
    texts: store.queue(`texts:${accountId}`, {
      parse: parseTextItem,
      onFailure: onTextFailure,
      ...inboxTries,
    }),
    signals: store.queue(`signals:${accountId}`, {
      parse: parseSignalItem,
      onFailure,
      ...inboxTries,
    }),
    outbox: store.queue(`outbox:${accountId}`, {
      parse: parseOutboxItem,
      onFailure,
      ...outboxTries,
    }),
    checks: store.queue(`checks:${accountId}`, { parse: parseDeliveryCheck, onFailure }),
  };
}
