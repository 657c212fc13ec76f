import { describe, expect, it } from 'vitest';
import { accountSid, callApi, greeting, ours, place, startCalls, theirs } from './scene.testing.ts';

describe('a request to call', () => {
  const refused = [
    [21_201, { To: 'absent' }],
    [21_213, { From: 'absent' }],
    [21_211, { To: '5551234' }],
    [21_211, { To: `${theirs}<+15550100124` }],
    [21_212, { From: 'Shop' }],
    [21_210, { From: '+15550100999' }],
    [21_205, { Url: 'absent' }],
    [21_205, { Url: 'not a url' }],
    [21_209, { Method: 'PUT' }],
    [21_208, { Timeout: '0' }],
    [20_001, { TimeLimit: '5 minutes' }],
    [20_001, { TimeLimit: '0' }],
    [21_609, { StatusCallback: 'hooks' }],
    [21_217, { To: '+15005550001' }],
    [21_214, { To: '+15005550002' }],
    [21_215, { To: '+15005550003' }],
    [20_501, { Record: 'true' }],
    [20_001, { Twiml: `<Response>${'x'.repeat(4_000)}</Response>` }],
  ] as const;
  it.each(refused)('is refused with %i for %o', async (code, fields) => {
    const { sim, url } = await startCalls();
    const { body } = await place(sim, { Url: url, ...fields });
    expect(body['code']).toBe(code);
    expect(sim.calls).toEqual([]);
  });

  it('needs the right token', async () => {
    const { sim, url } = await startCalls();
    const form = { To: theirs, From: ours, Url: url };
    const { status } = await callApi(sim, 'POST', '/Calls.json', form, `${accountSid}:wrong`);
    expect(status).toBe(401);
  });

  it('may be carried out and never answered', async () => {
    const { sim, url } = await startCalls();
    sim.faults.add({ on: 'call', kind: 'drop-after-accept', match: { to: theirs } });
    await expect(place(sim, { Url: url })).rejects.toThrow();
    expect((await sim.nextCall()).said).toEqual(['Hello there']);
    await place(sim, { Url: url });
    await sim.settled();
    expect(sim.calls).toHaveLength(2);
  });

  it.each([
    ['status-500', 500],
    ['status-429', 429],
    ['html', 502],
  ] as const)('may fail with %s, and then nobody is called', async (kind, wanted) => {
    const { sim, url } = await startCalls();
    sim.faults.add({ on: 'call', kind });
    expect((await place(sim, { Url: url })).status).toBe(wanted);
    expect(sim.calls).toEqual([]);
  });
});

describe('a call under way', () => {
  const slow = { timing: { callAcceleration: 1 } };
  const waiting = '<Response><Pause length="600"/></Response>';

  it('is shown, and listed', async () => {
    const { sim } = await startCalls();
    const { body } = await place(sim, { Twiml: '<Response><Say>Hi</Say></Response>' });
    await sim.settled();
    const one = await callApi(sim, 'GET', `/Calls/${String(body['sid'])}.json`);
    expect(one.body).toMatchObject({ status: 'completed', duration: '1' });
    const all = await callApi(sim, 'GET', `/Calls.json?Status=completed`);
    expect(all.body).toMatchObject({ calls: [one.body] });
    expect((await callApi(sim, 'GET', '/Calls/CA0.json')).status).toBe(404);
  });

  it('is hung up through the API, once', async () => {
    const { sim } = await startCalls(greeting, slow);
    sim.setFarEnd(theirs, { ringSeconds: 0 });
    await place(sim, { Twiml: waiting });
    const { sid } = await sim.nextCall({ state: 'answered' });
    const ended = await callApi(sim, 'POST', `/Calls/${sid}.json`, { Status: 'completed' });
    expect(ended.body).toMatchObject({ status: 'completed' });
    expect(await sim.nextCall()).toMatchObject({ sid, end: { reason: 'completed', by: 'api' } });
    const again = await callApi(sim, 'POST', `/Calls/${sid}.json`, { Status: 'completed' });
    expect(again.body).toMatchObject({ code: 21_220, status: 400 });
  });

  it('is canceled while it rings', async () => {
    const { sim } = await startCalls(greeting, slow);
    sim.setFarEnd(theirs, { answer: 'no-answer' });
    await place(sim, { Twiml: waiting });
    const { sid } = await sim.nextCall({ state: 'ringing' });
    await callApi(sim, 'POST', `/Calls/${sid}.json`, { Status: 'canceled' });
    expect(await sim.nextCall()).toMatchObject({ status: 'canceled', heard: [] });
  });

  it('is hung up from the far end', async () => {
    const { sim } = await startCalls(greeting, slow);
    sim.setFarEnd(theirs, { ringSeconds: 0 });
    await place(sim, { Twiml: waiting });
    const { id } = await sim.nextCall({ state: 'answered' });
    const call = await sim.hangUp(id);
    expect(call).toMatchObject({ status: 'completed', end: { by: 'far-end' } });
    await expect(sim.hangUp('CA0')).rejects.toThrow(RangeError);
  });

  it('goes on with another document', async () => {
    const { sim } = await startCalls(greeting, slow);
    sim.setFarEnd(theirs, { ringSeconds: 0 });
    await place(sim, { Twiml: waiting });
    const { sid } = await sim.nextCall({ state: 'answered' });
    const Twiml = '<Response><Hangup/></Response>';
    const change = await callApi(sim, 'POST', `/Calls/${sid}.json`, { Twiml });
    expect(change.body).toMatchObject({ status: 'in-progress' });
    expect(await sim.nextCall()).toMatchObject({ end: { by: 'document' } });
  });

  it('is aborted when the simulator is closed', async () => {
    const { sim } = await startCalls(greeting, slow);
    await place(sim, { Twiml: waiting });
    await sim.close();
    expect(sim.calls[0]?.end).toBeUndefined();
  });
});
