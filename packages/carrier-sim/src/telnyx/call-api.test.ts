import { describe, expect, it } from 'vitest';
import { callApi, command, eventsIn, place, startCalls, theirs } from './scene.testing.ts';

const voice = 'AWS.Polly.Joanna';

describe('a request to call', () => {
  it.each([
    ['10004', '/connection_id', { connection_id: undefined }],
    ['10004', '/to', { to: undefined }],
    ['10004', '/from', { from: undefined }],
    ['10015', '/connection_id', { connection_id: '1' }],
    ['10016', '/to', { to: '15550100123' }],
    ['10016', '/to', { to: '+15005550001' }],
    ['10016', '/from', { from: 'Shop' }],
    ['10010', '/from', { from: '+15550100999' }],
    ['10003', '/webhook_url', { webhook_url: 'hooks' }],
    ['10033', '/timeout_secs', { timeout_secs: 1 }],
    ['10033', '/time_limit_secs', { time_limit_secs: 10 }],
    ['10033', '/time_limit_secs', { time_limit_secs: '300' }],
    ['10015', '/client_state', { client_state: 'no base64!' }],
    ['10099', '/record', { record: 'record-from-answer' }],
  ])('is refused with %s at %s', async (code, pointer, fields) => {
    const { sim } = await startCalls();
    const { body } = await place(sim, fields);
    expect(body).toMatchObject({ errors: [{ code, source: { pointer } }] });
    expect(sim.calls).toEqual([]);
  });

  it('needs the right key, and an application with a webhook', async () => {
    const { sim, connectionId: connection_id } = await startCalls();
    const call = { connection_id, to: theirs, from: sim.numbers[0]?.number };
    expect((await callApi(sim, 'POST', '/calls', call, 'wrong')).status).toBe(401);
    sim.setNumber(String(call.from), { voiceUrl: '' });
    expect((await callApi(sim, 'POST', '/calls', call)).status).toBe(422);
  });

  it('may be carried out and never answered', async () => {
    const { sim } = await startCalls();
    sim.faults.add({ on: 'call', kind: 'drop-after-accept', match: { to: theirs } });
    await expect(place(sim)).rejects.toThrow();
    expect((await sim.nextCall()).said).toEqual(['Hello there']);
  });

  it('may fail, and then nobody is called', async () => {
    const { sim } = await startCalls();
    sim.faults.add({ on: 'call', kind: 'status-500' });
    expect((await place(sim)).status).toBe(500);
    expect(sim.calls).toEqual([]);
  });
});

