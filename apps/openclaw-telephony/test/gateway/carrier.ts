import {
  type CarrierSim,
  startPlivoSim,
  startTelnyxSim,
  startTwilioSim,
} from '@openclaw/carrier-sim';
import { type Answer, down } from './terminal.ts';

export type CarrierName = 'twilio' | 'telnyx' | 'plivo';

export const carrierNames: readonly CarrierName[] = ['twilio', 'telnyx', 'plivo'];
export const botNumber = '+15550100100';
/** A public address that leads to this machine. */
export const publicOrigin = 'https://bot.example.com';
export const webhookPath = '/telephony/webhook';
const webhookUrl = `${publicOrigin}${webhookPath}`;

/** Another, which leads to the gateway's own port. */
export const gatewayOrigin = 'https://gateway.example.com';

/** Where a simulated tunnel leads here from. */
export const tunnelOrigin = 'https://simulated-words.trycloudflare.com';

/** A simulated account, and how `channels add` is told of it. */
export interface Carrier {
  readonly name: CarrierName;
  readonly sim: CarrierSim;
  /** Flags that hold everything but the secret. */
  readonly flags: readonly string[];
  /**
   * What the host does with a text that comes while it answers another: it says it to the turn that runs, which is its own
   * way, or keeps it for the next one. It has nothing to do with the carrier: each has its time with one of them.
   */
  readonly queueMode: 'steer' | 'followup';
  /** Further settings of the carrier's section. */
  readonly settings: object;
  /** The setting that holds the secret, and the secret: it goes into the environment. */
  readonly secret: { readonly path: string; readonly value: string };
  /** The questions of the wizard about credentials, and the answers. */
  readonly answers: readonly Answer[];
}

/** Where texts to our number go; without what follows a `#`, which tells Twilio how often to try. */
export const leadsTo = ({ sim }: Pick<Carrier, 'sim'>): string | undefined =>
  sim.numbers[0]?.messageUrl?.replace(/#.*/u, '');

/** Starts one; its webhooks go to two ports of this machine. */
export async function startCarrier(
  name: CarrierName,
  ports: { readonly webhookPort: number; readonly gatewayPort: number },
): Promise<Carrier> {
  const options = {
    numbers: [{ number: botNumber, messageUrl: webhookUrl, voiceUrl: webhookUrl }],
    origins: {
      [publicOrigin]: `http://127.0.0.1:${ports.webhookPort}`,
      [tunnelOrigin]: `http://127.0.0.1:${ports.webhookPort}`,
      [gatewayOrigin]: `http://127.0.0.1:${ports.gatewayPort}`,
    },
  };
  const token = 'simulated-auth-token';
  if (name === 'twilio') {
    const accountSid = `AC${'0'.repeat(31)}1`;
    const sim = await startTwilioSim({ ...options, accountSid, authToken: token });
    const flags = ['--account-sid', accountSid];
    const answers: Answer[] = [
      ['Which carrier?', '\r'],
      ['Account SID', `${accountSid}\r`],
      ['Auth token', `${token}\r`],
    ];
    const secret = { path: 'twilio.authToken', value: token };
    return { name, sim, flags, answers, queueMode: 'steer', settings: {}, secret };
  }
  if (name === 'telnyx') {
    const sim = await startTelnyxSim({ ...options, apiKey: token });
    const flags = ['--public-key', sim.publicKey];
    const answers: Answer[] = [
      ['Which carrier?', `${down}\r`],
      ['API key', `${token}\r`],
      ['Public key', `${sim.publicKey}\r`],
    ];
    const secret = { path: 'telnyx.apiKey', value: token };
    const settings = { connectionId: sim.numbers[0]?.connectionId };
    return { name, sim, flags, answers, queueMode: 'followup', settings, secret };
  }
  const authId = 'MASIMULATED000000001';
  const sim = await startPlivoSim({ ...options, authId, authToken: token });
  const flags = ['--auth-id', authId];
  const answers: Answer[] = [
    ['Which carrier?', `${down}${down}\r`],
    ['Auth ID', `${authId}\r`],
    ['Auth token', `${token}\r`],
  ];
  const secret = { path: 'plivo.authToken', value: token };
  return { name, sim, flags, answers, queueMode: 'steer', settings: {}, secret };
}
