import { describe, expect, it } from 'vitest';
import { eventsIn, greeting, ours, startCalls, startScene, theirs } from './scene.testing.ts';

const voice = 'AWS.Polly.Joanna';

describe('somebody who calls', () => {
  it('is parked, answered, greeted and hung up on', async () => {
    const { sim, application } = await startCalls();
    const call = await sim.callIn({ from: theirs, to: ours });
    expect(call).toMatchObject({ said: ['Hello there'], end: { reason: 'completed', by: 'api' } });
    expect(call.statusHistory.map(({ status }) => status)).toEqual([
      'parked',
      'answered',
      'hangup',
    ]);
    const events = eventsIn(application.requests);
    expect(events[0]).toMatchObject({
      type: 'call.initiated',
      payload: {
        call_control_id: call.id,
        connection_id: call.connectionId,
        direction: 'incoming',
        state: 'parked',
        from: theirs,
        to: ours,
      },
    });
    expect(events.at(-1)).toMatchObject({
      type: 'call.hangup',
      payload: { hangup_source: 'callee' },
    });
  });

  it.each([
    ['CALL_REJECTED', 'call_rejected', 'rejected'],
    ['USER_BUSY', 'user_busy', 'busy'],
  ])('is declined with %s', async (cause, hangup_cause, reason) => {
    const { sim, application } = await startCalls({ 'call.initiated': [['reject', { cause }]] });
    expect(await sim.callIn({ from: theirs, to: ours })).toMatchObject({
      end: { reason, by: 'api' },
      answeredAt: undefined,
      heard: [],
    });
    expect(eventsIn(application.requests).at(-1)?.payload).toMatchObject({ hangup_cause });
  });

  it('gives up when nobody does anything', async () => {
    const { sim, application } = await startCalls({});
    const call = await sim.callIn({ from: theirs, to: ours, givesUpAfterSeconds: 5 });
    expect(call.end).toEqual({ reason: 'canceled', by: 'far-end' });
    expect(eventsIn(application.requests).at(-1)?.payload).toMatchObject({
      hangup_cause: 'originator_cancel',
      hangup_source: 'caller',
    });
  });

  it('hangs up in the middle of the greeting', async () => {
    const { sim, application } = await startCalls({
      ...greeting,
      'call.answered': [['speak', { payload: 'word '.repeat(100), voice }]],
    });
    const farEnd = { hangsUpAfterSeconds: 2 };
    expect(await sim.callIn({ from: theirs, to: ours, farEnd })).toMatchObject({
      durationSeconds: 2,
      heard: [{ cut: true }],
      end: { reason: 'completed', by: 'far-end' },
    });
    expect(eventsIn(application.requests).slice(-2)).toMatchObject([
      { type: 'call.speak.ended', payload: { status: 'call_hangup' } },
      { type: 'call.hangup' },
    ]);
  });

  it('keys what the application asks for, or nothing', async () => {
    const { sim, application } = await startCalls({
      'call.initiated': [['answer']],
      'call.answered': [
        ['gather_using_speak', { payload: 'Code?', voice, maximum_digits: 2 }],
        ['gather', { timeout_millis: 5_000 }],
        ['gather_using_audio', { audio_url: 'https://example.com/a.mp3', timeout_millis: 5_000 }],
        ['playback_start', { media_name: 'bye' }],
      ],
      'call.playback.ended': [['hangup']],
    });
    const inputs = [{ digits: '123' }, { digits: '4' }];
    const call = await sim.callIn({ from: theirs, to: ours, farEnd: { inputs } });
    expect(call.said).toEqual(['Code?']);
    const gathered = eventsIn(application.requests).filter(
      ({ type }) => type === 'call.gather.ended',
    );
    expect(gathered.map(({ payload }) => [payload['digits'], payload['status']])).toEqual([
      ['12', 'valid'],
      ['4', 'valid'],
      ['', 'timeout'],
    ]);
  });

  it('meets a number without an application', async () => {
    const { sim } = await startScene();
    expect(await sim.callIn({ from: theirs, to: ours })).toMatchObject({
      end: { reason: 'failed', by: 'error' },
      webhooks: [],
    });
    await expect(sim.callIn({ from: theirs, to: theirs })).rejects.toThrow(RangeError);
  });

  it('may have events that come twice, or never', async () => {
    const { sim, application } = await startCalls();
    sim.faults.add({ on: 'call-webhook', kind: 'duplicate', match: { status: 'call.answered' } });
    sim.faults.add({ on: 'call-webhook', kind: 'lost', match: { status: 'call.hangup' } });
    await sim.callIn({ from: theirs, to: ours });
    expect(eventsIn(application.requests).map(({ type }) => type)).toEqual([
      'call.initiated',
      'call.answered',
      'call.answered',
      'call.speak.started',
      'call.speak.ended',
    ]);
  });

  it('is forgotten by a reset, with all commands', async () => {
    const { sim } = await startCalls();
    await sim.callIn({ from: theirs, to: ours });
    await sim.reset();
    expect(sim.calls).toEqual([]);
  });
});
