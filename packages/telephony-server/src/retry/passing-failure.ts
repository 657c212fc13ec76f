import type { TelephonyError, TelephonyErrorCode } from '@openclaw/telephony-core';

const passing: ReadonlySet<TelephonyErrorCode> = new Set([
  'rate_limited',
  'provider_unavailable',
  'network',
  'timeout',
]);

/** True for a failure that passes by itself, after which nothing was sent. */
export function passesByItself({ code, outcome, retryAfterMs }: TelephonyError): boolean {
  return outcome === 'not-performed' && (passing.has(code) || retryAfterMs !== undefined);
}
