import { failureOf, playRoundTrip } from '@openclaw/provider-testkit';
import type { DeliveryStatus } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { create, hello, ourNumber, theirNumber } from './fake-plivo.testing.ts';
import { createProvider, startSim, toRequest } from './plivo-sim.testing.ts';

const ends = { startCarrier: startSim, createProvider };
const { webhooks } = create();
const text = { from: theirNumber, to: ourNumber, text: 'hello' };

describe('a text from a person, by Plivo', () => {
  it('is counted in parts, and not answered', () =>
    playRoundTrip(ends, async ({ carrier, events, url }) => {
      carrier.setNumber(ourNumber, { messageUrl: url.href });
      expect(await carrier.text(text)).toMatchObject({ acknowledged: true, replies: [] });
      expect(events).toMatchObject([{ message: { segmentCount: 1 } }]);
    }));

  it('that says STOP is answered once, and all further answers fail in receipts', () =>
    playRoundTrip(ends, async ({ carrier, messaging, events, url }) => {
      carrier.setNumber(ourNumber, { messageUrl: url.href });
      await carrier.text({ ...text, text: 'Stop' });
      const states: (DeliveryStatus | undefined)[] = [];
      for (const answer of ['You are unsubscribed.', 'One more thing']) {
        const message = { ...hello, text: answer, statusCallback: url };
        const { messageId } = await messaging.send(message);
        await carrier.settled();
        states.push((await messaging.getMessage?.(messageId))?.status);
      }
      expect(states).toEqual(['delivered', 'failed']);
      expect(events.at(-1)).toMatchObject({ status: 'failed', carrierErrorCode: '200' });
    }));

  it.each([
    ['v3-and-v2', true],
    ['v3', true],
    ['ma-v3', true],
    ['v2', false],
  ] as const)(
    'is believed with the signatures %s, and its body as well: %s',
    (signatures, bodyAuthenticated) => {
      const startCarrier = () => startSim({ signatures });
      return playRoundTrip({ ...ends, startCarrier }, async ({ carrier }) => {
        carrier.setNumber(ourNumber, { messageUrl: 'https://sms.example.com/in' });
        const webhook = webhooks.verify(toRequest(carrier.draft(text)));
        expect(webhook.bodyAuthenticated).toBe(bodyAuthenticated);
      });
    },
  );

  it('to a subaccount is believed with its token, or with that of the account', () => {
    const subaccount = { authId: 'SAXXXXXXXXXXXXXXXXXX', authToken: 'the token of a subaccount' };
    const numbers = [{ number: ourNumber, subaccount: subaccount.authId }];
    const startCarrier = () => startSim({ subaccounts: [subaccount], numbers });
    return playRoundTrip({ ...ends, startCarrier }, async ({ carrier, events, url }) => {
      carrier.setNumber(ourNumber, { messageUrl: url.href });
      const { request } = await carrier.text(text);
      expect(events).toMatchObject([{ type: 'message.received' }]);
      if (request === undefined) throw new Error('expected a webhook');
      const own = create({ ...subaccount, baseUrl: carrier.baseUrl });
      expect(own.webhooks.verify(toRequest(request)).bodyAuthenticated).toBe(true);
      await own.messaging.send(hello);
      expect(carrier.messages).toHaveLength(1);
    });
  });
});

describe('setting up a number of Plivo', () => {
  it('that has no webhook gives it one, and takes it away again', () => {
    const numbers = [{ number: ourNumber, appId: null }];
    const startCarrier = () => startSim({ numbers });
    return playRoundTrip({ ...ends, startCarrier }, async ({ carrier, provider, events, url }) => {
      const { numberSetup } = provider;
      const before = await numberSetup.apply(ourNumber, { messageUrl: url });
      expect(before).toMatchObject({ messageUrl: null, voiceUrl: null, callStatusUrl: null });
      await carrier.text(text);
      expect(events).toHaveLength(1);
      await numberSetup.apply(ourNumber, before);
      expect(await numberSetup.inspect(ourNumber)).toEqual(before);
    });
  });

  it('that called another address with GET calls it so again, in the same bytes', () =>
    playRoundTrip(ends, async ({ carrier, provider: { numberSetup }, url }) => {
      const old = { messageUrl: 'https://OLD.example.com', messageMethod: 'GET' } as const;
      carrier.setNumber(ourNumber, old);
      const before = await numberSetup.apply(ourNumber, { messageUrl: url });
      expect(carrier.numbers).toMatchObject([{ messageUrl: url.href, messageMethod: 'POST' }]);
      await numberSetup.apply(ourNumber, before);
      expect(carrier.numbers).toMatchObject([old]);
    }));

  it('that shares its application is refused, so that no other number is cut off', () => {
    const appId = '12345678901234567';
    const messageUrl = 'https://old.example.com/sms';
    const numbers = [
      { number: ourNumber, appId, messageUrl },
      { number: '+15550100101', appId },
    ];
    const startCarrier = () => startSim({ numbers });
    return playRoundTrip({ ...ends, startCarrier }, async ({ carrier, provider, url }) => {
      const work = provider.numberSetup.apply(ourNumber, { messageUrl: url });
      expect(await failureOf(work)).toMatchObject({ code: 'invalid_request' });
      expect(carrier.numbers.map((number) => number.messageUrl)).toEqual([messageUrl, messageUrl]);
    });
  });
});
