import { verifyTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
import { describe, expect, it } from 'vitest';
import {
  documentOf,
  ours,
  profileId,
  send,
  startApplication,
  startScene,
  theirs,
  unreachableUrl,
} from './scene.testing.ts';

describe('the webhook of an inbound text', () => {
  it('has the envelope and the fields of version 2', async () => {
    const { sim, application } = await startScene({ now: () => Date.UTC(2026, 10, 20, 12) });
    const { id } = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    const [request] = application.requests;
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'telnyx-timestamp': String(Date.UTC(2026, 10, 20, 12) / 1_000),
    });
    expect(request && documentOf(request)).toMatchObject({
      data: {
        event_type: 'message.received',
        id: expect.stringMatching(/^[\da-f-]{36}$/u),
        occurred_at: '2026-11-20T12:00:00.000Z',
        record_type: 'event',
        payload: {
          id,
          direction: 'inbound',
          type: 'SMS',
          from: { phone_number: theirs },
          to: [{ phone_number: ours, status: 'webhook_delivered' }],
          text: 'Hello',
          encoding: 'GSM-7',
          parts: 1,
          media: [],
          messaging_profile_id: profileId,
        },
      },
      meta: { attempt: 1, delivered_to: `${application.url}/sms` },
    });
  });

  it('takes other values, and fields that no one knows', async () => {
    const { sim, application } = await startScene();
    const payload = { subject: 'Hi', cc: [{ phone_number: theirs }], tomorrow: { is: 'here' } };
    await sim.text({ from: 'BANK', to: ours, text: 'Hello', payload });
    expect(application.requests.map(documentOf)).toMatchObject([
      { data: { payload: { ...payload, from: { phone_number: 'BANK' } } } },
    ]);
  });

  it('says what the carrier made of a keyword, which blocks the whole profile', async () => {
    const numbers = [ours, '+15550100101'].map((number) => ({
      number,
      messagingProfileId: profileId,
    }));
    const { sim, application } = await startScene({ numbers });
    sim.setNumber(ours, { messageUrl: `${application.url}/sms` });
    const { autoReply } = await sim.text({ from: theirs, to: ours, text: 'stop all' });
    expect(autoReply).toMatchObject({ from: ours, to: theirs });
    const blocked = await send(sim, { from: '+15550100101' });
    expect(blocked).toMatchObject({ status: 400, body: { errors: [{ code: '40300' }] } });
    await sim.text({ from: theirs, to: ours, text: 'START' });
    expect((await send(sim, { use_profile_webhooks: false })).status).toBe(200);
    await sim.text({ from: theirs, to: ours, text: 'word', optOutType: 'HELP' });
    await sim.text({ from: theirs, to: ours, text: 'word' });
    const seen = application.requests.map(documentOf);
    expect(seen).toMatchObject([
      { data: { payload: { autoresponse_type: 'STOP' } } },
      { data: { payload: { autoresponse_type: 'START' } } },
      { data: { payload: { autoresponse_type: 'HELP' } } },
      { data: { payload: { text: 'word' } } },
    ]);
    expect(JSON.stringify(seen.at(-1))).not.toContain('autoresponse_type');
  });

  it('is tried three times, each signed anew with its number, and then three times elsewhere', async () => {
    let clock = Date.UTC(2026, 10, 20, 12);
    const { sim, application } = await startScene({ now: () => clock });
    const failover = await startApplication();
    application.answer = () => {
      clock += 1_000;
      return Promise.resolve({ status: 301, headers: { Location: failover.url } });
    };
    failover.answer = () => Promise.resolve({ status: failover.requests.length < 3 ? 503 : 200 });
    sim.setNumber(ours, { messageFallbackUrl: `${failover.url}/failover` });
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery.attempts.map(({ status }) => status)).toEqual([301, 301, 301, 503, 503, 200]);
    expect(delivery.acknowledged).toBe(true);
    const requests = [...application.requests, ...failover.requests];
    const documents = requests.map(documentOf);
    expect(documents).toMatchObject(
      [1, 2, 3, 4, 5, 6].map((attempt) => ({
        meta: {
          attempt,
          delivered_to: attempt < 4 ? `${application.url}/sms` : `${failover.url}/failover`,
        },
      })),
    );
    const events = new Set(documents.map((document) => JSON.stringify(Object(document).data)));
    expect(events.size).toBe(1);
    expect(new Set(requests.map(({ headers }) => headers['telnyx-timestamp'])).size).toBe(4);
    for (const { headers, body } of requests) {
      const flat = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, String(value)]),
      );
      const options = { publicKey: sim.publicKey, now: () => clock };
      expect(verifyTelnyxWebhook({ headers: flat, body }, options).bodyAuthenticated).toBe(true);
    }
  });

  it('has two seconds to be answered', async () => {
    const { sim, application } = await startScene({
      timing: { readTimeoutMs: 50, retryAcceleration: 100_000 },
    });
    application.answer = () => new Promise(() => undefined);
    const { attempts } = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(attempts.map(({ error }) => error)).toEqual(Array(3).fill('read-timeout'));
  });

  it('goes nowhere for a number without a profile', async () => {
    const { sim } = await startScene({ numbers: [{ number: ours, messagingProfileId: null }] });
    const { request, attempts } = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect([request, attempts]).toEqual([undefined, []]);
  });
});

describe('the webhooks of a message', () => {
  it('are message.sent and message.finalized, with the status of the recipient', async () => {
    const { sim, application } = await startScene();
    await send(sim, { to: sim.magicNumbers.unreachable.number });
    await sim.settled();
    expect(application.requests.map(documentOf)).toMatchObject([
      { data: { event_type: 'message.sent', payload: { to: [{ status: 'sent' }], errors: [] } } },
      {
        data: {
          event_type: 'message.finalized',
          payload: {
            to: [{ status: 'delivery_failed' }],
            errors: [{ code: '40006', title: expect.any(String) }],
            completed_at: expect.any(String),
          },
        },
      },
    ]);
  });

  it.each([
    ['+15005552002', ['sending_failed']],
    ['+15005553000', ['sent']],
    ['+15005554000', ['sent', 'delivery_unconfirmed']],
  ])('to %s tell of %j', async (to, statuses) => {
    const { sim } = await startScene();
    await send(sim, { to });
    await sim.settled();
    expect(sim.messages[0]?.receipts.map(({ status }) => status)).toEqual(statuses);
  });

  it('go to the URL of the request, else to that of the profile, or nowhere', async () => {
    const { sim, application } = await startScene();
    const own = `${application.url}/own`;
    await send(sim, { webhook_url: await unreachableUrl(), webhook_failover_url: own });
    await sim.settled();
    expect(application.requests.map(({ path }) => path)).toEqual(['/own', '/own']);
    await send(sim);
    await sim.settled();
    expect(application.requests.slice(2).map(({ path }) => path)).toEqual(['/sms', '/sms']);
    await send(sim, { use_profile_webhooks: false });
    await sim.settled();
    expect(application.requests).toHaveLength(4);
  });
});
