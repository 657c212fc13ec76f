import { playRoundTrip, runRoundTrip } from '@openclaw/provider-testkit';
import { parseE164 } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { authId, authToken, hello, ourNumber, powerpackUuid } from './fake-plivo.testing.ts';
import { createProvider, startSim } from './plivo-sim.testing.ts';

const ends = { startCarrier: startSim, createProvider };
const basic = btoa(`${authId}:${authToken}`);

runRoundTrip(
  {
    ...ends,
    secrets: [authToken, basic],
    undeliverable: [
      { to: '+15005551080', status: 'undelivered', carrierErrorCode: '80' },
      { to: '+15005550004', status: 'failed', carrierErrorCode: '200' },
    ],
    refused: [{ to: '+15005550001', code: 'invalid_recipient' }],
    wrongCredentials: {},
    error: { number: 403, code: 'permission_denied' },
    foreignSender: { never: 'the simulated Plivo sends from any number' },
    afterStop: { never: 'Plivo accepts one more message, and reports error 200 of the others' },
    media: {
      path: `/v1/Account/${authId}/Message/M1/Media/ME1/`,
      authorization: `Basic ${basic}`,
    },
  },
  { describe, it },
);

describe('with Plivo', () => {
  it('a text is queued, whatever becomes of it', () =>
    playRoundTrip(ends, async ({ carrier, messaging, events, url }) => {
      const { optedOut } = carrier.magicNumbers;
      const message = { ...hello, to: parseE164(optedOut), statusCallback: url };
      expect(await messaging.send(message)).toMatchObject({ status: 'queued' });
      await carrier.settled();
      expect(events.at(-1)).toMatchObject({ status: 'failed', carrierErrorCode: '200' });
    }));

  it('a text may be sent from a Powerpack', () =>
    playRoundTrip(ends, async ({ carrier, messaging }) => {
      const from = { kind: 'pool', id: powerpackUuid } as const;
      const { messageId } = await messaging.send({ ...hello, from });
      await carrier.settled();
      expect(carrier.messages).toMatchObject([{ id: messageId, from: ourNumber }]);
    }));
});
