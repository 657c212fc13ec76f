import type { TelephonyStore, WorkQueue } from '@openclaw/telephony-store';
import { accountRecords } from './records/account-records.ts';
import { type ConsentLedger, createConsentLedger } from './consent/consent.ts';
import {
  createDeliveryTracker,
  type Delivery,
  type DeliveryTracker,
  type ErrorCodeOf,
} from './delivery/deliveries.ts';
import { type Logger, reasonOf } from './observe/logger.ts';
import { createMessageLog, type MessageLog } from './observe/message-log.ts';
import { type Metrics, silentMetrics } from './observe/metrics.ts';
import type { OutboxItem } from './outbox/outbox-item.ts';
import { createSendLedger, parseSendRef, type SendLedger } from './outbox/send-progress.ts';
import { createSpendLedger, type SpendLedger, type SpendLimits } from './outbox/spend.ts';
import { createUnknownSends, type UnknownSends } from './outbox/unknown-sends.ts';

/** Everything that one account remembers. */
export interface Ledgers {
  readonly consent: ConsentLedger;
  /** That of another account, for what this one sends on behalf of it. */
  readonly consentOf: (accountId: string) => ConsentLedger;
  /** Notes that a person is texted on behalf of another account: their STOP holds for that one, too. */
  readonly standsInFor: (person: string, accountId: string) => Promise<void>;
  readonly sends: SendLedger;
  readonly unknownSends: UnknownSends;
  readonly deliveries: DeliveryTracker;
  readonly spend: SpendLedger;
  readonly log: MessageLog;
}

/** Opens the ledgers of an account, apart from those of every other account in the store. */
export function openLedgers(options: {
  readonly store: TelephonyStore;
  readonly accountId: string;
  readonly limits: SpendLimits;
  /** The outbox, whose dead jobs may hold messages of unknown outcome. */
  readonly queue: WorkQueue<OutboxItem>;
  readonly errorCodeOf?: ErrorCodeOf;
  readonly onDeliveryFailed?: (delivery: Delivery) => void;
  /** Told of a message that turned out to be with the carrier. */
  readonly onAccepted?: (messageId: string) => Promise<void>;
  readonly metrics?: Metrics;
  readonly logger: Logger;
  readonly now: () => Date;
}): Ledgers {
  const { store, accountId, limits, queue, onDeliveryFailed, logger, now } = options;
  const { metrics = silentMetrics, errorCodeOf } = options;
  const keyValue = accountRecords(store.keyValue, accountId);
  const consentOf = (id: string): ConsentLedger =>
    createConsentLedger({ keyValue: accountRecords(store.keyValue, id), now });
  const own = createConsentLedger({ keyValue, now });
  const consent: ConsentLedger = {
    ...own,
    async stop(person, confirmationId, said) {
      const permitted = await own.stop(person, confirmationId, said);
      // Whoever was texted on behalf of another account answers that one, too.
      const within = `stood-in/${person}/`;
      for await (const { key } of keyValue.list(within)) {
        await consentOf(key.slice(within.length)).stop(person, undefined, said);
      }
      return permitted;
    },
  };
  const deliveries = createDeliveryTracker({
    keyValue,
    now,
    ...(errorCodeOf === undefined ? {} : { errorCodeOf }),
    onOptedOut: (person, acceptedAt) => consent.stopLearned(person, acceptedAt),
    onEnded: ({ status }) => metrics.count('telephony_deliveries_total', { status }),
    onFailed(delivery) {
      const { messageId, status, carrierErrorCode, correlationId } = delivery;
      logger.warn({ messageId, correlationId, status, carrierErrorCode }, 'not delivered');
      try {
        onDeliveryFailed?.(delivery);
      } catch (error) {
        logger.error({ messageId, reason: reasonOf(error) }, 'onDeliveryFailed failed');
      }
    },
  });
  const sends = createSendLedger({ keyValue, now });
  const unknownSends = createUnknownSends({ keyValue, now, sends, queue });
  return {
    consent,
    consentOf,
    async standsInFor(person, other) {
      await keyValue.set(`stood-in/${person}/${other}`, '', { ttlMs: standInTtlMs });
    },
    sends: reconciling(sends, { unknownSends, deliveries, onAccepted: options.onAccepted }),
    unknownSends,
    spend: createSpendLedger({ keyValue, now, limits }),
    deliveries,
    log: createMessageLog({ keyValue, now }),
  };
}

/** A STOP to a text that is older than that is not about that text. */
const standInTtlMs = 366 * 24 * 3_600_000;

/** A message that turns out to exist is off the list of unknown ones, and its delivery knows whom it is for. */
function reconciling(
  sends: SendLedger,
  others: {
    readonly unknownSends: UnknownSends;
    readonly deliveries: DeliveryTracker;
    readonly onAccepted: ((messageId: string) => Promise<void>) | undefined;
  },
): SendLedger {
  const { unknownSends, deliveries, onAccepted } = others;
  return {
    ...sends,
    async reconcile(ref, messageId) {
      const { id, index } = parseSendRef(ref);
      const send = await sends.get(id);
      const state = send?.messages[index]?.state;
      if (send === undefined || state === undefined || state === 'accepted') return 'known';
      const { to, correlationId } = send;
      // The ledger of sends comes last: after a crash before it, all of this is done once more.
      await unknownSends.remove(id, index);
      await deliveries.record({
        messageId,
        status: 'accepted',
        to,
        sendId: id,
        acceptedAt: new Date(send.createdAt),
        ...(correlationId === undefined ? {} : { correlationId }),
      });
      await onAccepted?.(messageId);
      return sends.reconcile(ref, messageId);
    },
  };
}
