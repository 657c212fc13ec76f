import { isFinalStatus, type MessagingProvider } from '@openclaw/telephony-core';
import type { Delivery, DeliveryTracker } from './deliveries.ts';
import { type Logger, reasonOf } from './logger.ts';

/** What is known of a message, after asking the carrier about one whose end is not known here. */
export async function refreshDelivery(
  messageId: string,
  options: {
    readonly messaging: MessagingProvider;
    readonly deliveries: DeliveryTracker;
    readonly logger: Logger;
  },
): Promise<Delivery | undefined> {
  const { messaging, deliveries, logger } = options;
  const known = await deliveries.get(messageId);
  if (messaging.getMessage === undefined || (known && isFinalStatus(known.status))) return known;
  try {
    const { status, carrierErrorCode } = await messaging.getMessage(messageId);
    const code = carrierErrorCode === undefined ? {} : { carrierErrorCode };
    return await deliveries.record({ messageId, status, ...code });
  } catch (error) {
    if (known === undefined) throw error;
    logger.warn({ messageId, reason: reasonOf(error) }, 'the carrier could not be asked');
    return known;
  }
}
