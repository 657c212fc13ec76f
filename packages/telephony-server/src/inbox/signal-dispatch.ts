import { redactAddress, TelephonyError } from '@openclaw/telephony-core';
import { Dead, type Job, Retry } from '@openclaw/telephony-store';
import type { Confirm } from './confirmation.ts';
import { correlationIdOf } from '../observe/correlation.ts';
import type { DeliveryTracker } from '../delivery/deliveries.ts';
import { growingPauseMs } from '../retry/growing-pause.ts';
import { saidOf, type SignalItem } from './inbox-item.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Notices } from '../consent/notices.ts';
import { passesByItself } from '../retry/passing-failure.ts';
import type { SendLedger } from '../outbox/send-progress.ts';

/** What {@link createSignalDispatch} takes. */
export interface SignalDispatchOptions {
  readonly confirm: Confirm;
  readonly deliveries: DeliveryTracker;
  readonly sends: SendLedger;
  readonly notices: Notices;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Makes the handler of what must not wait for the application: words of consent, and receipts.
 *
 * A STOP blocks before anybody was asked whether it is genuine: a false one costs its person a START, a lost one would
 * have them texted against their will.
 */
export function createSignalDispatch(
  options: SignalDispatchOptions,
): (job: Job<SignalItem>) => Promise<void> {
  const { confirm, deliveries, sends, notices, logger, metrics } = options;
  return async ({ id, payload, attempt, addedAt }) => {
    if (payload.kind === 'keyword') {
      const { keyword, message } = payload;
      const said = saidOf(payload);
      const correlationId = correlationIdOf(id);
      const about = { correlationId, inboxId: id, keyword };
      if (payload.unconfirmed) {
        if (keyword === 'stop') {
          await notices.recordStop({ id, message, said });
          if (attempt === 1) {
            logger.warn(about, 'a STOP blocks though its webhook signed no body; START lifts it');
          }
        }
        await confirm(message.id, addedAt);
      }
      logger.info({ ...about, from: redactAddress(message.from) }, 'consent keyword');
      try {
        await notices.answerKeyword({ id, message, keyword, said, correlationId });
      } catch (error) {
        throw unanswerable(error) ?? error;
      }
      return metrics.count('telephony_signals_handled_total', { kind: 'keyword' });
    }
    const { messageId, status, carrierErrorCode, sendRef } = payload;
    if (payload.unconfirmed) await confirm(messageId, addedAt);
    // First whose message it is, so that whoever is told of its failure is told that, too.
    const known = sendRef === undefined ? 'known' : await sends.reconcile(sendRef, messageId);
    const delivery = await deliveries.record({
      messageId,
      status,
      ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
    });
    const { correlationId } = delivery;
    logger.info({ correlationId, messageId, reported: status, status: delivery.status }, 'receipt');
    metrics.count('telephony_signals_handled_total', { kind: 'receipt' });
    if (known === 'reconciled') {
      logger.info({ correlationId, messageId }, 'an unknown send turned out to exist');
    }
  };
}

/** By then the word is recorded: an answer that may not be sent must not hold up the next word of the same person. */
function unanswerable(error: unknown): Dead | undefined {
  if (!TelephonyError.isInstance(error) || error.outcome !== 'not-performed') return undefined;
  if (passesByItself(error) && error.code !== 'limit_reached') return undefined;
  return new Dead(`recorded, but not answered: ${error.message}`);
}

const longestPauseMs = 5 * 60_000;

/**
 * Has words of consent tried again for as long as it takes, whatever fails, at most every five minutes. Other signals end
 * as the queue says.
 */
export function keepingConsent(
  handle: (job: Job<SignalItem>) => Promise<void>,
  { logger }: { readonly logger: Logger },
): (job: Job<SignalItem>) => Promise<void> {
  return async (job) => {
    try {
      await handle(job);
    } catch (error) {
      const { id, payload, attempt } = job;
      if (payload.kind !== 'keyword' || Dead.isInstance(error) || Retry.isInstance(error)) {
        throw error;
      }
      const about = { correlationId: correlationIdOf(id), inboxId: id, keyword: payload.keyword };
      logger.error({ ...about, attempt, reason: reasonOf(error) }, 'a word of consent waits');
      throw new Retry(growingPauseMs(attempt, longestPauseMs), 'a word of consent waits');
    }
  };
}
