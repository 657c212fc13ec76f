import { describe, expect, it } from 'vitest';
import { control, greeting, ours, place, startCalls, theirs, twiml } from './scene.testing.ts';

describe('the control endpoints for calls', () => {
  it('call a number, and answer what became of it', async () => {
    const { sim } = await startCalls();
    const { status, body } = await control(sim, 'POST', 'calls', { from: theirs, to: ours });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      direction: 'inbound',
      state: 'ended',
      status: 'completed',
      said: ['Hello there'],
      end: { reason: 'completed', by: 'document' },
      webhooks: [{ event: 'document', acknowledged: true }, { event: 'completed' }],
    });
  });

  it('let the caller key, say, lose patience, and send other fields', async () => {
    const { sim, application } = await startCalls(
      twiml('<Response><Gather action="/code"/><Pause length="60"/></Response>'),
    );
    await control(sim, 'POST', 'calls', {
      from: theirs,
      to: ours,
      farEnd: { hangsUpAfterSeconds: 3, inputs: [{ digits: '1' }, { speech: 'yes' }] },
      givesUpAfterSeconds: 5,
      parameters: { CallerName: 'ADA' },
    });
    expect(application.forms()[0]?.get('CallerName')).toBe('ADA');
    expect(application.forms()[1]?.get('Digits')).toBe('1');
    expect(sim.calls[0]).toMatchObject({ durationSeconds: 3, end: { by: 'far-end' } });
  });

  it('list calls, and wait for one to come so far', async () => {
    const { sim, url } = await startCalls();
    await place(sim, { Url: url });
    const next = await control(sim, 'GET', `calls/next?to=%2B15550100123&state=ended`);
    expect(next.body).toMatchObject({ to: theirs, said: ['Hello there'] });
    const listed = await control(sim, 'GET', 'calls?direction=outbound&from=%2B15550100100');
    expect(listed.body).toMatchObject({ calls: [{ id: next.body['id'] }] });
    expect((await control(sim, 'GET', 'calls?direction=inbound')).body).toEqual({ calls: [] });
    const none = await control(sim, 'GET', 'calls/next?direction=inbound&timeoutMs=0');
    expect(none.status).toBe(404);
    expect((await control(sim, 'GET', 'state')).body).toMatchObject({ callCount: 1 });
  });

  it('set how the far end behaves, and hang up from there', async () => {
    const { sim, url } = await startCalls(greeting, { timing: { callAcceleration: 1 } });
    const farEnd = { number: theirs, answer: 'no-answer', ringSeconds: 1 };
    expect((await control(sim, 'POST', 'far-ends', farEnd)).status).toBe(204);
    await place(sim, { Url: url });
    const { body } = await control(sim, 'GET', 'calls/next?state=ringing');
    const ended = await control(sim, 'POST', 'calls/hang-up', { id: body['id'] });
    expect(ended.body).toMatchObject({ status: 'busy', end: { reason: 'rejected' } });
  });

  it('set the voice URL of a number, and faults of calls', async () => {
    const { sim, application } = await startCalls();
    const voiceUrl = `${application.url}/other`;
    await control(sim, 'POST', 'numbers', { number: ours, voiceUrl });
    const lost = { on: 'call-webhook', kind: 'lost', match: { status: 'completed' } };
    expect((await control(sim, 'POST', 'faults', lost)).status).toBe(204);
    expect((await control(sim, 'POST', 'faults', { on: 'call', kind: 'html' })).status).toBe(204);
    await control(sim, 'POST', 'calls', { from: theirs, to: ours });
    expect(application.requests.map(({ path }) => path)).toEqual(['/other']);
    expect((await place(sim, { Url: voiceUrl })).status).toBe(502);
  });

  it.each([
    ['POST', 'calls', { from: theirs }, '`to` is missing'],
    ['POST', 'calls', { from: theirs, to: theirs }, 'no number of this account'],
    ['POST', 'calls/hang-up', { id: 'CA0' }, 'no call with this id'],
    ['POST', 'far-ends', { number: theirs, answer: 'sings' }, '`answer` is none of'],
    ['POST', 'far-ends', { number: theirs, ringSeconds: -1 }, '0 or more'],
    ['GET', 'calls/next?state=gone', undefined, '`state` is none of'],
    ['GET', 'calls/next?timeoutMs=x', undefined, '`timeoutMs` is from'],
  ])('refuse what they cannot use: %s %s %j', async (method, path, body, why) => {
    const { sim } = await startCalls();
    const answer = await control(sim, method, path, body);
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toContain(why);
  });
});
