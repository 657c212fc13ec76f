import { failureOf, type FakeReply } from '@openclaw/provider-testkit';
import type {
  CallEvent,
  CallInstruction,
  HttpRequest,
  VoiceProvider,
} from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import {
  answering,
  create,
  envelope,
  ourNumber,
  signedJson,
  theirNumber,
} from './fake-telnyx.testing.ts';

const connectionId = '1494404757140276705';
const callId = 'v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg';
const call = { providerId: 'telnyx', callId };
const answerUrl = new URL('https://sms.example.com/telephony/webhook');
const wanted = { to: theirNumber, from: ourNumber, answerUrl };
const ok: FakeReply = { body: { data: { result: 'ok' } } };

function calling(answer: FakeReply = ok): {
  readonly voice: Required<Omit<VoiceProvider, 'mediaStream'>>;
  readonly requests: readonly HttpRequest[];
} {
  const { transport, requests } = answering(answer);
  const { voice } = create({ transport, connectionId });
  return { voice, requests };
}

const bodyOf = (request: HttpRequest | undefined): Record<string, unknown> =>
  JSON.parse(request?.body ?? '{}');
const actionOf = ({ url }: HttpRequest): string => url.pathname.split('/').at(-1) ?? '';

async function place(
  over: object = {},
  answer: FakeReply = { body: { data: { call_control_id: callId } } },
) {
  const { voice, requests } = calling(answer);
  const placed = await voice.placeCall({ ...wanted, ...over });
  return { placed, request: requests[0], json: bodyOf(requests[0]) };
}

/** The event that a signed webhook of a call becomes. */
function eventOf(type: string, payload: object = {}, id?: string): CallEvent {
  const { webhooks } = create();
  const json = envelope(
    type,
    { call_control_id: callId, ...payload },
    id === undefined ? {} : { id },
  );
  const [event] = webhooks.parse(webhooks.verify(signedJson(json)));
  if (event === undefined || !('call' in event)) throw new Error('expected an event of a call');
  return event;
}

const incoming = (): CallEvent =>
  eventOf('call.initiated', { direction: 'incoming', from: theirNumber, to: ourNumber });

/** Plays Telnyx: gives instructions once, then ends every command until none is given any more. */
async function carryOut(first: CallEvent, instructions: readonly CallInstruction[]) {
  const { voice, requests } = calling();
  const ends = new Map([
    ['answer', 'call.answered'],
    ['speak', 'call.speak.ended'],
    ['playback_start', 'call.playback.ended'],
    ['gather', 'call.gather.ended'],
  ]);
  await voice.respond(first, instructions);
  for (let seen = 0; seen < requests.length;) {
    seen = requests.length;
    const last = requests[seen - 1];
    const ended = last && ends.get(actionOf(last));
    if (last === undefined || ended === undefined) break;
    const state = { client_state: bodyOf(last)['client_state'] };
    await voice.respond(eventOf(ended, state, `event-${seen}`), []);
  }
  return requests;
}

describe('placing a call', () => {
  it('is one request of the connection, with a bound on its length', async () => {
    const { placed, request, json } = await place({ maxDurationSeconds: 300 });
    expect(request?.url.pathname).toBe('/v2/calls');
    expect(json).toEqual({
      connection_id: connectionId,
      to: theirNumber,
      from: ourNumber,
      webhook_url: answerUrl.href,
      webhook_url_method: 'POST',
      time_limit_secs: 300,
    });
    expect(placed).toEqual({ call, warnings: [] });
  });

  it('is refused without a connection, before anything is asked of Telnyx', async () => {
    const { transport, requests } = answering(ok);
    const { voice } = create({ transport });
    expect(await failureOf(voice.placeCall(wanted))).toMatchObject({
      code: 'unsupported',
      outcome: 'not-performed',
      message: expect.stringContaining('connectionId'),
    });
    expect(requests).toEqual([]);
  });

  it('says what it could not do', async () => {
    const { placed } = await place({
      statusCallback: new URL('https://sms.example.com/calls'),
      detectMachine: true,
      providerOptions: { telnyx: { to: '+19005550100' } },
    });
    expect(placed.warnings.map(({ feature }) => feature)).toEqual([
      'statusCallback',
      'detectMachine',
      'providerOptions.telnyx.to',
    ]);
  });

  it('refuses a limit that Telnyx would raise, and a list of recipients (C45)', async () => {
    expect(await failureOf(place({ maxDurationSeconds: 10 }))).toMatchObject({
      code: 'invalid_request',
    });
    expect(await failureOf(place({ to: `${theirNumber},${ourNumber}` }))).toMatchObject({
      code: 'invalid_recipient',
      outcome: 'not-performed',
    });
  });

  it('is unknown when the answer names no call', async () => {
    const error = await failureOf(place({}, { body: { data: {} } }));
    expect(error).toMatchObject({ code: 'malformed_response', outcome: 'unknown' });
  });
});

