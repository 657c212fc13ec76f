import { describe, expect, it } from 'vitest';
import { callApi, greeting, place, startCalls, subaccount, theirs, xml } from './scene.testing.ts';

describe('a request to call', () => {
  it.each([
    ['from parameter is missing', { from: undefined }],
    ['to parameter is missing', { to: undefined }],
    ['answer_url parameter is missing', { answer_url: undefined }],
    ['answer_url parameter is not valid', { answer_url: 'hooks' }],
    ['answer_method parameter is not valid', { answer_method: 'PUT' }],
    ['to parameter is not valid', { to: 'Ada' }],
    ['to parameter is not valid', { to: '15550100123<Ada' }],
    ['from parameter is not a number of this account', { from: '15550100999' }],
    ['time_limit parameter is not valid', { time_limit: '5 minutes' }],
    ['time_limit parameter is not valid', { time_limit: 0 }],
    ['ring_timeout parameter is not valid', { ring_timeout: -1 }],
    ['machine_detection parameter is not valid', { machine_detection: 'maybe' }],
  ])('is refused with 400: %s', async (error, fields) => {
    const { sim, url } = await startCalls();
    const { status, body } = await place(sim, { answer_url: url, ...fields });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error, api_id: expect.any(String) });
    expect(sim.calls).toEqual([]);
  });

  it('needs the right token, and a slash at the end', async () => {
    const { sim, url } = await startCalls();
    const call = { from: '15550100100', to: '15550100123', answer_url: url };
    expect((await callApi(sim, 'POST', '/Call/', call, subaccount)).status).toBe(401);
    expect((await callApi(sim, 'POST', '/Call', call)).status).toBe(404);
  });

  it('may be carried out and never answered', async () => {
    const { sim, url } = await startCalls();
    sim.faults.add({ on: 'call', kind: 'drop-after-accept', match: { to: theirs } });
    await expect(place(sim, { answer_url: url })).rejects.toThrow();
    expect((await sim.nextCall()).said).toEqual(['Hello there']);
  });

  it('may fail with 503, and then nobody is called', async () => {
    const { sim, url } = await startCalls();
    sim.faults.add({ on: 'call', kind: 'error', code: 503 });
    expect((await place(sim, { answer_url: url })).status).toBe(503);
    expect(sim.calls).toEqual([]);
  });
});

describe('a call under way', () => {
  const slow = { timing: { callAcceleration: 1 } };
  const waiting = xml('<Wait length="600"/>');

  it('is shown as live, and afterwards with why it ended', async () => {
    const { sim, url } = await startCalls(waiting, slow);
    sim.setFarEnd(theirs, { ringSeconds: 0 });
    await place(sim, { answer_url: url });
    const { id, requestUuid } = await sim.nextCall({ state: 'answered' });
    expect((await callApi(sim, 'GET', `/Call/${id}/?status=live`)).body).toMatchObject({
      call_uuid: id,
      request_uuid: requestUuid,
      call_status: 'in-progress',
      direction: 'outbound',
    });
    expect((await callApi(sim, 'GET', '/Call/?status=live')).body).toMatchObject({ calls: [id] });
    expect((await callApi(sim, 'GET', `/Call/${id}/`)).status).toBe(404);
    expect((await callApi(sim, 'DELETE', `/Call/${id}/`)).status).toBe(204);
    await sim.nextCall();
    expect((await callApi(sim, 'GET', `/Call/${id}/`)).body).toMatchObject({
      hangup_cause_code: 4000,
      hangup_source: 'API Request',
    });
    expect((await callApi(sim, 'GET', '/Call/')).body).toMatchObject({ meta: { total_count: 1 } });
    expect((await callApi(sim, 'GET', `/Call/${id}/?status=live`)).status).toBe(404);
    expect((await callApi(sim, 'DELETE', `/Call/${id}/`)).status).toBe(404);
  });

  it('is taken back by its request until it is answered', async () => {
    const { sim, url } = await startCalls(waiting, slow);
    sim.setFarEnd(theirs, { answer: 'no-answer' });
    await place(sim, { answer_url: url });
    const { requestUuid } = await sim.nextCall({ state: 'ringing' });
    expect((await callApi(sim, 'DELETE', `/Request/${requestUuid}/`)).status).toBe(204);
    expect(await sim.nextCall()).toMatchObject({ status: 'cancel', end: { by: 'api' } });
    sim.setFarEnd(theirs, { ringSeconds: 0 });
    await place(sim, { answer_url: url });
    const answered = await sim.nextCall({ state: 'answered' });
    expect((await callApi(sim, 'DELETE', `/Request/${answered.requestUuid}/`)).status).toBe(404);
  });

  it('is hung up from the far end', async () => {
    const { sim, application, url } = await startCalls(greeting, slow);
    sim.setFarEnd(theirs, { answer: 'no-answer' });
    await place(sim, { answer_url: url });
    const { id } = await sim.nextCall({ state: 'ringing' });
    expect(await sim.hangUp(id)).toMatchObject({ status: 'busy', end: { by: 'far-end' } });
    expect(application.forms().at(-1)?.get('HangupSource')).toBe('Callee');
  });
});
