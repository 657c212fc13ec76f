import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { startTelnyxSim, type TelnyxSim, type TelnyxSimOptions } from '@openclaw/carrier-sim';
import {
  createFetchTransport,
  parseE164,
  parseSenderAddress,
  type TelephonyEvent,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  apiKey,
  create,
  failureOf,
  hello,
  keyPair,
  now,
  ourNumber,
  profileId,
  theirNumber,
} from './fake-telnyx.testing.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});
const { webhooks } = create();

/** What a server does with a request: the events of a genuine one, and the status of the answer. */
async function receive(request: IncomingMessage, events: TelephonyEvent[]): Promise<number> {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const received: WebhookRequest = {
    method: request.method ?? '',
    url: `http://${request.headers.host}${request.url}`,
    headers,
    body: await buffer(request),
    receivedAt: now(),
  };
  try {
    events.push(...webhooks.parse(webhooks.verify(received)));
    return webhooks.acknowledgement.status;
  } catch {
    return 403;
  }
}

/** Our side: a real HTTP server that verifies, parses and acknowledges, or fails at first. */
async function listen({ failures = 0 } = {}) {
  const events: TelephonyEvent[] = [];
  let failuresLeft = failures;
  const answer = (response: ServerResponse, status: number): void => {
    failuresLeft -= 1;
    response.writeHead(failuresLeft >= 0 ? 503 : status).end(webhooks.acknowledgement.body);
  };
  const server = createServer((request, response) => {
    void receive(request, events).then((status) => answer(response, status));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { events, url: new URL(`http://127.0.0.1:${port}/telephony/webhook`) };
}

async function startSim(options: Partial<TelnyxSimOptions> = {}): Promise<TelnyxSim> {
  const sim = await startTelnyxSim({
    apiKey,
    privateKey: keyPair.privateKey,
    numbers: [{ number: ourNumber, messagingProfileId: profileId }],
    now: () => now().getTime(),
    timing: { retryAcceleration: 10_000 },
    ...options,
  });
  closers.push(() => sim.close());
  return sim;
}
const providerOf = ({ baseUrl }: TelnyxSim) => create({ baseUrl });

describe('a text to a person', () => {
  it('arrives, and its receipts come back verified', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    expect(sim.publicKey).toBe(keyPair.publicKey);
    const { messaging } = providerOf(sim);
    const receipt = await messaging.send({ ...hello, statusCallback: url });
    expect(receipt).toMatchObject({ status: 'queued', segmentCount: 1, warnings: [] });
    await sim.settled();
    expect(sim.messages).toMatchObject([
      { id: receipt.messageId, from: ourNumber, to: theirNumber, body: 'canary text' },
    ]);
    const { messageId } = receipt;
    expect(events).toMatchObject([
      { type: 'message.status', messageId, status: 'sent' },
      { type: 'message.status', messageId, status: 'delivered' },
    ]);
    expect(events[0]?.dedupeKey).not.toBe(events[1]?.dedupeKey);
    expect(await messaging.getMessage(messageId)).toMatchObject({ status: 'delivered' });
  });

  it.each([
    ['+15005551006', 'undelivered', '40006'],
    ['+15005552002', 'failed', '40002'],
  ])('to %s that cannot be delivered says why', async (to, status, carrierErrorCode) => {
    const { events, url } = await listen();
    const sim = await startSim();
    const { messaging } = providerOf(sim);
    const { messageId } = await messaging.send({
      ...hello,
      to: parseE164(to),
      statusCallback: url,
    });
    await sim.settled();
    expect(events.at(-1)).toMatchObject({ status, carrierErrorCode });
    expect(await messaging.getMessage(messageId)).toMatchObject({ status, carrierErrorCode });
  });

  it('may end without anybody knowing', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    const to = parseE164('+15005554000');
    await providerOf(sim).messaging.send({ ...hello, to, statusCallback: url });
    await sim.settled();
    expect(events.at(-1)).toMatchObject({ type: 'message.status', status: 'sent' });
  });

  it('may come from a pool, or from a sender name of the configured profile', async () => {
    const sim = await startSim();
    const { messaging } = create({ baseUrl: sim.baseUrl, messagingProfileId: profileId });
    await messaging.send({ ...hello, from: { kind: 'pool', id: profileId } });
    const address = parseSenderAddress('My Shop');
    await messaging.send({ ...hello, from: { kind: 'number', address } });
    expect(sim.messages).toMatchObject([
      { from: ourNumber, messagingProfileId: profileId },
      { from: 'My Shop', messagingProfileId: profileId },
    ]);
  });

  it('of ten parts is the longest that Telnyx takes, and that we send', async () => {
    const sim = await startSim();
    const { messaging } = providerOf(sim);
    for (const text of ['a'.repeat(1530), '漢'.repeat(670)]) {
      expect(await messaging.send({ ...hello, text })).toMatchObject({ segmentCount: 10 });
    }
  });
});

