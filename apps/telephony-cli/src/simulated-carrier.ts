import {
  type CarrierSim,
  type CarrierSimOptions,
  startPlivoSim,
  startTelnyxSim,
  startTwilioSim,
} from '@openclaw/carrier-sim';
import type { CarrierName } from './carrier-names.ts';

/** A simulated account, and what a configuration must say to use it. */
export interface SimulatedCarrier {
  readonly sim: CarrierSim;
  readonly settings: { readonly provider: CarrierName; readonly [section: string]: unknown };
}

/** Credentials that open nothing but a simulated account. */
const simulated = {
  twilio: { accountSid: `AC${'0'.repeat(31)}1`, authToken: 'simulated-auth-token' },
  telnyx: { apiKey: 'KEY_simulated_api_key' },
  plivo: { authId: 'MASIMULATED000000001', authToken: 'simulated-auth-token' },
};

/** Starts a simulated account of a carrier, on this machine alone. */
export async function startSimulatedCarrier(
  carrier: CarrierName,
  options: Omit<CarrierSimOptions, 'outcome'>,
): Promise<SimulatedCarrier> {
  if (carrier === 'twilio') {
    const sim = await startTwilioSim({ ...options, ...simulated.twilio });
    const twilio = { ...simulated.twilio, baseUrl: sim.baseUrl };
    return { sim, settings: { provider: carrier, twilio } };
  }
  if (carrier === 'telnyx') {
    const sim = await startTelnyxSim({ ...options, ...simulated.telnyx });
    const telnyx = { ...simulated.telnyx, publicKey: sim.publicKey, baseUrl: sim.baseUrl };
    return { sim, settings: { provider: carrier, telnyx } };
  }
  const sim = await startPlivoSim({ ...options, ...simulated.plivo });
  const plivo = { ...simulated.plivo, baseUrl: sim.baseUrl };
  return { sim, settings: { provider: carrier, plivo } };
}
