import type { MessagingCapabilities, TelephonyProvider } from '@openclaw/telephony-core';
import type { ProviderContract } from './fixtures.ts';
import type { Runner } from './runner.ts';

/** What every suite gets: the contract to check, the runner, and what the provider claims. */
export interface Suite<Provider extends TelephonyProvider> {
  readonly contract: ProviderContract<Provider>;
  readonly runner: Runner;
  readonly claims: Claims;
}

/** What the provider says that it can do. */
export interface Claims {
  /** Absent when there is no `messaging`. */
  readonly messaging?: MessagingCapabilities;
  readonly getMessage: boolean;
  readonly fetchMedia: boolean;
  readonly errorCodeOf: boolean;
}

/** Reads the claims of a provider. */
export function claimsOf({ messaging }: TelephonyProvider): Claims {
  return {
    ...(messaging === undefined ? {} : { messaging: messaging.capabilities }),
    getMessage: messaging?.getMessage !== undefined,
    fetchMedia: messaging?.fetchMedia !== undefined,
    errorCodeOf: messaging?.errorCodeOf !== undefined,
  };
}
