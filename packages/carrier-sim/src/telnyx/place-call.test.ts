import { verifyTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
import { describe, expect, it } from 'vitest';
import { magicFarEnds } from '../carrier/far-end.ts';
import { eventsIn, greeting, ours, place, startCalls, theirs } from './scene.testing.ts';

const voice = 'AWS.Polly.Joanna';

describe('a call that the application places', () => {
  it('is answered with what commands need', async () => {
    const { sim } = await startCalls();
    const { status, body } = await place(sim);
    expect(status).toBe(200);
    const [call] = sim.calls;
    expect(body).toMatchObject({
      data: {
        record_type: 'call',
        call_control_id: call?.id,
        call_leg_id: call?.callLegId,
        call_session_id: call?.callSessionId,
        is_alive: true,
      },
    });
  });

  it('rings, is answered, says what it is told to say, and is hung up', async () => {
    const { sim, application } = await startCalls();
    await place(sim);
    expect(await sim.nextCall()).toMatchObject({
      said: ['Hello there'],
      heard: [{ kind: 'speech', text: 'Hello there', voice, cut: false }],
      status: 'hangup',
      end: { reason: 'completed', by: 'api' },
    });
    expect(eventsIn(application.requests).map(({ type }) => type)).toEqual([
      'call.initiated',
      'call.answered',
      'call.speak.started',
      'call.speak.ended',
      'call.hangup',
    ]);
    const [initiated] = eventsIn(application.requests);
    expect(initiated?.payload).toMatchObject({
      direction: 'outgoing',
      state: 'bridging',
      from: ours,
      to: theirs,
    });
    expect(eventsIn(application.requests).at(-1)?.payload).toMatchObject({
      hangup_cause: 'normal_clearing',
      hangup_source: 'caller',
      sip_hangup_cause: '200',
    });
  });

  it('signs every event', async () => {
    const { sim, application } = await startCalls();
    await place(sim);
    await sim.settled();
    expect(application.requests).toHaveLength(5);
    for (const { method, headers, body } of application.requests) {
      const received = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, String(value)]),
      );
      const request = { method, url: 'http://localhost', headers: received, body };
      expect(() => verifyTelnyxWebhook(request, { publicKey: sim.publicKey })).not.toThrow();
    }
  });

  it('tells the URL of the request, when there is one, and repeats the state', async () => {
    const { sim, application } = await startCalls();
    const client_state = Buffer.from('mine').toString('base64');
    await place(sim, { webhook_url: `${application.url}/own`, client_state });
    await sim.settled();
    expect(new Set(application.requests.map(({ path }) => path))).toEqual(new Set(['/own']));
    expect(eventsIn(application.requests)[0]?.payload).toMatchObject({ client_state });
  });

  it('takes the state of the latest command', async () => {
    const client_state = Buffer.from('newer').toString('base64');
    const { sim, application } = await startCalls({
      'call.answered': [['speak', { payload: 'Hi', voice, client_state }], ['hangup']],
    });
    await place(sim);
    await sim.settled();
    const states = eventsIn(application.requests).map(({ payload }) => payload['client_state']);
    expect(states).toEqual([undefined, undefined, client_state]);
  });

  it.each([
    [magicFarEnds.busy, 'user_busy', 'busy'],
    [magicFarEnds.noAnswer, 'timeout', 'no-answer'],
    [magicFarEnds.rejects, 'call_rejected', 'rejected'],
    [magicFarEnds.unreachable, 'not_found', 'failed'],
  ])('to %s ends with %s', async (to, hangup_cause, reason) => {
    const { sim, application } = await startCalls();
    await place(sim, { to });
    expect(await sim.nextCall()).toMatchObject({ end: { reason }, heard: [] });
    expect(eventsIn(application.requests)).toMatchObject([
      { type: 'call.initiated' },
      { type: 'call.hangup', payload: { hangup_cause } },
    ]);
  });

  it('is cut at its time limit, in the middle of a word', async () => {
    const payload = 'word '.repeat(200);
    const { sim, application } = await startCalls({
      'call.answered': [['speak', { payload, voice }]],
    });
    await place(sim, { time_limit_secs: 30 });
    expect(await sim.nextCall()).toMatchObject({
      timeLimitSeconds: 30,
      durationSeconds: 30,
      heard: [{ kind: 'speech', cut: true }],
      end: { by: 'time-limit' },
    });
    expect(eventsIn(application.requests).slice(-2)).toMatchObject([
      { type: 'call.speak.ended', payload: { status: 'call_hangup' } },
      { type: 'call.hangup', payload: { hangup_cause: 'time_limit', hangup_source: 'unknown' } },
    ]);
  });

  it('goes on to its time limit when nobody gives it a command', async () => {
    const { sim } = await startCalls({});
    await place(sim, { time_limit_secs: 60 });
    expect(await sim.nextCall()).toMatchObject({ durationSeconds: 60, end: { by: 'time-limit' } });
  });

  it('tells who answered, when it was told to listen', async () => {
    const { sim, application } = await startCalls();
    const fields = { to: magicFarEnds.machine, answering_machine_detection: 'detect' };
    await place(sim, fields);
    await sim.settled();
    expect(eventsIn(application.requests)[2]).toMatchObject({
      type: 'call.machine.detection.ended',
      payload: { result: 'machine' },
    });
  });

  it('is placed once for one command id', async () => {
    const { sim } = await startCalls();
    const first = await place(sim, { command_id: 'once' });
    const second = await place(sim, { command_id: 'once' });
    await sim.settled();
    expect(sim.calls).toHaveLength(1);
    expect(second.body['data']).toMatchObject({
      call_control_id: sim.calls[0]?.id,
    });
    expect(first.status).toBe(200);
  });

  it('tells of a failed webhook again, and of a refused one not', async () => {
    const { sim, application } = await startCalls(greeting, {
      timing: { retryAcceleration: 100_000 },
    });
    application.answer = () => Promise.resolve({ status: 503 });
    await place(sim, { time_limit_secs: 30 });
    const [initiated] = (await sim.nextCall()).webhooks;
    expect(initiated?.attempts).toHaveLength(3);
    application.answer = () => Promise.resolve({ status: 401 });
    await place(sim, { time_limit_secs: 30 });
    expect((await sim.nextCall()).webhooks[0]?.attempts).toHaveLength(1);
  });
});
