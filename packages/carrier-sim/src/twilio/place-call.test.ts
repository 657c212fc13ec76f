import { verifyTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { describe, expect, it } from 'vitest';
import { magicFarEnds } from '../carrier/far-end.ts';
import {
  accountSid,
  authToken,
  formOf,
  greeting,
  ours,
  place,
  startCalls,
  statuses,
  theirs,
} from './scene.testing.ts';

describe('a call that the application places', () => {
  it('is answered with the resource of a queued call', async () => {
    const { sim, url } = await startCalls();
    const { status, body } = await place(sim, { Url: url });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      account_sid: accountSid,
      direction: 'outbound-api',
      duration: null,
      from: ours,
      to: theirs,
      status: 'queued',
    });
    expect(body['sid']).toMatch(/^CA[0-9a-f]{32}$/u);
  });

  it('rings, is answered, says what the document says, and hangs up', async () => {
    const { sim, application, url } = await startCalls();
    await place(sim, { Url: url, StatusCallback: `${application.url}/status` });
    const call = await sim.nextCall();
    expect(call.said).toEqual(['Hello there']);
    expect(call.heard).toEqual([
      { kind: 'speech', text: 'Hello there', voice: 'Polly.Joanna', cut: false },
    ]);
    expect(call).toMatchObject({
      state: 'ended',
      status: 'completed',
      end: { reason: 'completed', by: 'document' },
      durationSeconds: 1,
    });
    expect(statuses(application.requests)).toEqual([
      'initiated',
      'ringing',
      'in-progress',
      'completed',
    ]);
  });

  it('signs every webhook, and numbers the reports', async () => {
    const { sim, application, url } = await startCalls();
    await place(sim, { Url: url, StatusCallback: `${application.url}/status` });
    await sim.settled();
    for (const request of application.requests) {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const asked = `${application.url}${request.target}`;
      const { method, body } = request;
      expect(() =>
        verifyTwilioWebhook({ url: asked, method, headers, body }, { authToken }),
      ).not.toThrow();
    }
    const forms = application.requests.map(formOf);
    expect(forms.flatMap((form) => form.getAll('SequenceNumber'))).toEqual(['0', '1', '2', '3']);
    expect(forms.at(-1)?.get('CallDuration')).toBe('1');
  });

  it('reports its end only, when nothing else was asked for', async () => {
    const { sim, application, url } = await startCalls();
    await place(sim, { Url: url, StatusCallback: `${application.url}/status` }, false);
    await sim.settled();
    expect(statuses(application.requests)).toEqual(['completed']);
  });

  it('reports nothing when it asks for an event that is none, and the debugger says why', async () => {
    const { sim, application, url } = await startCalls();
    const fields = {
      Url: url,
      StatusCallback: `${application.url}/status`,
      StatusCallbackEvent: 'ringing answered',
    };
    expect((await place(sim, fields, false)).status).toBe(201);
    await sim.settled();
    expect(statuses(application.requests)).toEqual([]);
    expect(sim.alerts.map(({ code }) => code)).toEqual([21_626]);
  });

  it('takes a document in the request', async () => {
    const { sim } = await startCalls();
    await place(sim, { Twiml: '<Response><Say>Inline</Say></Response>' });
    const call = await sim.nextCall();
    expect(call.said).toEqual(['Inline']);
    expect(call.end).toEqual({ reason: 'completed', by: 'end-of-document' });
  });

  it.each([
    [magicFarEnds.busy, 'busy', 'busy'],
    [magicFarEnds.noAnswer, 'no-answer', 'no-answer'],
    [magicFarEnds.rejects, 'busy', 'rejected'],
    [magicFarEnds.unreachable, 'failed', 'failed'],
  ])('to %s ends as %s, and nobody is asked what to say', async (To, status, reason) => {
    const { sim, application, url } = await startCalls();
    await place(sim, { To, Url: url, StatusCallback: `${application.url}/status` });
    const call = await sim.nextCall();
    expect(call).toMatchObject({ status, end: { reason }, heard: [], answeredAt: undefined });
    expect(statuses(application.requests)).toEqual(['initiated', 'ringing', status]);
  });

  it('is cut at its time limit, in the middle of a word', async () => {
    const text = 'word '.repeat(100);
    const { sim } = await startCalls();
    const Twiml = `<Response><Pause length="9"/><Say>${text}</Say></Response>`;
    await place(sim, { Twiml, TimeLimit: '10' });
    const call = await sim.nextCall();
    expect(call).toMatchObject({
      timeLimitSeconds: 10,
      durationSeconds: 10,
      status: 'completed',
      end: { reason: 'completed', by: 'time-limit' },
    });
    expect(call.heard.map(({ kind, cut }) => [kind, cut])).toEqual([
      ['silence', false],
      ['speech', true],
    ]);
  });

  it('ends when the far end hangs up', async () => {
    const { sim } = await startCalls();
    sim.setFarEnd(theirs, { hangsUpAfterSeconds: 3 });
    await place(sim, { Twiml: '<Response><Pause length="60"/></Response>' });
    expect(await sim.nextCall()).toMatchObject({
      durationSeconds: 3,
      end: { reason: 'completed', by: 'far-end' },
    });
  });

  it('tells who answered, when it was told to listen', async () => {
    const { sim, application, url } = await startCalls();
    await place(sim, { To: magicFarEnds.machine, Url: url, MachineDetection: 'Enable' });
    expect(await sim.nextCall()).toMatchObject({ answeredBy: 'machine_start' });
    expect(application.forms()[0]?.get('AnsweredBy')).toBe('machine_start');
  });

  it('asks the fallback URL once the other has failed', async () => {
    const { sim, application, url } = await startCalls(({ path }) =>
      path === '/voice' ? { status: 500 } : greeting,
    );
    await place(sim, { Url: url, FallbackUrl: `${application.url}/fallback` });
    const call = await sim.nextCall();
    expect(call.said).toEqual(['Hello there']);
    expect(call.problems).toEqual([11_200]);
    expect(application.forms()[1]?.get('ErrorUrl')).toBe(url);
  });

  it('ends when the application has nothing to say that can be understood', async () => {
    const { sim, url } = await startCalls({
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    await place(sim, { Url: url });
    expect(await sim.nextCall()).toMatchObject({
      status: 'completed',
      end: { by: 'error' },
      problems: [12_300],
      heard: [],
    });
    expect(sim.alerts).toMatchObject([{ code: 12_300, sid: sim.calls[0]?.sid }]);
  });
});
