import { failureOf, type FakeReply } from '@openclaw/provider-testkit';
import type { CallEvent, CallInstruction } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import {
  answering,
  authId,
  create,
  ourNumber,
  signedForm,
  theirNumber,
} from './fake-plivo.testing.ts';

const requestUuid = '9834029e-58b6-11e1-b8b7-a5bd0e4e126f';
const callUuid = '48dfaf60-3b2a-11e3-b4d3-3b2a11e3b4d3';
const call = { providerId: 'plivo', callId: requestUuid };
const answerUrl = new URL('https://sms.example.com/telephony/webhook');
const wanted = { to: theirNumber, from: ourNumber, answerUrl };

async function place(
  over: object = {},
  answer: FakeReply = { body: { request_uuid: requestUuid } },
) {
  const { transport, requests } = answering(answer);
  const placed = await create({ transport }).voice.placeCall({ ...wanted, ...over });
  const [request] = requests;
  const json: unknown = JSON.parse(request?.body ?? '{}');
  return { placed, request, json };
}

/** The event that the signed fields of a call become. */
function eventOf(fields: Record<string, string>): CallEvent | undefined {
  const { webhooks } = create();
  const [event] = webhooks.parse(webhooks.verify(signedForm({ CallUUID: callUuid, ...fields })));
  return event !== undefined && 'call' in event ? event : undefined;
}

const incoming = {
  Event: 'StartApp',
  CallStatus: 'ringing',
  Direction: 'inbound',
  From: theirNumber.slice(1),
  To: ourNumber.slice(1),
};

async function respond(...instructions: CallInstruction[]): Promise<string | undefined> {
  const event = eventOf(incoming);
  if (event === undefined) throw new Error('expected a call');
  const reply = await create().voice.respond(event, instructions);
  expect(reply).toMatchObject({ status: 200, contentType: 'text/xml' });
  return reply.body?.replace(/^.*?<Response>|<\/Response>$/gu, '');
}

describe('placing a call', () => {
  it('is one request to one number without its plus sign, with a bound on its length', async () => {
    const { placed, request, json } = await place({ maxDurationSeconds: 300 });
    expect(request?.url.pathname).toBe(`/v1/Account/${authId}/Call/`);
    expect(json).toEqual({
      to: '15550100123',
      from: '15550100100',
      answer_url: answerUrl.href,
      answer_method: 'POST',
      time_limit: 300,
    });
    expect(placed).toEqual({ call, warnings: [] });
  });

  it('asks for reports, for a machine, and for so many seconds of ringing when told to', async () => {
    const statusCallback = new URL('https://sms.example.com/calls');
    const { json } = await place({ statusCallback, ringTimeoutSeconds: 20, detectMachine: true });
    expect(json).toMatchObject({
      ring_url: statusCallback.href,
      hangup_url: statusCallback.href,
      ring_timeout: 20,
      machine_detection: 'true',
    });
  });

  it('refuses a list of recipients before anything leaves (C45)', async () => {
    const error = await failureOf(place({ to: `${theirNumber}<+19005550100` }));
    expect(error).toMatchObject({ code: 'invalid_recipient', outcome: 'not-performed' });
  });

  it('never lets an option change who is called', async () => {
    const { json, placed } = await place({ providerOptions: { plivo: { to: '19005550100' } } });
    expect(json).toMatchObject({ to: '15550100123' });
    expect(placed.warnings.map(({ feature }) => feature)).toEqual(['providerOptions.plivo.to']);
  });

  it('is unknown when the answer names no call', async () => {
    const error = await failureOf(place({}, { body: {} }));
    expect(error).toMatchObject({ code: 'malformed_response', outcome: 'unknown' });
  });
});

