import type { TelephonyProvider } from '@openclaw/telephony-core';
import type { LoopbackCarrier, RoundTripContract } from './round-trip-fixtures.ts';
import { describeRoundTripInbound } from './round-trip-inbound-suite.ts';
import { describeRoundTripNumbers } from './round-trip-number-suite.ts';
import { describeRoundTripSending } from './round-trip-send-suite.ts';
import type { Runner } from './runner.ts';

/**
 * Declares the tests of a provider that really speaks HTTP with a carrier on this machine, such as a simulator of
 * `@openclaw/carrier-sim`: what is sent arrives, what comes in is believed, and what breaks in between is named.
 *
 * A claim without a fixture fails, and says which fixture is missing.
 *
 * @throws whatever `createProvider` throws: it is called while the tests are declared, to read the claims
 * @example
 * import { describe, it } from 'vitest';
 * runRoundTrip({ startCarrier, createProvider, secrets: [authToken] }, { describe, it });
 */
export function runRoundTrip<Provider extends TelephonyProvider, Carrier extends LoopbackCarrier>(
  contract: RoundTripContract<Provider, Carrier>,
  runner: Runner,
): void {
  describeRoundTripSending(contract, runner);
  describeRoundTripInbound(contract, runner);
  describeRoundTripNumbers(contract, runner);
}
