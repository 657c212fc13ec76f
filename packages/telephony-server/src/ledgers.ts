import type { KeyValueStore, TelephonyStore } from '@openclaw/telephony-store';
import { accountRecords } from './account-records.ts';
import { type ConsentLedger, createConsentLedger } from './consent.ts';
import { createDeliveryTracker, type Delivery, type DeliveryTracker } from './deliveries.ts';
import { type Logger, reasonOf } from './logger.ts';
import { createSendLedger, type SendLedger } from './send-progress.ts';
import { createSpendLedger, type SpendLedger, type SpendLimits } from './spend.ts';

/** Everything that one account remembers. */
export interface Ledgers {
  readonly consent: ConsentLedger;
  readonly sends: SendLedger;
  readonly deliveries: DeliveryTracker;
  readonly spend: SpendLedger;
}

/** Opens the ledgers of an account, apart from those of every other account in the store. */
export function openLedgers(options: {
  readonly store: TelephonyStore;
  readonly accountId: string;
  readonly limits: SpendLimits;
  readonly onDeliveryFailed?: (delivery: Delivery) => void;
  readonly logger: Logger;
  readonly now: () => Date;
}): Ledgers {
  const { store, accountId, limits, onDeliveryFailed, logger, now } = options;
  const keyValue: KeyValueStore = accountRecords(store.keyValue, accountId);
  return {
    consent: createConsentLedger({ keyValue, now }),
    sends: createSendLedger({ keyValue, now }),
    spend: createSpendLedger({ keyValue, now, limits }),
    deliveries: createDeliveryTracker({
      keyValue,
      now,
      onFailed(delivery) {
        const { messageId, status, carrierErrorCode } = delivery;
        logger.warn({ messageId, status, carrierErrorCode }, 'not delivered');
        try {
          onDeliveryFailed?.(delivery);
        } catch (error) {
          logger.error({ messageId, reason: reasonOf(error) }, 'onDeliveryFailed failed');
        }
      },
    }),
  };
}
