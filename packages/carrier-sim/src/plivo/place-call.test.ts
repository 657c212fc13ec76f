import { verifyPlivoWebhook } from '@openclaw/webhook-verify/plivo';
import { describe, expect, it } from 'vitest';
import { magicFarEnds } from '../carrier/far-end.ts';
import {
  authToken,
  events,
  greeting,
  headersOf,
  place,
  startCalls,
  theirs,
  xml,
} from './scene.testing.ts';

describe('a call that the application places', () => {
  it('is answered with the UUID of the request, which is not that of the call', async () => {
    const { sim, url } = await startCalls();
    const { status, body } = await place(sim, { answer_url: url });
    expect(status).toBe(201);
    expect(body).toMatchObject({ message: 'call fired', api_id: expect.any(String) });
    const [call] = sim.calls;
    expect(body['request_uuid']).toBe(call?.requestUuid);
    expect(call?.id).not.toBe(call?.requestUuid);
  });

  it('has one UUID for both where that was asked for', async () => {
    const { sim, url } = await startCalls(greeting, { requestUuids: 'same' });
    const { body } = await place(sim, { answer_url: url });
    expect(body['request_uuid']).toBe(sim.calls[0]?.id);
  });

  it('rings, is answered, says what the document says, and hangs up', async () => {
    const { sim, application, url } = await startCalls();
    const ring_url = `${application.url}/ring`;
    const hangup_url = `${application.url}/end`;
    await place(sim, { answer_url: url, ring_url, hangup_url });
    expect(await sim.nextCall()).toMatchObject({
      said: ['Hello there'],
      heard: [{ kind: 'speech', voice: 'WOMAN', cut: false }],
      status: 'completed',
      end: { reason: 'completed', by: 'document' },
    });
    expect(application.requests.map(({ path }) => path)).toEqual(['/ring', '/voice', '/end']);
    expect(events(application.requests)).toEqual([
      ['Ring', 'ringing'],
      ['StartApp', 'in-progress'],
      ['Hangup', 'completed'],
    ]);
  });

  it('names the request in every webhook, and why it ended in the last', async () => {
    const { sim, application, url } = await startCalls();
    await place(sim, { answer_url: url });
    const call = await sim.nextCall();
    for (const form of application.forms()) {
      expect(Object.fromEntries(form)).toMatchObject({
        CallUUID: call.id,
        ALegUUID: call.id,
        ALegRequestUUID: call.requestUuid,
        RequestUUID: call.requestUuid,
        From: '15550100100',
        To: '15550100123',
        Direction: 'outbound',
      });
    }
    expect(Object.fromEntries(application.forms().at(-1) ?? [])).toMatchObject({
      Event: 'Hangup',
      HangupCause: 'NORMAL_CLEARING',
      HangupCauseName: 'Normal Hangup',
      HangupCauseCode: '4000',
      HangupSource: 'Answer XML',
      Duration: '1',
      BillDuration: '60',
    });
  });

  it('tells the answer URL of its end when nobody else was named', async () => {
    const { sim, application, url } = await startCalls();
    await place(sim, { answer_url: url });
    await sim.settled();
    expect(application.requests.map(({ path }) => path)).toEqual(['/voice', '/voice']);
  });

  it('is signed with V3 alone, whatever texts are signed with', async () => {
    const { sim, application, url } = await startCalls(greeting, { signatures: 'v2' });
    await place(sim, { answer_url: url });
    await sim.settled();
    for (const request of application.requests) {
      const { method, body } = request;
      const at = { url, method, headers: headersOf(request), body };
      expect(verifyPlivoWebhook(at, { authToken }).signatureVersion).toBe('v3');
      expect(request.headers['x-plivo-signature-v2']).toBeUndefined();
    }
  });

  it.each([
    [magicFarEnds.busy, 'busy', 'busy', 'Busy Line'],
    [magicFarEnds.noAnswer, 'timeout', 'no-answer', 'No Answer'],
    [magicFarEnds.rejects, 'busy', 'rejected', 'Rejected'],
    [magicFarEnds.unreachable, 'failed', 'failed', 'Destination Out Of Service'],
  ])('to %s ends as %s, and nobody is asked what to say', async (to, status, reason, name) => {
    const { sim, application, url } = await startCalls();
    await place(sim, { to, answer_url: url });
    expect(await sim.nextCall()).toMatchObject({ status, end: { reason }, heard: [] });
    expect(events(application.requests)).toEqual([['Hangup', status]]);
    expect(application.forms()[0]?.get('HangupCauseName')).toBe(name);
  });

  it('is cut at its time limit', async () => {
    const { sim, url } = await startCalls(xml('<Wait length="600"/>'));
    await place(sim, { answer_url: url, time_limit: 10 });
    expect(await sim.nextCall()).toMatchObject({
      timeLimitSeconds: 10,
      durationSeconds: 10,
      status: 'completed',
      end: { reason: 'completed', by: 'time-limit' },
      heard: [{ kind: 'silence', cut: true }],
    });
  });

  it('tells of a machine, or hangs up on it', async () => {
    const { sim, application, url } = await startCalls();
    const to = magicFarEnds.machine;
    await place(sim, { to, answer_url: url, machine_detection: 'true' });
    await sim.settled();
    expect(application.forms()[0]?.get('Machine')).toBe('true');
    await place(sim, { to, answer_url: url, machine_detection: 'hangup' });
    await sim.settled();
    expect(sim.calls.map(({ said }) => said)).toEqual([['Hello there'], []]);
  });

  it('asks the fallback URL once the other has failed', async () => {
    const { sim, application, url } = await startCalls(({ path }) =>
      path === '/voice' ? { status: 500 } : greeting,
    );
    await place(sim, { answer_url: url, fallback_url: `${application.url}/fallback` });
    expect(await sim.nextCall()).toMatchObject({ said: ['Hello there'], problems: [7_011] });
  });

  it('ends with 8011 at the first element that is none, and says nothing of it', async () => {
    const { sim, application, url } = await startCalls(xml('<Speak>Hi</Speak><Say>Hi</Say>'));
    await place(sim, { answer_url: url });
    expect(await sim.nextCall()).toMatchObject({
      heard: [],
      problems: [8_011],
      end: { by: 'error' },
    });
    expect(application.forms().at(-1)?.get('HangupCauseCode')).toBe('8011');
  });

  it('calls every number of a list', async () => {
    const { sim, url } = await startCalls();
    const { body } = await place(sim, { to: '15550100123<15550100124', answer_url: url });
    await sim.settled();
    expect(sim.calls.map(({ to }) => to)).toEqual([theirs, '+15550100124']);
    expect(body['request_uuid']).toEqual(sim.calls.map(({ requestUuid }) => requestUuid));
  });
});