describe('a text that Telnyx refuses', () => {
  it.each([
    ['+15005550001', 'invalid_recipient', '40310'],
    ['+15005550004', 'recipient_opted_out', '40300'],
    ['+15005550005', 'limit_reached', '40333'],
  ])('to %s is %s', async (to, code, providerCode) => {
    const sim = await startSim();
    const work = providerOf(sim).messaging.send({ ...hello, to: parseE164(to) });
    expect(await failureOf(work)).toMatchObject({ code, providerCode, outcome: 'not-performed' });
    expect(sim.messages).toEqual([]);
  });

  it('from a number that is not ours is not allowed', async () => {
    const sim = await startSim();
    const from = { kind: 'number', address: parseE164('+15550100199') } as const;
    const error = await failureOf(providerOf(sim).messaging.send({ ...hello, from }));
    expect(error).toMatchObject({ code: 'sender_not_allowed', outcome: 'not-performed' });
  });

  it('with a wrong API key fails as such', async () => {
    const { baseUrl } = await startSim();
    const { messaging } = create({ baseUrl, apiKey: 'wrong' });
    expect(await failureOf(messaging.send(hello))).toMatchObject({
      code: 'auth_failed',
      providerCode: '10009',
      outcome: 'not-performed',
    });
  });
});

describe('when the line to Telnyx breaks', () => {
  it.each([
    [{ kind: 'status-500' }, 'provider_unavailable', 'unknown', 0],
    [{ kind: 'status-500', afterAccept: true }, 'provider_unavailable', 'unknown', 1],
    [{ kind: 'html' }, 'provider_unavailable', 'unknown', 0],
    [{ kind: 'status-429' }, 'rate_limited', 'not-performed', 0],
    [{ kind: 'error', code: 40318 }, 'limit_reached', 'not-performed', 0],
    [{ kind: 'drop-before-accept' }, 'network', 'unknown', 0],
    [{ kind: 'drop-after-accept' }, 'network', 'unknown', 1],
    [{ kind: 'cut-off-json' }, 'malformed_response', 'unknown', 1],
    [{ kind: 'cut-off-reply' }, 'network', 'unknown', 1],
  ] as const)('%j is %s with the outcome %s', async (fault, code, outcome, acceptedCount) => {
    const sim = await startSim();
    // Were anything sent again, the second try would succeed.
    sim.faults.add({ on: 'send', times: 1, ...fault });
    const error = await failureOf(providerOf(sim).messaging.send(hello));
    expect(error).toMatchObject({ code, outcome });
    expect(sim.messages).toHaveLength(acceptedCount);
  });

  it('a burst that was too much says when to come again', async () => {
    const sim = await startSim();
    sim.faults.add({ on: 'send', kind: 'status-429', retryAfterSeconds: 3 });
    const error = await failureOf(providerOf(sim).messaging.send(hello));
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 3000 });
  });

  it('a slow answer is a time-out with an unknown outcome', async () => {
    const sim = await startSim();
    sim.faults.add({ on: 'send', kind: 'slow', delayMs: 60_000 });
    const transport = createFetchTransport({ timeoutMs: 50 });
    const { messaging } = create({ baseUrl: sim.baseUrl, transport });
    expect(await failureOf(messaging.send(hello))).toMatchObject({
      code: 'timeout',
      outcome: 'unknown',
    });
  });

  it('nothing was sent where nobody listens', async () => {
    const sim = await startSim();
    const provider = providerOf(sim);
    await sim.close();
    expect(await failureOf(provider.messaging.send(hello))).toMatchObject({
      code: 'network',
      outcome: 'not-performed',
    });
  });
});

