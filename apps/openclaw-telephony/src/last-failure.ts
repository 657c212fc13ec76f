import type { MessagingProvider, TelephonyErrorCode } from '@openclaw/telephony-core';
import type { Delivery, FailedSend } from '@openclaw/telephony-server';

/** The newest text of an account that did not reach anybody, as `telephony.status` shows it. */
export interface Failure {
  /** `sending`: it never left. `delivery`: the carrier took it, and it did not arrive. */
  readonly during: 'sending' | 'delivery';
  readonly at: string;
  /** Ours while it was being sent, the carrier's afterwards. */
  readonly id: string;
  readonly code?: TelephonyErrorCode;
  readonly carrierErrorCode?: string;
  readonly reason?: string;
}

/** Remembers the newest failure until the next start. */
export interface LastFailure {
  readonly sending: (failed: FailedSend) => void;
  readonly delivery: (delivery: Delivery) => void;
  readonly get: () => Failure | undefined;
}

export function createLastFailure(options: {
  readonly now: () => Date;
  /** Told of each delivery that failed; the server itself tells of sends. */
  readonly warn: (fields: { readonly [name: string]: string | undefined }) => void;
  readonly messaging: () => Pick<MessagingProvider, 'errorCodeOf'> | undefined;
}): LastFailure {
  const { now, warn, messaging } = options;
  let last: Failure | undefined;
  return {
    sending({ sendId, code, reason }) {
      last = { during: 'sending', at: now().toISOString(), id: sendId, code, reason };
    },
    delivery({ messageId, status, carrierErrorCode }) {
      const code =
        carrierErrorCode === undefined ? undefined : messaging()?.errorCodeOf?.(carrierErrorCode);
      warn({ messageId, status, carrierErrorCode, code });
      last = {
        during: 'delivery',
        at: now().toISOString(),
        id: messageId,
        ...(code === undefined ? {} : { code }),
        ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
      };
    },
    get: () => last,
  };
}
