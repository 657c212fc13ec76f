import { describe, expect, it } from 'vitest';
import {
  accountSid,
  ours,
  startCalls,
  startScene,
  statuses,
  theirs,
  twiml,
} from './scene.testing.ts';

describe('somebody who calls', () => {
  it('is asked about with the fields of a real webhook', async () => {
    const { sim, application } = await startCalls();
    await sim.callIn({ from: theirs, to: ours });
    const form = application.forms()[0];
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      AccountSid: accountSid,
      CallStatus: 'ringing',
      Direction: 'inbound',
      From: theirs,
      Caller: theirs,
      To: ours,
      Called: ours,
    });
    expect(form?.has('CallbackSource')).toBe(false);
  });

  it('is greeted, and the end is reported', async () => {
    const { sim, application } = await startCalls();
    const call = await sim.callIn({ from: theirs, to: ours });
    expect(call).toMatchObject({
      said: ['Hello there'],
      status: 'completed',
      direction: 'inbound',
    });
    expect(call.webhooks.map(({ event }) => event)).toEqual(['document', 'completed']);
    expect(statuses(application.requests)).toEqual(['completed']);
  });

  it.each([
    ['<Reject/>', 'no-answer', 'rejected'],
    ['<Reject reason="busy"/>', 'busy', 'busy'],
  ])('is declined by %s, without an answer', async (verb, status, reason) => {
    const { sim } = await startCalls(twiml(`<Response>${verb}<Say>No</Say></Response>`));
    expect(await sim.callIn({ from: theirs, to: ours })).toMatchObject({
      status,
      end: { reason, by: 'document' },
      answeredAt: undefined,
      heard: [],
    });
  });

  it('is answered by an empty document, which hangs up', async () => {
    const { sim } = await startCalls(twiml('<Response/>'));
    const call = await sim.callIn({ from: theirs, to: ours });
    expect(call.answeredAt).toBeInstanceOf(Date);
    expect(call.end).toEqual({ reason: 'completed', by: 'end-of-document' });
  });

  it('keys and says what the application asks for, and is led elsewhere', async () => {
    const { sim, application } = await startCalls(({ query }) => {
      if (query.get('turn') === 'code') {
        return twiml(
          '<Response><Gather input="speech" actionOnEmptyResult="true" action="/?turn=name"/></Response>',
        );
      }
      if (query.get('turn') === 'name')
        return twiml('<Response><Redirect>/?turn=end</Redirect></Response>');
      if (query.get('turn') === 'end') return twiml('<Response><Say>Bye</Say></Response>');
      return twiml(
        '<Response><Gather action="/?turn=code" numDigits="2"><Say>Code?</Say></Gather></Response>',
      );
    });
    const inputs = [{ digits: '123' }, { speech: 'Ada' }];
    const call = await sim.callIn({ from: theirs, to: ours, farEnd: { inputs } });
    expect(call.said).toEqual(['Code?', 'Bye']);
    expect(
      application.forms().map((form) => form.get('Digits') ?? form.get('SpeechResult')),
    ).toEqual([null, '12', 'Ada', null, null]);
  });

  it('hears what comes after a question that is not answered', async () => {
    const { sim } = await startCalls(
      twiml('<Response><Gather><Say>Code?</Say></Gather><Say>Bye</Say></Response>'),
    );
    expect((await sim.callIn({ from: theirs, to: ours })).said).toEqual(['Code?', 'Bye']);
  });

  it('meets verbs that nobody knows: left out, and shown in the debugger', async () => {
    const { sim } = await startCalls(
      twiml('<Response><Sing/><Speak>x</Speak><Record/><Say>Hi</Say></Response>'),
    );
    const call = await sim.callIn({ from: theirs, to: ours });
    expect(call.said).toEqual(['Hi']);
    expect(call.problems).toEqual([12_200, 12_200, 20_501]);
    expect(sim.alerts.map(({ code }) => code)).toEqual([12_200, 12_200, 20_501]);
  });

  it('is put through, streamed, sent tones: as far as it can be heard', async () => {
    const { sim } = await startCalls(
      twiml(
        '<Response><Play digits="1w2"/><Play>/a.mp3</Play><Dial><Number>+15550100124</Number></Dial>' +
          '<Connect><Stream url="wss://s.example.com/x"/></Connect>' +
          '<Connect><Stream url="wss://s.example.com/x?token=1"/></Connect></Response>',
      ),
    );
    const call = await sim.callIn({ from: theirs, to: ours });
    expect(call.heard).toMatchObject([
      { kind: 'tones', digits: '1w2' },
      { kind: 'audio' },
      { kind: 'transfer', to: '+15550100124' },
      { kind: 'stream', url: 'wss://s.example.com/x' },
    ]);
    expect(call.problems).toEqual([31_920]);
  });

  it('meets a number without an application', async () => {
    const { sim } = await startScene();
    expect(await sim.callIn({ from: theirs, to: ours })).toMatchObject({
      end: { reason: 'failed', by: 'error' },
      webhooks: [],
    });
    await expect(sim.callIn({ from: theirs, to: theirs })).rejects.toThrow(RangeError);
  });

  it('may have webhooks that are forged, doubled or lost', async () => {
    const { sim, application } = await startCalls();
    sim.faults.add({ on: 'call-webhook', kind: 'duplicate', match: { status: 'document' } });
    sim.faults.add({ on: 'call-webhook', kind: 'lost', match: { status: 'completed' } });
    await sim.callIn({ from: theirs, to: ours });
    expect(application.requests).toHaveLength(2);
    expect(application.requests[0]?.body).toEqual(application.requests[1]?.body);
  });

  it('is forgotten by a reset', async () => {
    const { sim } = await startCalls();
    await sim.callIn({ from: theirs, to: ours });
    await sim.reset();
    expect(sim.calls).toEqual([]);
  });
});
