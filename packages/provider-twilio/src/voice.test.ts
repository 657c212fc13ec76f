import { failureOf, type FakeReply } from '@openclaw/provider-testkit';
import { type CallEvent, type CallInstruction, TelephonyError } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import {
  accountSid,
  answering,
  create,
  ourNumber,
  signedForm,
  theirNumber,
} from './fake-twilio.testing.ts';

const callSid = `CA${'0123456789abcdef'.repeat(2)}`;
const call = { providerId: 'twilio', callId: callSid };
const answerUrl = new URL('https://sms.example.com/telephony/webhook');
const wanted = { to: theirNumber, from: ourNumber, answerUrl };

async function place(over: object = {}, answer: FakeReply = { body: { sid: callSid } }) {
  const { transport, requests } = answering(answer);
  const placed = await create({ transport }).voice.placeCall({ ...wanted, ...over });
  const [request] = requests;
  return { placed, request, form: new URLSearchParams(request?.body) };
}

/** The event that the signed fields of a call become. */
function eventOf(fields: Record<string, string>): CallEvent | undefined {
  const { webhooks } = create();
  const request = signedForm({ CallSid: callSid, AccountSid: accountSid, ...fields });
  const [event] = webhooks.parse(webhooks.verify(request));
  return event !== undefined && 'call' in event ? event : undefined;
}

const incoming = {
  CallStatus: 'ringing',
  Direction: 'inbound',
  From: theirNumber,
  To: ourNumber,
};

describe('placing a call', () => {
  it('is one request, with a bound on its length', async () => {
    const { placed, request, form } = await place({ maxDurationSeconds: 300 });
    expect(request?.url.pathname).toBe(`/2010-04-01/Accounts/${accountSid}/Calls.json`);
    expect(Object.fromEntries(form)).toEqual({
      To: theirNumber,
      From: ourNumber,
      Url: answerUrl.href,
      Method: 'POST',
      TimeLimit: '300',
    });
    expect(placed).toEqual({ call, warnings: [] });
  });

  it('asks for reports, for a machine, and for so many seconds of ringing when told to', async () => {
    const { form } = await place({
      statusCallback: new URL('https://sms.example.com/calls'),
      ringTimeoutSeconds: 20,
      detectMachine: true,
    });
    expect(form.getAll('StatusCallbackEvent')).toEqual(['ringing', 'answered', 'completed']);
    expect(form.get('Timeout')).toBe('20');
    expect(form.get('MachineDetection')).toBe('Enable');
  });

  it('never lets an option change who is called', async () => {
    const { form, placed } = await place({
      providerOptions: { twilio: { To: '+19005550100', CallReason: 'dinner' } },
    });
    expect(form.getAll('To')).toEqual([theirNumber]);
    expect(form.get('CallReason')).toBe('dinner');
    expect(placed.warnings.map(({ feature }) => feature)).toEqual(['providerOptions.twilio.To']);
  });

  it('refuses several recipients in one string before anything leaves (C45)', async () => {
    const error = await failureOf(place({ to: `${theirNumber}<+19005550100` }));
    expect(error).toMatchObject({ code: 'invalid_recipient', outcome: 'not-performed' });
  });

  it('is unknown when the answer names no call', async () => {
    const error = await failureOf(place({}, { body: {} }));
    expect(error).toMatchObject({ code: 'malformed_response', outcome: 'unknown' });
  });
});

describe('the webhook of a call', () => {
  it('tells of a caller', () => {
    expect(eventOf(incoming)).toMatchObject({
      type: 'call.incoming',
      call,
      from: theirNumber,
      to: ourNumber,
    });
  });

  it.each(['', 'anonymous', '+266696687', '266696687', 'Restricted', '5551234567 ', '+99 1555'])(
    'takes the caller %j for anonymous, never for a number (C2)',
    (From) => {
      expect(eventOf({ ...incoming, From })).toMatchObject({ from: 'anonymous' });
    },
  );

  it('tells an answer from a report of it', () => {
    const answered = { CallStatus: 'in-progress', Direction: 'outbound-api' };
    expect(eventOf(answered)).toMatchObject({ type: 'call.answered' });
    expect(eventOf({ ...answered, AnsweredBy: 'machine_start' })).toMatchObject({ by: 'machine' });
    expect(
      eventOf({
        CallStatus: 'ringing',
        Direction: 'inbound',
        CallbackSource: 'call-progress-events',
      }),
    ).toMatchObject({ type: 'call.ringing' });
  });

  it.each([
    ['completed', 'completed'],
    ['busy', 'busy'],
    ['no-answer', 'no-answer'],
    ['canceled', 'canceled'],
    ['failed', 'failed'],
  ])('tells that a call ended: %s', (CallStatus, reason) => {
    expect(eventOf({ CallStatus, Direction: 'outbound-api' })).toMatchObject({
      type: 'call.ended',
      reason,
    });
  });

  it('carries what was keyed and said', () => {
    const going = { CallStatus: 'in-progress', Direction: 'inbound' };
    expect(eventOf({ ...going, Digits: '12' })).toMatchObject({
      type: 'call.digits',
      digits: '12',
    });
    expect(eventOf({ ...going, SpeechResult: 'yes please' })).toMatchObject({
      type: 'call.speech',
      transcript: 'yes please',
      final: true,
    });
    expect(eventOf(going)).toMatchObject({ type: 'call.instruction-ended' });
  });

  it('has the same key for the same request, whatever the order of its fields', () => {
    const { CallStatus, Direction, From, To } = incoming;
    expect(eventOf({ To, From, Direction, CallStatus })?.dedupeKey).toBe(
      eventOf(incoming)?.dedupeKey,
    );
  });
});

