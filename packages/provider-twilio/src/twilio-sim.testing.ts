import { startTwilioSim, type TwilioSim, type TwilioSimOptions } from '@openclaw/carrier-sim';
import type { RoundTripOptions } from '@openclaw/provider-testkit';
import { accountSid, authToken, create, ourNumber } from './fake-twilio.testing.ts';

export const messagingServiceSid = `MG${'0'.repeat(32)}`;

/** A simulated Twilio with our number. */
export function startSim(options: Partial<TwilioSimOptions> = {}): Promise<TwilioSim> {
  const numbers = [{ number: ourNumber, messagingServiceSid, advancedOptOut: true }];
  return startTwilioSim({ accountSid, authToken, numbers, ...options });
}

/** A provider that speaks to the simulated Twilio. */
export function createProvider({ hasWrongCredentials = false, ...options }: RoundTripOptions) {
  return create({ ...options, ...(hasWrongCredentials ? { authToken: 'wrong' } : {}) });
}
