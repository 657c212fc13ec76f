import {
  type CarrierSim,
  startPlivoSim,
  startTelnyxSim,
  startTwilioSim,
} from '@openclaw/carrier-sim';

export type CarrierName = 'twilio' | 'telnyx' | 'plivo';

export const carrierNames: readonly CarrierName[] = ['twilio', 'telnyx', 'plivo'];
export const botNumber = '+15550100100';
/** A public address that leads to this machine. */
export const publicOrigin = 'https://bot.example.com';
export const webhookPath = '/telephony/webhook';

/** Another, which leads to the gateway's own port. */
export const gatewayOrigin = 'https://gateway.example.com';

/** A simulated account, and how `channels add` is told of it. */
export interface Carrier {
  readonly name: CarrierName;
  readonly sim: CarrierSim;
  /** Flags that hold everything but the secret. */
  readonly flags: readonly string[];
  /** The setting that holds the secret, and the secret: it goes into the environment. */
  readonly secret: { readonly path: string; readonly value: string };
}

/** Starts one; its webhooks go to two ports of this machine. */
export async function startCarrier(
  name: CarrierName,
  ports: { readonly webhookPort: number; readonly gatewayPort: number },
): Promise<Carrier> {
  const options = {
    numbers: [{ number: botNumber, messageUrl: `${publicOrigin}${webhookPath}` }],
    origins: {
      [publicOrigin]: `http://127.0.0.1:${ports.webhookPort}`,
      [gatewayOrigin]: `http://127.0.0.1:${ports.gatewayPort}`,
    },
  };
  const token = 'simulated-auth-token';
  if (name === 'twilio') {
    const accountSid = `AC${'0'.repeat(31)}1`;
    const sim = await startTwilioSim({ ...options, accountSid, authToken: token });
    const flags = ['--account-sid', accountSid];
    return { name, sim, flags, secret: { path: 'twilio.authToken', value: token } };
  }
  if (name === 'telnyx') {
    const sim = await startTelnyxSim({ ...options, apiKey: token });
    const flags = ['--public-key', sim.publicKey];
    return { name, sim, flags, secret: { path: 'telnyx.apiKey', value: token } };
  }
  const authId = 'MASIMULATED000000001';
  const sim = await startPlivoSim({ ...options, authId, authToken: token });
  const flags = ['--auth-id', authId];
  return { name, sim, flags, secret: { path: 'plivo.authToken', value: token } };
}
