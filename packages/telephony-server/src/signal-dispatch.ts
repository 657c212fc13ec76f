import { redactAddress } from '@openclaw/telephony-core';
import { type Job, Retry } from '@openclaw/telephony-store';
import type { Confirm } from './confirmation.ts';
import { correlationIdOf } from './correlation.ts';
import type { DeliveryTracker } from './deliveries.ts';
import type { SignalItem } from './inbox-item.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Notices } from './notices.ts';
import type { SendLedger } from './send-progress.ts';

/** What {@link createSignalDispatch} takes. */
export interface SignalDispatchOptions {
  readonly confirm: Confirm;
  readonly deliveries: DeliveryTracker;
  readonly sends: SendLedger;
  readonly notices: Notices;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Makes the handler of what must not wait for the application: words of consent, and receipts. */
export function createSignalDispatch(
  options: SignalDispatchOptions,
): (job: Job<SignalItem>) => Promise<void> {
  const { confirm, deliveries, sends, notices, logger, metrics } = options;
  return async ({ id, payload }) => {
    if (payload.unconfirmed) {
      await confirm(payload.kind === 'keyword' ? payload.message.id : payload.messageId);
    }
    if (payload.kind === 'keyword') {
      const { keyword, message } = payload;
      const correlationId = correlationIdOf(id);
      const about = { correlationId, inboxId: id, keyword };
      logger.info({ ...about, from: redactAddress(message.from) }, 'consent keyword');
      await notices.answerKeyword({ id, message, keyword, correlationId });
      return metrics.count('telephony_signals_handled_total', { kind: 'keyword' });
    }
    const { messageId, status, carrierErrorCode, sendRef } = payload;
    const delivery = await deliveries.record({
      messageId,
      status,
      ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
    });
    const { correlationId } = delivery;
    logger.info({ correlationId, messageId, reported: status, status: delivery.status }, 'receipt');
    metrics.count('telephony_signals_handled_total', { kind: 'receipt' });
    if (sendRef === undefined) return;
    const known = await sends.reconcile(sendRef, messageId);
    if (known === 'reconciled') {
      logger.info({ correlationId, messageId }, 'an unknown send turned out to exist');
    }
    if (known === 'pending') throw new Retry(1000, 'the send is still under way');
  };
}
