import type { DeliveryStatus } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { create, failureOf, hello, ourNumber, theirNumber } from './fake-plivo.testing.ts';
import { listen, providerOf, startSim, toRequest } from './plivo-sim.testing.ts';

const { webhooks } = create();

describe('a text from a person', () => {
  it('arrives verified and parsed, and so does the same one again, with the same key', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href });
    const text = 'Grüße ☀ from + & = 100%';
    const delivery = await sim.text({ from: theirNumber, to: ourNumber, text });
    expect(delivery).toMatchObject({ acknowledged: true, replies: [] });
    await sim.redeliver(delivery);
    expect(events).toMatchObject([
      {
        type: 'message.received',
        message: { id: delivery.id, from: theirNumber, to: ourNumber, text, segmentCount: 1 },
      },
      { type: 'message.received', dedupeKey: events[0]?.dedupeKey },
    ]);
  });

  it('is refused when one byte of it was changed', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href });
    const delivery = await sim.text({ from: theirNumber, to: ourNumber, text: 'hello' });
    expect(await sim.post(sim.forge(delivery))).toMatchObject({ status: 403 });
    expect(events).toHaveLength(1);
  });

  it('with a picture and no words can be downloaded', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href });
    const bytes = Uint8Array.of(137, 80, 78, 71);
    const media = [{ contentType: 'image/png', bytes }];
    await sim.text({ from: theirNumber, to: ourNumber, media });
    const [event] = events;
    const message = event?.type === 'message.received' ? event.message : undefined;
    expect(message).toMatchObject({ text: '' });
    const [file] = message?.media ?? [];
    if (file === undefined) throw new Error('expected a file');
    const response = await providerOf(sim).messaging.fetchMedia(file);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect(JSON.stringify(sim.cdnRequests)).not.toMatch(/authorization.{0,9}Basic/iu);
  });

  it('that says STOP has Plivo’s hint, and all but one answer to them fail in receipts', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href });
    await sim.text({ from: theirNumber, to: ourNumber, text: 'Stop' });
    expect(events).toMatchObject([{ type: 'message.received', message: { optOut: 'stop' } }]);
    const { messaging } = providerOf(sim);
    const states: DeliveryStatus[] = [];
    for (const text of ['You are unsubscribed.', 'One more thing']) {
      const { messageId } = await messaging.send({ ...hello, text, statusCallback: url });
      await sim.settled();
      states.push((await messaging.getMessage(messageId)).status);
    }
    expect(states).toEqual(['delivered', 'failed']);
    expect(events.at(-1)).toMatchObject({ status: 'failed', carrierErrorCode: '200' });
  });

  it.each([
    ['v3-and-v2', true],
    ['v3', true],
    ['ma-v3', true],
    ['v2', false],
  ] as const)(
    'is believed with the signatures %s, and its body as well: %s',
    async (signatures, bodyAuthenticated) => {
      const sim = await startSim({ signatures });
      sim.setNumber(ourNumber, { messageUrl: 'https://sms.example.com/in' });
      const draft = sim.draft({ from: theirNumber, to: ourNumber, text: 'hello' });
      const webhook = webhooks.verify(toRequest(draft));
      expect(webhook.bodyAuthenticated).toBe(bodyAuthenticated);
    },
  );

  it('to a subaccount is believed with its token, or with that of the account', async () => {
    const { events, url } = await listen();
    const subaccount = { authId: 'SAXXXXXXXXXXXXXXXXXX', authToken: 'the token of a subaccount' };
    const number = { number: ourNumber, messageUrl: url.href, subaccount: subaccount.authId };
    const sim = await startSim({ subaccounts: [subaccount], numbers: [number] });
    const delivery = await sim.text({ from: theirNumber, to: ourNumber, text: 'hello' });
    expect(events).toMatchObject([{ type: 'message.received' }]);
    if (delivery.request === undefined) throw new Error('expected a webhook');
    const own = create({ ...subaccount, baseUrl: sim.baseUrl });
    expect(own.webhooks.verify(toRequest(delivery.request)).bodyAuthenticated).toBe(true);
    await own.messaging.send(hello);
    expect(sim.messages).toHaveLength(1);
  });
});

describe('setting up the number', () => {
  it('points Plivo at us, tells what was there, and puts it back', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: 'https://old.example.com/sms' });
    const { numberSetup } = providerOf(sim);
    const before = await numberSetup.apply(ourNumber, { messageUrl: url });
    expect(before).toMatchObject({ messageUrl: new URL('https://old.example.com/sms') });
    expect(await numberSetup.inspect(ourNumber)).toMatchObject({ messageUrl: url });
    await sim.text({ from: theirNumber, to: ourNumber, text: 'hello' });
    expect(events).toHaveLength(1);
    await numberSetup.apply(ourNumber, before);
    expect(await numberSetup.inspect(ourNumber)).toEqual(before);
  });

  it('that has no webhook gives it one, and takes it away again', async () => {
    const { events, url } = await listen();
    const sim = await startSim({ numbers: [{ number: ourNumber, appId: null }] });
    const { numberSetup } = providerOf(sim);
    const before = await numberSetup.apply(ourNumber, { messageUrl: url });
    expect(before).toMatchObject({ messageUrl: null, voiceUrl: null, callStatusUrl: null });
    await sim.text({ from: theirNumber, to: ourNumber, text: 'hello' });
    expect(events).toHaveLength(1);
    await numberSetup.apply(ourNumber, before);
    expect(await numberSetup.inspect(ourNumber)).toEqual(before);
  });

  it('that called another address with GET calls it so again, in the same bytes', async () => {
    const { url } = await listen();
    const sim = await startSim();
    const old = { messageUrl: 'https://OLD.example.com', messageMethod: 'GET' } as const;
    sim.setNumber(ourNumber, old);
    const { numberSetup } = providerOf(sim);
    const before = await numberSetup.apply(ourNumber, { messageUrl: url });
    expect(sim.numbers).toMatchObject([{ messageUrl: url.href, messageMethod: 'POST' }]);
    await numberSetup.apply(ourNumber, before);
    expect(sim.numbers).toMatchObject([old]);
  });

  it('that shares its application is refused, so that no other number is cut off', async () => {
    const { url } = await listen();
    const appId = '12345678901234567';
    const sim = await startSim({
      numbers: [
        { number: ourNumber, appId, messageUrl: 'https://old.example.com/sms' },
        { number: '+15550100101', appId },
      ],
    });
    const work = providerOf(sim).numberSetup.apply(ourNumber, { messageUrl: url });
    expect(await failureOf(work)).toMatchObject({ code: 'invalid_request' });
    expect(sim.numbers.map(({ messageUrl }) => messageUrl)).toEqual([
      'https://old.example.com/sms',
      'https://old.example.com/sms',
    ]);
  });

  it('of somebody else is not found', async () => {
    const { numberSetup } = providerOf(await startSim());
    expect((await failureOf(numberSetup.inspect(theirNumber))).code).toBe('not_found');
  });
});
