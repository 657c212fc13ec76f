import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { startTwilioSim, type TwilioSim, type TwilioSimOptions } from '@openclaw/carrier-sim';
import {
  createFetchTransport,
  parseE164,
  type TelephonyEvent,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  accountSid,
  authToken,
  create,
  failureOf,
  hello,
  ourNumber,
  theirNumber,
} from './fake-twilio.testing.ts';

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
    receivedAt: new Date(),
  };
  try {
    events.push(...webhooks.parse(webhooks.verify(received)));
    return webhooks.acknowledgement.status;
  } catch {
    return 403;
  }
}

function reply(response: ServerResponse, status: number): void {
  const { contentType = '', body } = webhooks.acknowledgement;
  if (status === 403) response.writeHead(403).end();
  else response.writeHead(status, { 'content-type': contentType }).end(body);
}

/** Our side: a real HTTP server that verifies, parses and acknowledges. */
async function listen() {
  const events: TelephonyEvent[] = [];
  const server = createServer((request, response) => {
    void receive(request, events).then((status) => reply(response, status));
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

async function startSim(options: Partial<TwilioSimOptions> = {}): Promise<TwilioSim> {
  const numbers = [{ number: ourNumber, messagingServiceSid: `MG${'0'.repeat(32)}` }];
  const sim = await startTwilioSim({ accountSid, authToken, numbers, ...options });
  closers.push(() => sim.close());
  return sim;
}
const providerOf = ({ baseUrl }: TwilioSim) => create({ baseUrl });

describe('a text to a person', () => {
  it('arrives, and its receipts come back verified', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    const { messaging } = providerOf(sim);
    const receipt = await messaging.send({ ...hello, statusCallback: url });
    expect(receipt).toMatchObject({ segmentCount: 1, warnings: [] });
    await sim.settled();
    expect(sim.messages).toMatchObject([
      { sid: receipt.messageId, from: ourNumber, to: theirNumber, body: 'canary text' },
    ]);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(event).toMatchObject({ type: 'message.status', messageId: receipt.messageId });
    }
    expect(events.at(-1)).toMatchObject({ status: 'delivered' });
    expect(await messaging.getMessage(receipt.messageId)).toMatchObject({ status: 'delivered' });
  });

  it('that cannot be delivered says why', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    const { messaging } = providerOf(sim);
    const to = parseE164('+15005551003');
    const { messageId } = await messaging.send({ ...hello, to, statusCallback: url });
    await sim.settled();
    expect(events.at(-1)).toMatchObject({ status: 'undelivered', carrierErrorCode: '30003' });
    const state = await messaging.getMessage(messageId);
    expect(state).toMatchObject({ status: 'undelivered', carrierErrorCode: '30003' });
  });

  it('from a sender pool has no segment count yet', async () => {
    const sim = await startSim();
    const from = { kind: 'pool', id: `MG${'0'.repeat(32)}` } as const;
    const receipt = await providerOf(sim).messaging.send({ ...hello, from });
    expect(receipt).not.toHaveProperty('segmentCount');
  });

  it('may be sent with an API key instead of the auth token', async () => {
    const apiKey = { sid: `SK${'1'.repeat(32)}`, secret: 'key secret' };
    const sim = await startSim({ apiKeys: [apiKey] });
    const { messaging } = create({ baseUrl: sim.baseUrl, apiKey });
    await messaging.send(hello);
    expect(sim.messages).toHaveLength(1);
  });
});

describe('a text that Twilio refuses', () => {
  it.each([
    ['+15005550001', 'invalid_recipient', '21211'],
    ['+15005550009', 'invalid_recipient', '21614'],
    ['+15005550004', 'recipient_opted_out', '21610'],
    ['+15005550003', 'permission_denied', '21408'],
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

  it('with a wrong auth token fails as such', async () => {
    const { baseUrl } = await startSim();
    const { messaging } = create({ baseUrl, authToken: 'wrong' });
    expect(await failureOf(messaging.send(hello))).toMatchObject({
      code: 'auth_failed',
      providerCode: '20003',
      outcome: 'not-performed',
    });
  });
});

describe('when the line to Twilio breaks', () => {
  it.each([
    [{ kind: 'status-500' }, 'provider_unavailable', 'unknown', 0],
    [{ kind: 'status-500', afterAccept: true }, 'provider_unavailable', 'unknown', 1],
    [{ kind: 'html' }, 'provider_unavailable', 'unknown', 0],
    [{ kind: 'status-429' }, 'rate_limited', 'not-performed', 0],
    [{ kind: 'error', code: 21611 }, 'limit_reached', 'not-performed', 0],
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

  it('a full queue says when to come again', async () => {
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
    expect(delivery).toMatchObject({ acknowledged: true, replies: [] });
    expect(sim.alerts).toEqual([]);
    await sim.redeliver(delivery);
    expect(events).toMatchObject([
      {
        type: 'message.received',
        message: { id: delivery.sid, from: theirNumber, to: ourNumber, text, segmentCount: 1 },
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

  it('with a picture and no words can be downloaded, without showing the CDN our credentials', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href });
    const bytes = Uint8Array.of(137, 80, 78, 71);
    const media = [{ contentType: 'image/png', bytes }];
    await sim.text({ from: theirNumber, to: ourNumber, media });
    const [event] = events;
    const message = event?.type === 'message.received' ? event.message : undefined;
    expect(message).toMatchObject({ text: '', media: [{ contentType: 'image/png' }] });
    const [file] = message?.media ?? [];
    if (file === undefined) throw new Error('expected a file');
    const response = await providerOf(sim).messaging.fetchMedia(file);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect(sim.cdnRequests).toHaveLength(1);
    expect(JSON.stringify(sim.cdnRequests)).not.toMatch(/authorization.{0,9}Basic/iu);
  });

  it('that says STOP has the hint of Advanced Opt-Out', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: url.href, advancedOptOut: true });
    await sim.text({ from: theirNumber, to: ourNumber, text: 'Stop' });
    expect(events).toMatchObject([{ type: 'message.received', message: { optOut: 'stop' } }]);
    const error = await failureOf(providerOf(sim).messaging.send(hello));
    expect(error.code).toBe('recipient_opted_out');
  });
});

describe('setting up the number', () => {
  it('points Twilio at us, tells what was there, and puts it back', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    sim.setNumber(ourNumber, { messageUrl: 'https://old.example.com/sms' });
    const { numberSetup } = providerOf(sim);
    const before = await numberSetup.apply(ourNumber, { messageUrl: url });
    expect(before).toEqual({
      messageUrl: new URL('https://old.example.com/sms'),
      restore: { SmsUrl: 'https://old.example.com/sms', SmsMethod: 'POST' },
    });
    expect(await numberSetup.inspect(ourNumber)).toMatchObject({ messageUrl: url });
    await sim.text({ from: theirNumber, to: ourNumber, text: 'hello' });
    expect(events).toHaveLength(1);
    await numberSetup.apply(ourNumber, before);
    expect(await numberSetup.inspect(ourNumber)).toMatchObject(before);
  });

  it('of somebody else is not found', async () => {
    const { numberSetup } = providerOf(await startSim());
    expect((await failureOf(numberSetup.inspect(theirNumber))).code).toBe('not_found');
  });
});