describe('the webhook of a call', () => {
  it('tells of a caller, with the plus sign put back', () => {
    expect(eventOf(incoming)).toMatchObject({
      type: 'call.incoming',
      call: { providerId: 'plivo', callId: callUuid },
      from: theirNumber,
      to: ourNumber,
    });
  });

  it.each(['', 'anonymous', '266696687', 'Restricted', '+99 1555'])(
    'takes the caller %j for anonymous, never for a number (C2)',
    (From) => {
      expect(eventOf({ ...incoming, From })).toMatchObject({ from: 'anonymous' });
    },
  );

  it('names an outbound call as the one who asked for it knows it', () => {
    const answered = {
      Event: 'StartApp',
      CallStatus: 'in-progress',
      Direction: 'outbound',
      ALegRequestUUID: requestUuid,
    };
    expect(eventOf(answered)).toMatchObject({ type: 'call.answered', call });
    expect(eventOf({ ...answered, Machine: 'true' })).toMatchObject({ by: 'machine' });
    expect(eventOf({ ...answered, Event: 'Ring', CallStatus: 'ringing' })).toMatchObject({
      type: 'call.ringing',
    });
  });

  it.each([
    ['completed', 'completed'],
    ['busy', 'busy'],
    ['timeout', 'no-answer'],
    ['no-answer', 'no-answer'],
    ['cancel', 'canceled'],
    ['failed', 'failed'],
    ['a new word', 'unrecognized'],
  ])('tells that a call ended: %s', (CallStatus, reason) => {
    expect(eventOf({ Event: 'Hangup', CallStatus, Direction: 'outbound' })).toMatchObject({
      type: 'call.ended',
      reason,
    });
  });

  it('carries what was keyed and said', () => {
    const going = { CallStatus: 'in-progress', Direction: 'inbound', Event: 'Redirect' };
    expect(eventOf({ ...going, Digits: '12' })).toMatchObject({
      type: 'call.digits',
      digits: '12',
    });
    expect(eventOf({ ...going, Speech: 'yes please' })).toMatchObject({
      type: 'call.speech',
      transcript: 'yes please',
    });
    expect(eventOf(going)).toMatchObject({ type: 'call.instruction-ended' });
  });
});

describe('answering a call', () => {
  it('writes each instruction as an element', async () => {
    expect(
      await respond(
        { do: 'say', text: 'Hello', language: 'en-US' },
        { do: 'play', url: new URL('https://sms.example.com/a.mp3') },
        { do: 'pause', seconds: 2 },
        { do: 'send-digits', digits: '1#' },
        { do: 'transfer', to: theirNumber },
        { do: 'hang-up' },
      ),
    ).toBe(
      '<Speak language="en-US">Hello</Speak><Play>https://sms.example.com/a.mp3</Play>' +
        '<Wait length="2"/><DTMF>1#</DTMF><Dial><Number>15550100123</Number></Dial><Hangup/>',
    );
    expect(await respond({ do: 'reject' })).toBe('<Hangup reason="rejected"/>');
    expect(await respond({ do: 'reject', reason: 'busy' })).toBe('<Hangup reason="busy"/>');
  });

  it('reads a long text in pieces of at most 3,000 characters, cut between words', async () => {
    const document = await respond({ do: 'say', text: `${'word '.repeat(900)}end` });
    const spoken = [...(document ?? '').matchAll(/<Speak>(.*?)<\/Speak>/gu)].map(
      ([, text]) => text,
    );
    expect(spoken.map((text) => (text?.length ?? 0) <= 3000)).toEqual([true, true]);
    expect(spoken.join('')).toBe(`${'word '.repeat(900)}end`);
  });

  it('remembers the turn in the address', async () => {
    const document = await respond({
      do: 'gather',
      input: ['speech'],
      actionUrl: new URL('https://sms.example.com/turns'),
      turn: 't1',
    });
    expect(document).toContain('action="https://sms.example.com/turns?turn=t1"');
  });
});

describe('a running call', () => {
  it('is hung up by its own id, or by the id of the request when it is not yet answered', async () => {
    const paths: string[] = [];
    const { voice } = create({
      transport: async ({ method, url }) => {
        paths.push(`${method} ${url.pathname.slice(url.pathname.indexOf(authId) + authId.length)}`);
        const status = url.pathname.includes('/Call/') ? 404 : 204;
        return { status, header: () => undefined, text: () => Promise.resolve('') };
      },
    });
    await voice.hangUp(call);
    expect(paths).toEqual([`DELETE /Call/${requestUuid}/`, `DELETE /Request/${requestUuid}/`]);
  });

  it('that nobody knows any more counts as hung up', async () => {
    const { transport } = answering({ status: 404, body: { error: 'not found' } });
    await expect(create({ transport }).voice.hangUp(call)).resolves.toBeUndefined();
  });

  it('stays a failure to hang up when the carrier fails', async () => {
    const { transport } = answering({ status: 503, body: {} });
    const error = await failureOf(create({ transport }).voice.hangUp(call));
    expect(error.code).toBe('provider_unavailable');
  });

  it('must have an id that may stand in a path', async () => {
    const { transport, requests } = answering({});
    const hangUp = create({ transport }).voice.hangUp({ ...call, callId: '../../Message/x' });
    expect(await failureOf(hangUp)).toMatchObject({ code: 'invalid_request' });
    expect(requests).toEqual([]);
  });
});
