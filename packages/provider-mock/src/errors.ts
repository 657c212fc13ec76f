import {
  type Outcome,
  TelephonyError,
  type TelephonyErrorCode,
  type TelephonyErrorDetails,
  type WebhookRejectionReason,
} from '@openclaw/telephony-core';

/** The provider's id: in events, in errors, in a configuration. */
export const mockProviderId = 'mock';

/** Failures after which a carrier may have sent the message all the same. */
const mayHaveHappened: ReadonlySet<TelephonyErrorCode> = new Set<TelephonyErrorCode>([
  'provider_unavailable',
  'timeout',
  'malformed_response',
]);

/**
 * Makes the error that a real carrier's provider would throw, for {@link MockProvider.failNext}.
 *
 * `outcome` is what a careful provider would say of that code, unless `details` says otherwise: `unknown` for
 * `provider_unavailable`, `timeout` and `malformed_response`, `not-performed` for the rest.
 *
 * @example
 * provider.failNext(mockError('rate_limited', { retryAfterMs: 1000 }));
 */
export function mockError(
  code: TelephonyErrorCode,
  details: Omit<Partial<TelephonyErrorDetails>, 'provider'> = {},
): TelephonyError {
  const outcome: Outcome = mayHaveHappened.has(code) ? 'unknown' : 'not-performed';
  return new TelephonyError(code, `the mock carrier was told to fail with ${code}`, {
    outcome,
    ...details,
    provider: mockProviderId,
  });
}

/** A request that is wrong in itself: nothing left the machine. */
export function refuse(code: TelephonyErrorCode, message: string): TelephonyError {
  return new TelephonyError(code, message, { provider: mockProviderId, outcome: 'not-performed' });
}

/** A webhook that is not believed. */
export function rejectWebhook(reason: WebhookRejectionReason, message: string): TelephonyError {
  return new TelephonyError('webhook_rejected', message, {
    provider: mockProviderId,
    outcome: 'not-performed',
    reason,
  });
}