const respond = async (...instructions: CallInstruction[]): Promise<string | undefined> => {
  const event = eventOf(incoming);
  if (event === undefined) throw new Error('expected a call');
  const reply = await create().voice.respond(event, instructions);
  expect(reply).toMatchObject({ status: 200, contentType: 'text/xml' });
  return reply.body?.replace(/^.*?<Response>|<\/Response>$/gu, '');
};

describe('answering a call', () => {
  it('writes each instruction as a verb', async () => {
    const url = new URL('https://sms.example.com/a.mp3');
    expect(
      await respond(
        { do: 'say', text: 'Hello', language: 'en-US' },
        { do: 'play', url },
        { do: 'pause', seconds: 2 },
        { do: 'send-digits', digits: '1#' },
        { do: 'transfer', to: theirNumber },
        { do: 'hang-up' },
      ),
    ).toBe(
      '<Say language="en-US">Hello</Say><Play>https://sms.example.com/a.mp3</Play><Pause length="2"/>' +
        `<Play digits="1#"/><Dial><Number>${theirNumber}</Number></Dial><Hangup/>`,
    );
    expect(await respond({ do: 'reject' })).toBe('<Reject/>');
    expect(await respond({ do: 'reject', reason: 'busy' })).toBe('<Reject reason="busy"/>');
  });

  it('remembers the turn in the address, and reads it back', async () => {
    const document = await respond({
      do: 'gather',
      input: ['speech'],
      actionUrl: new URL('https://sms.example.com/turns'),
      turn: 't1',
    });
    expect(document).toContain('action="https://sms.example.com/turns?turn=t1"');
  });
});

const asking = (answer: FakeReply) => {
  const { transport, requests } = answering(answer);
  return { voice: create({ transport }).voice, requests };
};

const isOver = async (status: string): Promise<boolean> =>
  (await asking({ status: 200, body: { sid: callSid, status } }).voice.getCall(call)).ended;

describe('a running call', () => {
  it('is hung up with one request', async () => {
    const { voice, requests } = asking({
      status: 200,
      body: { sid: callSid, status: 'completed' },
    });
    await voice.hangUp(call);
    expect(requests.map(({ body }) => body)).toEqual(['Status=completed']);
  });

  it.each([
    { status: 404, body: { code: 20_404 } },
    { status: 400, body: { code: 21_220 } },
  ])('that has ended already counts as hung up: %j', async (answer) => {
    await expect(asking(answer).voice.hangUp(call)).resolves.toBeUndefined();
  });

  it('stays a failure to hang up when the carrier fails', async () => {
    const error = await failureOf(asking({ status: 503, body: {} }).voice.hangUp(call));
    expect(error).toBeInstanceOf(TelephonyError);
  });

  it('takes new instructions, unless they are too long for a request', async () => {
    const { voice, requests } = asking({ status: 200, body: { sid: callSid } });
    await voice.update(call, [{ do: 'say', text: 'Still there?' }]);
    expect(new URLSearchParams(requests[0]?.body).get('Twiml')).toContain(
      '<Say>Still there?</Say>',
    );
    const error = await failureOf(voice.update(call, [{ do: 'say', text: 'x'.repeat(4000) }]));
    expect(error).toMatchObject({ code: 'invalid_request' });
    expect(requests).toHaveLength(1);
  });

  it('tells whether it has ended', async () => {
    expect([await isOver('in-progress'), await isOver('no-answer')]).toEqual([false, true]);
  });

  it('must have an id that may stand in a path', async () => {
    const { voice, requests } = asking({});
    const error = await failureOf(voice.hangUp({ ...call, callId: 'CA1/../x' }));
    expect(error).toMatchObject({ code: 'invalid_request' });
    expect(requests).toEqual([]);
  });
});
