import { playRoundTrip, runRoundTrip } from '@openclaw/provider-testkit';
import { describe, expect, it } from 'vitest';
import {
  accountSid,
  authToken,
  create,
  hello,
  ourNumber,
  theirNumber,
} from './fake-twilio.testing.ts';
import { createProvider, messagingServiceSid, startSim } from './twilio-sim.testing.ts';

const ends = { startCarrier: startSim, createProvider };
const basic = btoa(`${accountSid}:${authToken}`);

runRoundTrip(
  {
    ...ends,
    secrets: [authToken, basic],
    undeliverable: [{ to: '+15005551003', status: 'undelivered', carrierErrorCode: '30003' }],
    refused: [
      { to: '+15005550001', code: 'invalid_recipient', providerCode: '21211' },
      { to: '+15005550009', code: 'invalid_recipient', providerCode: '21614' },
      { to: '+15005550004', code: 'recipient_opted_out', providerCode: '21610' },
      { to: '+15005550003', code: 'permission_denied', providerCode: '21408' },
    ],
    wrongCredentials: { providerCode: '20003' },
    error: { number: 21611, code: 'limit_reached' },
    foreignSender: { from: '+15550100199' },
    afterStop: 'refused',
    media: {
      path: `/2010-04-01/Accounts/${accountSid}/Messages/MM1/Media/ME1`,
      authorization: `Basic ${basic}`,
    },
  },
  { describe, it },
);

describe('with Twilio', () => {
  it('a text from a sender pool has no segment count yet', () =>
    playRoundTrip(ends, async ({ messaging }) => {
      const from = { kind: 'pool', id: messagingServiceSid } as const;
      expect(await messaging.send({ ...hello, from })).not.toHaveProperty('segmentCount');
      expect(await messaging.send(hello)).toMatchObject({ segmentCount: 1 });
    }));

  it('a text may be sent with an API key instead of the auth token', () => {
    const apiKey = { sid: `SK${'1'.repeat(32)}`, secret: 'key secret' };
    return playRoundTrip(
      {
        startCarrier: () => startSim({ apiKeys: [apiKey] }),
        createProvider: ({ baseUrl }) => create({ baseUrl, apiKey }),
      },
      async ({ carrier, messaging }) => {
        await messaging.send(hello);
        expect(carrier.messages).toHaveLength(1);
      },
    );
  });

  it('a text from a person leaves nothing in the debugger, and is not answered', () =>
    playRoundTrip(ends, async ({ carrier, events, url }) => {
      carrier.setNumber(ourNumber, { messageUrl: url.href });
      const delivery = await carrier.text({ from: theirNumber, to: ourNumber, text: 'hello' });
      expect(delivery.replies).toEqual([]);
      expect(carrier.alerts).toEqual([]);
      expect(events).toMatchObject([{ message: { segmentCount: 1 } }]);
    }));

  it('a number is put back to the byte, with its method', () =>
    playRoundTrip(ends, async ({ carrier, provider, url }) => {
      carrier.setNumber(ourNumber, { messageUrl: 'https://old.example.com/sms' });
      expect(await provider.numberSetup.apply(ourNumber, { messageUrl: url })).toEqual({
        messageUrl: new URL('https://old.example.com/sms'),
        restore: { SmsUrl: 'https://old.example.com/sms', SmsMethod: 'POST' },
      });
    }));
});
