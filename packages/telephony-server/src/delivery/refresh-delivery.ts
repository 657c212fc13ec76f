import { isFinalStatus, type MessagingProvider } from '@openclaw/telephony-core';
import type { Delivery, DeliveryTracker } from './deliveries.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';

/** Asks the carrier about a message whose end is not known here. */
export type RefreshDelivery = (
  messageId: string,
  /** Not about one of which something was heard in the last so many milliseconds; default 0. */
  options?: { readonly staleAfterMs?: number },
) => Promise<Delivery | undefined>;

/** Makes the question. However many ask at once about one message, the carrier is asked once. */
export function createRefreshDelivery(options: {
  readonly messaging: MessagingProvider;
  readonly deliveries: DeliveryTracker;
  readonly logger: Logger;
  readonly now: () => Date;
}): RefreshDelivery {
  const { messaging, deliveries, logger, now } = options;
  const underWay = new Map<string, Promise<Delivery | undefined>>();

  async function ask(
    messageId: string,
    known: Delivery | undefined,
  ): Promise<Delivery | undefined> {
    try {
      const state = await messaging.getMessage?.(messageId);
      if (state === undefined) return known;
      const { status, carrierErrorCode } = state;
      const code = carrierErrorCode === undefined ? {} : { carrierErrorCode };
      return await deliveries.record({ messageId, status, ...code });
    } catch (error) {
      if (known === undefined) throw error;
      const { correlationId } = known;
      logger.warn(
        { messageId, correlationId, reason: reasonOf(error) },
        'the carrier could not be asked',
      );
      return known;
    }
  }

  return async (messageId, { staleAfterMs = 0 } = {}) => {
    const known = await deliveries.get(messageId);
    if (messaging.getMessage === undefined) return known;
    if (known && isFinalStatus(known.status)) return known;
    if (known && Math.abs(now().getTime() - known.updatedAt.getTime()) < staleAfterMs) return known;
    const asked = underWay.get(messageId) ?? ask(messageId, known);
    underWay.set(messageId, asked);
    try {
      return await asked;
    } finally {
      underWay.delete(messageId);
    }
  };
}