describe('a command', () => {
  const slow = { timing: { callAcceleration: 1 } };

  async function startAnswered() {
    const scene = await startCalls({}, slow);
    scene.sim.setFarEnd(theirs, { ringSeconds: 0 });
    await place(scene.sim);
    const { id } = await scene.sim.nextCall({ state: 'answered' });
    return { ...scene, id };
  }

  it('hangs up, and the call is shown as over', async () => {
    const { sim, id } = await startAnswered();
    const at = `/calls/${encodeURIComponent(id)}`;
    expect((await callApi(sim, 'GET', at)).body).toMatchObject({ data: { is_alive: true } });
    expect((await command(sim, id, 'hangup')).body).toEqual({ data: { result: 'ok' } });
    expect(await sim.nextCall()).toMatchObject({ end: { reason: 'completed', by: 'api' } });
    expect((await callApi(sim, 'GET', at)).body).toMatchObject({ data: { is_alive: false } });
    const late = await command(sim, id, 'hangup');
    expect(late.status).toBe(422);
    expect(late.body).toMatchObject({ errors: [{ code: '90018' }] });
  });

  it('is done once, however often it is given', async () => {
    const { sim, id } = await startAnswered();
    const body = { payload: 'Hi', voice, command_id: 'c1' };
    for (let count = 0; count < 3; count += 1) {
      // The same one again, as after a webhook that came twice.
      expect((await command(sim, id, 'speak', body)).status).toBe(200);
    }
    await command(sim, id, 'hangup', { command_id: 'c2' });
    expect((await sim.nextCall()).said).toEqual(['Hi']);
    expect((await command(sim, id, 'hangup', { command_id: 'c2' })).status).toBe(200);
  });

  it.each([
    ['10004', 'speak', { voice }],
    ['10004', 'speak', { payload: 'Hi' }],
    ['10015', 'speak', { payload: 'x'.repeat(3_001), voice }],
    ['10004', 'playback_start', {}],
    ['10003', 'playback_start', { audio_url: 'a.mp3' }],
    ['10015', 'send_dtmf', { digits: 'xyz' }],
    ['10016', 'transfer', { to: '5551234' }],
    ['90018', 'reject', { cause: 'CALL_REJECTED' }],
    ['10032', 'reject', { cause: 'TIRED' }],
    ['10015', 'answer', {}],
    ['10099', 'streaming_start', { stream_url: 'wss://s.example.com' }],
    ['10005', 'sing', {}],
  ])('is refused with %s: %s %o', async (code, action, body) => {
    const { sim, id } = await startAnswered();
    const answer = await command(sim, id, action, body);
    expect(answer.body).toMatchObject({ errors: [{ code }] });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  it('needs a call that exists, and was answered', async () => {
    const { sim } = await startCalls({}, slow);
    expect((await command(sim, 'v3:none', 'hangup')).body).toMatchObject({
      errors: [{ code: '90015' }],
    });
    expect((await callApi(sim, 'GET', '/calls/v3:none')).status).toBe(404);
    sim.setFarEnd(theirs, { answer: 'no-answer' });
    await place(sim);
    const { id } = await sim.nextCall({ state: 'ringing' });
    const early = await command(sim, id, 'speak', { payload: 'Hi', voice });
    expect(early.body).toMatchObject({ errors: [{ code: '90034' }] });
    await command(sim, id, 'hangup');
    expect(await sim.nextCall()).toMatchObject({ end: { reason: 'canceled', by: 'api' } });
  });

  it('plays, sends tones, puts through: as far as it can be heard', async () => {
    const { sim, id, application } = await startAnswered();
    sim.setFarEnd(theirs, { ringSeconds: 0 });
    await command(sim, id, 'send_dtmf', { digits: '1' });
    await command(sim, id, 'transfer', { to: '+15550100124' });
    await command(sim, id, 'playback_start', { audio_url: 'https://example.com/a.mp3' });
    await sim.hangUp(id);
    await sim.settled();
    expect(sim.calls[0]?.heard[0]).toMatchObject({ kind: 'tones', digits: '1' });
    expect(eventsIn(application.requests).at(-1)?.payload).toMatchObject({
      hangup_source: 'callee',
    });
  });
});

describe('a Call Control application', () => {
  it('is read, changed, made, and numbers are put on it', async () => {
    const { sim, connectionId } = await startCalls();
    const path = '/call_control_applications';
    const settings = { application_name: 'mine', webhook_event_url: 'https://h.example.com/v' };
    const made = await callApi(sim, 'POST', path, settings);
    expect(made.body).toMatchObject({ data: { ...settings, webhook_api_version: '2' } });
    const changed = await callApi(sim, 'PATCH', `${path}/${connectionId}`, settings);
    expect(changed.body).toMatchObject({ data: { id: connectionId, ...settings } });
    expect(sim.callControlApplication(connectionId)?.webhookUrl).toBe('https://h.example.com/v');
    const number = `/phone_numbers/${sim.numbers[0]?.id}`;
    await callApi(sim, 'PATCH', number, { connection_id: '' });
    expect(sim.numbers[0]?.connectionId).toBeUndefined();
    await callApi(sim, 'PATCH', number, { connection_id: connectionId });
    expect((await callApi(sim, 'GET', number)).body).toMatchObject({
      data: { connection_id: connectionId, connection_name: 'mine' },
    });
    expect((await callApi(sim, 'PATCH', number, { connection_id: '1' })).status).toBe(422);
    expect((await callApi(sim, 'PATCH', `${path}/${connectionId}`, {})).status).toBe(422);
    expect((await callApi(sim, 'GET', path)).body).toMatchObject({ meta: { total_results: 2 } });
  });
});
