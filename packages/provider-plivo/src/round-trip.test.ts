import { createFetchTransport, parseE164 } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import {
  create,
  failureOf,
  hello,
  ourNumber,
  powerpackUuid,
  theirNumber,
} from './fake-plivo.testing.ts';
import { listen, providerOf, startSim } from './plivo-sim.testing.ts';

describe('a text to a person', () => {
  it('arrives, and its receipts come back verified', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    const { messaging } = providerOf(sim);
    const receipt = await messaging.send({ ...hello, statusCallback: url });
    expect(receipt).toMatchObject({ status: 'queued', warnings: [] });
    await sim.settled();
    expect(sim.messages).toMatchObject([
      { id: receipt.messageId, from: ourNumber, to: theirNumber, body: 'canary text' },
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
    const { number, status, errorCode } = sim.magicNumbers.unreachable;
    const { messaging } = providerOf(sim);
    const to = parseE164(number);
    const { messageId } = await messaging.send({ ...hello, to, statusCallback: url });
    await sim.settled();
    const told = { status, carrierErrorCode: String(errorCode) };
    expect(events.at(-1)).toMatchObject(told);
    expect(await messaging.getMessage(messageId)).toMatchObject(told);
  });

  it('who has opted out is accepted, and fails in a receipt', async () => {
    const { events, url } = await listen();
    const sim = await startSim();
    const { messaging } = providerOf(sim);
    const to = parseE164(sim.magicNumbers.optedOut);
    await messaging.send({ ...hello, to, statusCallback: url });
    await sim.settled();
    expect(events.at(-1)).toMatchObject({ status: 'failed', carrierErrorCode: '200' });
  });

  it('may be sent from a Powerpack', async () => {
    const sim = await startSim();
    const from = { kind: 'pool', id: powerpackUuid } as const;
    const receipt = await providerOf(sim).messaging.send({ ...hello, from });
    await sim.settled();
    expect(sim.messages).toMatchObject([{ id: receipt.messageId, from: ourNumber }]);
  });
});

describe('a text that Plivo refuses', () => {
  it('to no telephone number says so', async () => {
    const sim = await startSim();
    const to = parseE164(sim.magicNumbers.invalid);
    const error = await failureOf(providerOf(sim).messaging.send({ ...hello, to }));
    expect(error).toMatchObject({ code: 'invalid_recipient', outcome: 'not-performed' });
    expect(sim.messages).toEqual([]);
  });

  it('with a wrong auth token fails as such', async () => {
    const { baseUrl } = await startSim();
    const { messaging } = create({ baseUrl, authToken: 'wrong' });
    expect(await failureOf(messaging.send(hello))).toMatchObject({
      code: 'auth_failed',
      outcome: 'not-performed',
    });
  });
});

describe('when the line to Plivo breaks', () => {
  it.each([
    [{ kind: 'status-500' }, 'provider_unavailable', 'unknown', 0],
    [{ kind: 'status-500', afterAccept: true }, 'provider_unavailable', 'unknown', 1],
    [{ kind: 'html' }, 'provider_unavailable', 'unknown', 0],
    [{ kind: 'status-429' }, 'rate_limited', 'not-performed', 0],
    [{ kind: 'error', code: 403 }, 'permission_denied', 'not-performed', 0],
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

  it('a limit says when to come again', async () => {
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
