import { startTelnyxSim, type TelnyxSim, type TelnyxSimOptions } from '@openclaw/carrier-sim';
import type { RoundTripOptions } from '@openclaw/provider-testkit';
import { apiKey, create, keyPair, now, ourNumber, profileId } from './fake-telnyx.testing.ts';

/** A simulated Telnyx with our number on our profile. */
export function startSim(options: Partial<TelnyxSimOptions> = {}): Promise<TelnyxSim> {
  return startTelnyxSim({
    apiKey,
    privateKey: keyPair.privateKey,
    numbers: [{ number: ourNumber, messagingProfileId: profileId }],
    now: () => now().getTime(),
    timing: { retryAcceleration: 10_000 },
    ...options,
  });
}

/** A provider that speaks to the simulated Telnyx. */
export function createProvider({ hasWrongCredentials = false, ...options }: RoundTripOptions) {
  return create({ ...options, ...(hasWrongCredentials ? { apiKey: 'wrong' } : {}) });
}
