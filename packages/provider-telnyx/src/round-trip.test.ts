import {
  failureOf,
  playRoundTrip,
  type RoundTripEnds,
  runRoundTrip,
} from '@openclaw/provider-testkit';
import { parseE164, parseSenderAddress } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import {
  apiKey,
  create,
  hello,
  keyPair,
  now,
  ourNumber,
  profileId,
  theirNumber,
} from './fake-telnyx.testing.ts';
import type { TelnyxProviderOptions } from './provider.ts';
import { createProvider, startSim } from './telnyx-sim.testing.ts';

const ends = { startCarrier: startSim, createProvider, now };

runRoundTrip(
  {
    ...ends,
    secrets: [apiKey],
    undeliverable: [
      { to: '+15005551006', status: 'undelivered', carrierErrorCode: '40006' },
      { to: '+15005552002', status: 'failed', carrierErrorCode: '40002' },
    ],
    refused: [
      { to: '+15005550001', code: 'invalid_recipient', providerCode: '40310' },
      { to: '+15005550004', code: 'recipient_opted_out', providerCode: '40300' },
      { to: '+15005550005', code: 'limit_reached', providerCode: '40333' },
    ],
    wrongCredentials: { providerCode: '10009' },
    error: { number: 40318, code: 'limit_reached' },
    foreignSender: { from: '+15550100199' },
    afterStop: 'refused',
    media: { path: '/media' },
  },
  { describe, it },
);

describe('with Telnyx', () => {
  it('a text is queued, sent and delivered, and its parts are counted', () =>
    playRoundTrip(ends, async ({ carrier, messaging, events, url }) => {
      expect(carrier.publicKey).toBe(keyPair.publicKey);
      const receipt = await messaging.send({ ...hello, statusCallback: url });
      expect(receipt).toMatchObject({ status: 'queued', segmentCount: 1 });
      await carrier.settled();
      expect(events).toMatchObject([{ status: 'sent' }, { status: 'delivered' }]);
    }));

  it('a text may end without anybody knowing', () =>
    playRoundTrip(ends, async ({ carrier, messaging, events, url }) => {
      const to = parseE164('+15005554000');
      await messaging.send({ ...hello, to, statusCallback: url });
      await carrier.settled();
      expect(events.at(-1)).toMatchObject({ type: 'message.status', status: 'sent' });
    }));

  it('a text may come from a pool, or from a sender name of the configured profile', () => {
    return playRoundTrip(
      { ...sharing(), startCarrier: startSim },
      async ({ carrier, messaging }) => {
        await messaging.send({ ...hello, from: { kind: 'pool', id: profileId } });
        const address = parseSenderAddress('My Shop');
        await messaging.send({ ...hello, from: { kind: 'number', address } });
        expect(carrier.messages).toMatchObject([
          { from: ourNumber, messagingProfileId: profileId },
          { from: 'My Shop', messagingProfileId: profileId },
        ]);
      },
    );
  });

  it('a text of ten parts is the longest that Telnyx takes, and that we send', () =>
    playRoundTrip(ends, async ({ messaging }) => {
      for (const text of ['a'.repeat(1530), '漢'.repeat(670)]) {
        expect(await messaging.send({ ...hello, text })).toMatchObject({ segmentCount: 10 });
      }
    }));

  it('a text from a person is delivered again after a failure, signed anew, with the same key', () =>
    playRoundTrip(
      ends,
      async ({ carrier, events, url }) => {
        carrier.setNumber(ourNumber, { messageUrl: url.href });
        const delivery = await carrier.text({ from: theirNumber, to: ourNumber, text: 'hello' });
        expect(delivery).toMatchObject({ acknowledged: true });
        expect(delivery.attempts).toHaveLength(3);
        expect(new Set(events.map(({ dedupeKey }) => dedupeKey)).size).toBe(1);
        expect(events).toHaveLength(3);
        expect(events[0]).toMatchObject({ message: { segmentCount: 1 } });
      },
      { failureCount: 2 },
    ));

  it('a picture has its size', () =>
    playRoundTrip(ends, async ({ carrier, events, url }) => {
      carrier.setNumber(ourNumber, { messageUrl: url.href });
      const media = [{ contentType: 'image/png', bytes: Uint8Array.of(137, 80, 78, 71) }];
      await carrier.text({ from: theirNumber, to: ourNumber, media });
      expect(events).toMatchObject([
        { message: { media: [{ contentType: 'image/png', bytes: 4 }] } },
      ]);
    }));
});

/** One number on no profile, and another on the one that is configured. */
function sharing(options: Partial<TelnyxProviderOptions> = {}) {
  return {
    startCarrier: () =>
      startSim({
        numbers: [
          { number: ourNumber, messagingProfileId: null },
          { number: '+15550100101', messagingProfileId: profileId },
        ],
      }),
    createProvider: ({ baseUrl }) => create({ baseUrl, messagingProfileId: profileId, ...options }),
    now,
  } satisfies RoundTripEnds;
}

describe('setting up a number of Telnyx', () => {
  it('tells the same when it is changed as when it is looked at', () =>
    playRoundTrip(ends, async ({ carrier, provider, url }) => {
      carrier.setNumber(ourNumber, { messageUrl: 'https://old.example.com/sms' });
      const inspected = await provider.numberSetup.inspect(ourNumber);
      expect(await provider.numberSetup.apply(ourNumber, { messageUrl: url })).toEqual(inspected);
    }));

  it('puts a new number on the configured profile, and takes it off again', () =>
    playRoundTrip(
      sharing({ changesSharedProfiles: true }),
      async ({ carrier, provider: { numberSetup }, events, url }) => {
        const inspected = await numberSetup.inspect(ourNumber);
        expect(inspected).toMatchObject({ messageUrl: null });
        expect(await numberSetup.apply(ourNumber, { messageUrl: url })).toEqual(inspected);
        await carrier.text({ from: theirNumber, to: ourNumber, text: 'hello' });
        expect(events).toMatchObject([{ type: 'message.received' }]);
        const set = await numberSetup.apply(ourNumber, inspected);
        expect(set).toMatchObject({ messageUrl: url, restore: { messagingProfileId: profileId } });
        expect(await numberSetup.inspect(ourNumber)).toEqual(inspected);
        expect(await numberSetup.inspect(parseE164('+15550100101'))).toMatchObject({
          messageUrl: null,
        });
      },
    ));

  it('leaves alone what serves another number, unless that is wanted', () =>
    playRoundTrip(sharing(), async ({ provider: { numberSetup } }) => {
      const inspected = await numberSetup.inspect(ourNumber);
      const messageUrl = new URL('https://sms.example.com/in');
      const error = await failureOf(numberSetup.apply(ourNumber, { messageUrl }));
      expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
      expect(await numberSetup.inspect(ourNumber)).toEqual(inspected);
    }));
});
