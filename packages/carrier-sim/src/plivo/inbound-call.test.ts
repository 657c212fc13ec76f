import { describe, expect, it } from 'vitest';
import {
  callApi,
  events,
  ours,
  place,
  startCalls,
  startScene,
  theirs,
  xml,
} from './scene.testing.ts';

describe('somebody who calls', () => {
  it('is asked about with the fields of a real webhook, greeted, and told of', async () => {
    const { sim, application } = await startCalls();
    const call = await sim.callIn({ from: theirs, to: ours });
    expect(call).toMatchObject({
      said: ['Hello there'],
      status: 'completed',
      requestUuid: undefined,
    });
    expect(events(application.requests)).toEqual([
      ['StartApp', 'ringing'],
      ['Hangup', 'completed'],
    ]);
    expect(application.requests.map(({ path }) => path)).toEqual(['/voice', '/hangup']);
    const [form] = application.forms();
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      CallUUID: call.id,
      Direction: 'inbound',
      From: '15550100123',
      To: '15550100100',
    });
    expect(form?.has('ALegRequestUUID')).toBe(false);
  });

  it.each(['busy', 'rejected'])('is declined by a hangup with the reason %s', async (reason) => {
    const { sim } = await startCalls(xml(`<Hangup reason="${reason}"/><Speak>No</Speak>`));
    expect(await sim.callIn({ from: theirs, to: ours })).toMatchObject({
      status: 'completed',
      end: { reason, by: 'document' },
      answeredAt: undefined,
      heard: [],
    });
  });

  it('is answered by an empty document, which hangs up', async () => {
    const { sim, application } = await startCalls(xml(''));
    const call = await sim.callIn({ from: theirs, to: ours });
    expect(call.answeredAt).toBeInstanceOf(Date);
    expect(application.forms().at(-1)?.get('HangupCauseCode')).toBe('4010');
  });

  it('keys and says what the application asks for, and is led elsewhere', async () => {
    const { sim, application } = await startCalls(({ query }) => {
      if (query.get('turn') === 'code') {
        return xml('<GetInput inputType="speech" action="/?turn=name" method="GET"/>');
      }
      if (query.get('turn') === 'name') return xml('<Redirect>/?turn=end</Redirect>');
      if (query.get('turn') === 'end') return xml('<Speak>Bye</Speak>');
      return xml(
        '<GetInput action="/?turn=code" numDigits="2" executionTimeout="5"><Speak>Code?</Speak></GetInput>',
      );
    });
    const inputs = [{ digits: '123' }, { speech: 'Ada' }];
    const call = await sim.callIn({ from: theirs, to: ours, farEnd: { inputs } });
    expect(call.said).toEqual(['Code?', 'Bye']);
    expect(application.forms()[1]?.get('Digits')).toBe('12');
    expect(application.requests[2]?.query.get('Speech')).toBe('Ada');
    expect(application.forms()[3]?.get('Event')).toBe('Redirect');
  });

  it('is put through, streamed, sent tones: as far as it can be heard', async () => {
    const { sim } = await startCalls(
      xml(
        '<DTMF>12#</DTMF><Play>/a.mp3</Play><Dial><Number>15550100124</Number></Dial>' +
          '<Stream bidirectional="true">wss://s.example.com/x</Stream><Record/>',
      ),
    );
    const call = await sim.callIn({ from: theirs, to: ours });
    expect(call.heard).toMatchObject([
      { kind: 'tones', digits: '12#' },
      { kind: 'audio' },
      { kind: 'transfer', to: '15550100124' },
      { kind: 'stream', url: 'wss://s.example.com/x' },
    ]);
    expect(call.problems).toEqual([501]);
  });

  it.each([
    '<Speak>x</Speak><Sing/>',
    '<GetInput><Speak>x</Speak></GetInput>',
    '<GetInput action="/x" executionTimeout="90"/>',
    '<Hangup reason="tired"/>',
    '<Stream>http://s.example.com</Stream>',
    '<Wait length="long"/>',
    `<Speak>${'x'.repeat(3_001)}</Speak>`,
    '<Speak>',
  ])('is not picked up for an invalid document: %#', async (elements) => {
    const { sim } = await startCalls(xml(elements));
    expect(await sim.callIn({ from: theirs, to: ours })).toMatchObject({
      problems: [8_011],
      heard: [],
      answeredAt: undefined,
    });
  });

  it('asks a second time when there was no connection, and not after an error', async () => {
    const { sim, application } = await startCalls({ status: 500 });
    expect((await sim.callIn({ from: theirs, to: ours })).webhooks[0]?.attempts).toHaveLength(1);
    sim.setNumber(ours, { voiceUrl: 'http://127.0.0.1:9/gone', hangupUrl: '' });
    expect((await sim.callIn({ from: theirs, to: ours })).webhooks[0]?.attempts).toMatchObject([
      { error: 'connect-failed' },
      { error: 'connect-failed' },
    ]);
    expect(application.requests).toHaveLength(2);
  });

  it('meets the URLs of the application, however they were set', async () => {
    const { sim, application } = await startScene();
    expect(await sim.callIn({ from: theirs, to: ours })).toMatchObject({
      end: { reason: 'failed', by: 'error' },
      webhooks: [],
    });
    const answer_url = `${application.url}/voice`;
    const path = `/Application/${sim.numbers[0]?.appId}/`;
    await callApi(sim, 'POST', path, { answer_url, answer_method: 'GET' });
    application.answer = () => Promise.resolve(xml('<Speak>Hi</Speak>'));
    const call = await sim.callIn({ from: theirs, to: ours });
    expect(call.said).toEqual(['Hi']);
    expect(application.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(sim.numbers[0]).toMatchObject({ voiceUrl: answer_url, voiceMethod: 'GET' });
  });

  it('may have webhooks that are lost, and a number of nobody', async () => {
    const { sim, application, url } = await startCalls();
    sim.faults.add({ on: 'call-webhook', kind: 'lost', match: { status: 'completed' } });
    await place(sim, { answer_url: url });
    await sim.settled();
    expect(events(application.requests)).toEqual([['StartApp', 'in-progress']]);
    await expect(sim.callIn({ from: theirs, to: theirs })).rejects.toThrow(RangeError);
  });
});