describe('a text from a person', () => {
  it('arrives verified and parsed, and so does the same one again, with the same key', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href });
    const text = 'Grüße ☀ from + & = 100%';
    const delivery = await sim.text({ from: theirNumber, to: ourNumber, text });
    expect(delivery).toMatchObject({ acknowledged: true });
    await sim.redeliver(delivery);
    expect(events).toMatchObject([
      {
        type: 'message.received',
        message: { id: delivery.id, from: theirNumber, to: ourNumber, text, segmentCount: 1 },
      },
      { type: 'message.received', dedupeKey: events[0]?.dedupeKey },
    ]);
  });

  it('is delivered again after a failure, signed anew, with the same key', async () => {
    const { events, url } = await listen({ failures: 2 });
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href });
    const delivery = await sim.text({ from: theirNumber, to: ourNumber, text: 'hello' });
    expect(delivery).toMatchObject({ acknowledged: true });
    expect(delivery.attempts).toHaveLength(3);
    expect(new Set(events.map(({ dedupeKey }) => dedupeKey)).size).toBe(1);
    expect(events).toHaveLength(3);
  });

  it('is refused when one byte of it was changed', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href });
    const delivery = await sim.text({ from: theirNumber, to: ourNumber, text: 'hello' });
    expect(await sim.post(sim.forge(delivery))).toMatchObject({ status: 403 });
    expect(events).toHaveLength(1);
  });

  it('with a picture and no words can be downloaded, without showing anybody the API key', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href });
    const bytes = Uint8Array.of(137, 80, 78, 71);
    const media = [{ contentType: 'image/png', bytes }];
    await sim.text({ from: theirNumber, to: ourNumber, media });
    const [event] = events;
    const message = event?.type === 'message.received' ? event.message : undefined;
    expect(message).toMatchObject({ text: '', media: [{ contentType: 'image/png', bytes: 4 }] });
    const [file] = message?.media ?? [];
    if (file === undefined) throw new Error('expected a file');
    const response = await providerOf(sim).messaging.fetchMedia(file);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect(sim.cdnRequests).toHaveLength(1);
    expect(JSON.stringify(sim.cdnRequests)).not.toContain(apiKey);
  });

  it('that says STOP has the hint that Telnyx answered it', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href });
    await sim.text({ from: theirNumber, to: ourNumber, text: 'Stop' });
    expect(events).toMatchObject([{ type: 'message.received', message: { optOut: 'stop' } }]);
    const error = await failureOf(providerOf(sim).messaging.send(hello));
    expect(error.code).toBe('recipient_opted_out');
  });
});

/** One number on no profile, and another on the one that is configured. */
const startShared = (): Promise<TelnyxSim> =>
  startSim({
    numbers: [
      { number: ourNumber, messagingProfileId: null },
      { number: '+15550100101', messagingProfileId: profileId },
    ],
  });

describe('setting up the number', () => {
  it('points Telnyx at us, tells what was there, and puts it back', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: 'https://old.example.com/sms' });
    const { numberSetup } = providerOf(sim);
    const inspected = await numberSetup.inspect(ourNumber);
    const before = await numberSetup.apply(ourNumber, { messageUrl: url });
    expect(before).toMatchObject({ messageUrl: new URL('https://old.example.com/sms') });
    expect(before).toEqual(inspected);
    expect(await numberSetup.inspect(ourNumber)).toMatchObject({ messageUrl: url });
    await sim.text({ from: theirNumber, to: ourNumber, text: 'hello' });
    expect(events).toHaveLength(1);
    await numberSetup.apply(ourNumber, before);
    expect(await numberSetup.inspect(ourNumber)).toEqual(before);
  });

  it('puts a new number on the configured profile, and takes it off again', async () => {
    const { events, url } = await listen();
    const sim = await startShared();
    const { numberSetup } = create({
      baseUrl: sim.baseUrl,
      messagingProfileId: profileId,
      changesSharedProfiles: true,
    });
    const inspected = await numberSetup.inspect(ourNumber);
    expect(inspected).toMatchObject({ messageUrl: null });
    expect(await numberSetup.apply(ourNumber, { messageUrl: url })).toEqual(inspected);
    await sim.text({ from: theirNumber, to: ourNumber, text: 'hello' });
    expect(events).toMatchObject([{ type: 'message.received' }]);
    const set = await numberSetup.apply(ourNumber, inspected);
    expect(set).toMatchObject({ messageUrl: url, restore: { messagingProfileId: profileId } });
    expect(await numberSetup.inspect(ourNumber)).toEqual(inspected);
    expect(await numberSetup.inspect(parseE164('+15550100101'))).toMatchObject({
      messageUrl: null,
    });
  });

  it('leaves alone what serves another number, unless that is wanted', async () => {
    const sim = await startShared();
    const { numberSetup } = create({ baseUrl: sim.baseUrl, messagingProfileId: profileId });
    const inspected = await numberSetup.inspect(ourNumber);
    const messageUrl = new URL('https://sms.example.com/in');
    const error = await failureOf(numberSetup.apply(ourNumber, { messageUrl }));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
    expect(await numberSetup.inspect(ourNumber)).toEqual(inspected);
  });

  it('of somebody else is not found', async () => {
    const { numberSetup } = providerOf(await startSim());
    expect((await failureOf(numberSetup.inspect(theirNumber))).code).toBe('not_found');
  });
});