describe('the webhook of a call', () => {
  it('tells of a caller, and never takes one who hides for a number (C2)', () => {
    expect(incoming()).toMatchObject({
      type: 'call.incoming',
      call,
      from: theirNumber,
      to: ourNumber,
    });
    for (const from of ['', 'anonymous', '+266696687', 'Restricted', null]) {
      expect(eventOf('call.initiated', { direction: 'incoming', from })).toMatchObject({
        from: 'anonymous',
      });
    }
  });

  it('tells that one whom we called rings, and answers', () => {
    expect(eventOf('call.initiated', { direction: 'outgoing' }).type).toBe('call.ringing');
    expect(eventOf('call.answered').type).toBe('call.answered');
    // Somebody else's state is not ours.
    expect(eventOf('call.answered', { client_state: 'aGF2ZSBhIG5pY2UgZGF5ID1d' }).type).toBe(
      'call.answered',
    );
  });

  it.each([
    ['normal_clearing', 'completed'],
    ['originator_cancel', 'canceled'],
    ['timeout', 'no-answer'],
    ['user_busy', 'busy'],
    ['call_rejected', 'rejected'],
    ['not_found', 'failed'],
    ['a new word', 'unrecognized'],
  ])('tells that a call ended: %s', (hangup_cause, reason) => {
    expect(eventOf('call.hangup', { hangup_cause })).toMatchObject({ type: 'call.ended', reason });
  });
});

describe('answering a call', () => {
  it('answers, speaks, plays, and hangs up only when the words have been said', async () => {
    const requests = await carryOut(incoming(), [
      { do: 'say', text: 'Hello', language: 'en-US' },
      { do: 'pause', seconds: 1 },
      { do: 'play', url: new URL('https://sms.example.com/a.mp3') },
      { do: 'send-digits', digits: '1#' },
      { do: 'hang-up' },
    ]);
    expect(requests.map(actionOf)).toEqual([
      'answer',
      'speak',
      'playback_start',
      'send_dtmf',
      'hangup',
    ]);
    expect(requests[0]?.url.pathname).toBe(
      `/v2/calls/${encodeURIComponent(callId)}/actions/answer`,
    );
    expect(bodyOf(requests[1])).toMatchObject({ payload: 'Hello', language: 'en-US' });
    expect(bodyOf(requests[2])).toMatchObject({ audio_url: 'https://sms.example.com/a.mp3' });
  });

  it('declines without answering', async () => {
    const requests = await carryOut(incoming(), [{ do: 'reject' }]);
    expect(requests.map(actionOf)).toEqual(['reject']);
    expect(bodyOf(requests[0])['cause']).toBe('CALL_REJECTED');
    const busy = await carryOut(incoming(), [{ do: 'reject', reason: 'busy' }]);
    expect(bodyOf(busy[0])['cause']).toBe('USER_BUSY');
  });

  it('declines without a connection, too, so that nobody hears it ring', async () => {
    const { transport, requests } = answering(ok);
    const { voice } = create({ transport });
    await voice.respond(incoming(), [{ do: 'reject' }]);
    expect(requests.map(actionOf)).toEqual(['reject']);
  });

  it.each([
    [422, '90018'],
    [404, '10005'],
  ])('is over for who hung up meanwhile: %i, code %s', async (status, code) => {
    const { voice } = calling({ status, body: { errors: [{ code, title: 'Over', detail: '' }] } });
    expect(await voice.respond(incoming(), [{ do: 'say', text: 'Hello' }])).toEqual({
      status: 200,
    });
    const said = eventOf('call.answered');
    expect(await voice.respond(said, [{ do: 'hang-up' }])).toEqual({ status: 200 });
  });

  it('fails for any other reason, so that Telnyx asks again', async () => {
    const body = { errors: [{ code: '10009', title: 'Authentication failed', detail: '' }] };
    const { voice } = calling({ status: 401, body });
    expect(await failureOf(voice.respond(incoming(), [{ do: 'reject' }]))).toMatchObject({
      code: 'auth_failed',
    });
  });

  it('hangs up when Telnyx surely refuses the words, or the line would stay open and cost', async () => {
    const body = { errors: [{ code: '10015', title: 'Bad Request', detail: '' }] };
    const { voice, requests } = calling({ status: 422, body });
    const said: readonly CallInstruction[] = [{ do: 'say', text: 'Hello' }, { do: 'hang-up' }];
    const error = await failureOf(voice.respond(eventOf('call.answered'), said));
    expect(error).toMatchObject({ outcome: 'not-performed', providerCode: '10015' });
    expect(requests.map(actionOf)).toEqual(['speak', 'hangup']);
  });

  it.each([
    ['nobody knows whether it speaks', 503],
    ['Telnyx is asked too often', 429],
  ])('does not hang up when %s', async (_when, status) => {
    const { voice, requests } = calling({ status, body: {} });
    await failureOf(voice.respond(eventOf('call.answered'), [{ do: 'say', text: 'Hello' }]));
    expect(requests.map(actionOf)).toEqual(['speak']);
  });

  it('gives the same command for the same webhook, so that Telnyx ignores the second (C8)', async () => {
    const { voice, requests } = calling();
    for (let time = 0; time < 2; time += 1) await voice.respond(incoming(), [{ do: 'reject' }]);
    const [first, second] = requests.map((request) => bodyOf(request)['command_id']);
    expect(first).toBe(second);
    await voice.respond(eventOf('call.answered', {}, 'another'), [{ do: 'hang-up' }]);
    expect(bodyOf(requests[2])['command_id']).not.toBe(first);
  });

  it('keeps the turn of a question in the call', async () => {
    const { voice, requests } = calling();
    await voice.respond(eventOf('call.answered'), [
      {
        do: 'gather',
        input: ['digits'],
        actionUrl: answerUrl,
        turn: 't1',
        maxDigits: 4,
        timeoutSeconds: 5,
        prompt: [{ do: 'say', text: 'Your code?' }],
      },
    ]);
    const { client_state, ...body } = bodyOf(requests[0]);
    expect(body).toMatchObject({ payload: 'Your code?', maximum_digits: 4, timeout_millis: 5000 });
    expect(body).not.toHaveProperty('turn');
    expect(eventOf('call.gather.ended', { digits: '1234', client_state })).toMatchObject({
      type: 'call.digits',
      digits: '1234',
      turn: 't1',
    });
  });

  it('reads a long text in pieces of at most 3,000 characters', async () => {
    const text = `${'word '.repeat(900)}end`;
    const requests = await carryOut(eventOf('call.answered'), [{ do: 'say', text }]);
    const spoken = requests.map((request) => String(bodyOf(request)['payload']));
    expect(spoken).toHaveLength(2);
    expect(spoken.join('')).toBe(text);
  });

  it('says what Telnyx cannot do instead of leaving it out', async () => {
    const { voice } = calling();
    const redirect = voice.respond(incoming(), [{ do: 'redirect', url: answerUrl }]);
    expect(await failureOf(redirect)).toMatchObject({ code: 'unsupported' });
    const speech = voice.respond(incoming(), [
      { do: 'gather', input: ['speech'], actionUrl: answerUrl, turn: 't' },
    ]);
    expect(await failureOf(speech)).toMatchObject({ code: 'unsupported' });
  });

  it('does nothing for a call that has ended', async () => {
    const { voice, requests } = calling();
    await voice.respond(eventOf('call.hangup'), [{ do: 'say', text: 'Hello?' }]);
    expect(requests).toEqual([]);
  });
});

