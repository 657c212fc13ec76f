import {
  type CarrierSim,
  startPlivoSim,
  startTelnyxSim,
  startTwilioSim,
} from '@openclaw/carrier-sim';
import { parseE164 } from '@openclaw/telephony-core';
import { afterEach, describe, expect, it } from 'vitest';
import { parseConfig } from './accounts.ts';
import { createProvider } from './create-provider.ts';

const running: CarrierSim[] = [];
afterEach(async () => {
  for (const sim of running.splice(0)) await sim.close();
});
const ours = '+15550100100';
const numbers = [{ number: ours }];
const accountSid = `AC${'0'.repeat(32)}`;
const authId = 'MA000000000000000000';

const carriers: Readonly<
  Record<string, () => Promise<{ readonly sim: CarrierSim; readonly credentials: object }>>
> = {
  async twilio() {
    const sim = await startTwilioSim({ accountSid, authToken: 'token', numbers });
    return { sim, credentials: { accountSid, authToken: 'token' } };
  },
  async telnyx() {
    const sim = await startTelnyxSim({ apiKey: 'KEY0', numbers });
    return { sim, credentials: { apiKey: 'KEY0', publicKey: sim.publicKey } };
  },
  async plivo() {
    const sim = await startPlivoSim({ authId, authToken: 'token', numbers });
    return { sim, credentials: { authId, authToken: 'token' } };
  },
};

describe('a configured provider', () => {
  it.each(Object.keys(carriers))(
    'sends through %s, over the transport it gets by default',
    async (name) => {
      const started = await carriers[name]?.();
      if (started === undefined) throw new Error('no such carrier');
      const { sim, credentials } = started;
      running.push(sim);
      const base = { provider: name, fromNumber: ours };
      const section = { ...credentials, baseUrl: sim.url };
      const provider = createProvider(parseConfig({ ...base, [name]: section }));
      const message = {
        to: parseE164('+15550100123'),
        from: { kind: 'number', address: parseE164(ours) },
        text: 'Grüße & mehr',
      } as const;
      const send = async () => provider.messaging?.send(message);
      const receipts = await Promise.all([send(), send(), send()]);
      expect(new Set(receipts.map((receipt) => receipt?.messageId)).size).toBe(3);
      expect(sim.messages).toHaveLength(3);
      expect(sim.messages[0]).toMatchObject({ body: 'Grüße & mehr' });
    },
  );
});