describe('a running call', () => {
  it('is hung up with one request; one that has ended counts as hung up', async () => {
    const { voice, requests } = calling();
    await voice.hangUp(call);
    expect(requests.map(actionOf)).toEqual(['hangup']);
    for (const status of [404, 422]) {
      await expect(calling({ status, body: {} }).voice.hangUp(call)).resolves.toBeUndefined();
    }
    const over = { errors: [{ code: '90018', title: 'Call has already ended', detail: '' }] };
    await expect(calling({ status: 422, body: over }).voice.hangUp(call)).resolves.toBeUndefined();
    const failed = calling({ status: 503, body: {} }).voice.hangUp(call);
    expect(await failureOf(failed)).toMatchObject({ code: 'provider_unavailable' });
  });

  it('is not taken for hung up when Telnyx found something else wrong', async () => {
    const body = { errors: [{ code: '10015', title: 'Bad Request', detail: '' }] };
    const failed = calling({ status: 422, body }).voice.hangUp(call);
    expect(await failureOf(failed)).toMatchObject({ outcome: 'not-performed', httpStatus: 422 });
  });

  it('tells whether it has ended', async () => {
    const alive = calling({ body: { data: { is_alive: true } } });
    const over = calling({ body: { data: { is_alive: false } } });
    expect((await alive.voice.getCall(call)).ended).toBe(false);
    expect((await over.voice.getCall(call)).ended).toBe(true);
  });

  it('takes new instructions', async () => {
    const { voice, requests } = calling();
    await voice.update(call, [{ do: 'say', text: 'Still there?' }]);
    expect(requests.map(actionOf)).toEqual(['speak']);
  });

  it('keeps whatever its id holds inside of one part of the path', async () => {
    const { voice, requests } = calling();
    await voice.hangUp({ ...call, callId: '../messages?x' });
    expect(requests[0]?.url.pathname).toBe('/v2/calls/..%2Fmessages%3Fx/actions/hangup');
  });
});
