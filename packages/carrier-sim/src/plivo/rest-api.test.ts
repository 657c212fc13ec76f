import { describe, expect, it } from 'vitest';
import { authId, authToken, callApi, ours, send, startScene, subaccount } from './scene.testing.ts';
import { startPlivoSim } from './start-plivo-sim.ts';

const pool = 'aaaaaaaa-2222-4333-8444-555555555555';

describe('sending', () => {
  it.each([
    [{ src: undefined }, 400, 'src or powerpack_uuid'],
    [{ powerpack_uuid: pool }, 400, 'not both'],
    [{ src: undefined, powerpack_uuid: pool }, 400, 'powerpack_uuid'],
    [{ src: '+1' }, 400, 'src'],
    [{ dst: undefined }, 400, 'dst'],
    [{ text: undefined }, 400, 'text'],
    [{ text: 'x'.repeat(1_601) }, 400, 'too long'],
    [{ text: '✅'.repeat(738) }, 400, 'too long'],
    [{ type: 'fax' }, 400, 'type'],
    [{ type: 'whatsapp' }, 501, 'not simulated'],
    [{ media_urls: ['https://example.com/cat.png'] }, 400, 'needs type mms'],
    [{ type: 'mms', media_urls: ['cat.png'] }, 400, 'media_urls'],
    [{ type: 'mms', media_urls: Array(11).fill('https://example.com/cat.png') }, 400, 'media_urls'],
    [{ url: 'nowhere' }, 400, 'url'],
    [{ method: 'PUT' }, 400, 'method'],
    [{ message_expiry: 4 }, 400, 'message_expiry'],
  ])('is refused for %j', async (fields, status, why) => {
    const { sim } = await startScene();
    const answer = await send(sim, fields);
    expect(answer).toMatchObject({
      status,
      body: { api_id: expect.any(String), error: expect.stringContaining(why) },
    });
    expect(sim.messages).toEqual([]);
  });

  it('queues one message for each recipient that is one', async () => {
    const { sim } = await startScene();
    const { status, body } = await send(sim, { dst: '+1 (555) 010-0123<15550100124<nobody' });
    expect(status).toBe(202);
    expect(body).toMatchObject({ message: 'message(s) queued', invalid_number: ['nobody'] });
    expect(body['message_uuid']).toEqual(sim.messages.map(({ id }) => id));
    expect(sim.messages.map(({ to }) => to)).toEqual(['+15550100123', '+15550100124']);
    const none = await send(sim, { dst: '123' });
    expect(none).toMatchObject({
      status: 202,
      body: { message_uuid: [], invalid_number: ['123'] },
    });
  });

  it('works from a Powerpack, under a name, and reports a foreign number late', async () => {
    const numbers = [{ number: ours, powerpackUuid: pool }];
    const { sim } = await startScene({ numbers });
    await send(sim, { src: undefined, powerpack_uuid: pool });
    await send(sim, { src: 'OpenClaw', log: false });
    await send(sim, { src: '15550100199' });
    await sim.settled();
    expect(sim.messages).toMatchObject([
      { from: ours, powerpackUuid: pool, status: 'delivered' },
      { from: 'OpenClaw', status: 'delivered', parameters: { log: false } },
      { from: '+15550100199', status: 'failed', errorCode: 40 },
    ]);
    const powerpack = await callApi(sim, 'GET', `/Powerpack/${pool}/`);
    expect(powerpack.body).toMatchObject({ uuid: pool });
    expect((await callApi(sim, 'GET', '/Powerpack/unknown/')).status).toBe(404);
  });

  it('fills up, and fails as a fault says', async () => {
    const { sim } = await startScene({ maxRecordCount: 1 });
    sim.faults.add({ on: 'send', kind: 'error', code: 402 });
    expect(await send(sim)).toMatchObject({
      status: 402,
      body: { error: expect.stringContaining('credit') },
    });
    await send(sim);
    expect((await send(sim)).status).toBe(429);
  });
});

describe('the REST API', () => {
  it('asks for the credentials of the account or of the subaccount', async () => {
    const { sim } = await startScene({ subaccounts: [subaccount] });
    const status = async (credentials: typeof subaccount, account: string): Promise<number> => {
      const basic = Buffer.from(`${credentials.authId}:${credentials.authToken}`);
      const response = await fetch(`${sim.url}/v1/Account/${account}/`, {
        headers: { Authorization: `Basic ${basic.toString('base64')}` },
      });
      return response.status;
    };
    const main = { authId, authToken };
    expect(await status(main, authId)).toBe(200);
    expect(await status(main, subaccount.authId)).toBe(200);
    expect(await status(subaccount, subaccount.authId)).toBe(200);
    expect(await status(subaccount, authId)).toBe(401);
    expect(await status({ authId, authToken: 'wrong' }, authId)).toBe(401);
    expect(await status(main, 'MAUNKNOWN')).toBe(401);
    const account = await callApi(sim, 'GET', '/');
    expect(account.body).toMatchObject({ auth_id: authId, account_type: 'standard' });
  });

  it.each([
    ['GET', '/Message', 404],
    ['GET', '/Nothing/', 404],
    ['GET', '/Message/unknown/', 404],
    ['GET', '/Message/unknown/Media/', 404],
    ['GET', '/Number/15550100199/', 404],
    ['GET', '/Application/unknown/', 404],
    ['DELETE', '/Application/unknown/', 404],
    ['PUT', '/Number/', 405],
    ['GET', '/Number/?limit=21', 400],
  ])('answers %s %s with %i', async (method, path, status) => {
    const { sim } = await startScene();
    const answer = await callApi(sim, method, path);
    expect(answer).toMatchObject({ status, body: { error: expect.any(String) } });
  });

  it('takes JSON only', async () => {
    const { sim } = await startScene();
    const basic = Buffer.from(`${authId}:${authToken}`).toString('base64');
    const response = await fetch(`${sim.url}/v1/Account/${authId}/Message/`, {
      method: 'POST',
      headers: { Authorization: `Basic ${basic}` },
      body: new URLSearchParams({ src: '1' }),
    });
    expect(response.status).toBe(400);
  });

  it('lists messages page by page, newest first', async () => {
    const { sim } = await startScene();
    for (const text of ['one', 'two', 'three']) await send(sim, { text });
    const { body } = await callApi(sim, 'GET', '/Message/?limit=2&offset=1');
    expect(body).toMatchObject({
      meta: { limit: 2, offset: 1, total_count: 3, next: null, previous: expect.any(String) },
      objects: [{ message_uuid: sim.messages[1]?.id }, { message_uuid: sim.messages[0]?.id }],
    });
    const inbound = await callApi(sim, 'GET', '/Message/?message_direction=inbound');
    expect(inbound.body['objects']).toEqual([]);
  });

  it('finds the application of a number, and sets its webhooks', async () => {
    const { sim, application } = await startScene();
    const { body } = await callApi(sim, 'GET', '/Number/15550100100/');
    const path = String(body['application']).replace(`/v1/Account/${authId}`, '');
    expect((await callApi(sim, 'GET', path)).body).toMatchObject({
      message_url: `${application.url}/sms`,
      message_method: 'POST',
    });
    const change = {
      message_url: 'https://hooks.example.com/2',
      message_method: 'GET',
      answer_url: 'https://hooks.example.com/answer',
    };
    expect((await callApi(sim, 'POST', path, change)).status).toBe(202);
    expect((await callApi(sim, 'GET', path)).body).toMatchObject(change);
    expect(sim.numbers[0]).toMatchObject({
      messageUrl: 'https://hooks.example.com/2',
      messageMethod: 'GET',
    });
    for (const wrong of [{ message_url: 'nowhere' }, { hangup_method: 'PUT' }]) {
      expect((await callApi(sim, 'POST', path, wrong)).status).toBe(400);
    }
    await callApi(sim, 'POST', path, { message_url: '' });
    expect(sim.numbers[0]?.messageUrl).toBeUndefined();
  });

  it('makes an application, puts a number on it, takes it off, and forgets the application', async () => {
    const { sim } = await startScene({ numbers: [{ number: ours, appId: null }] });
    expect((await callApi(sim, 'GET', '/Number/15550100100/')).body['application']).toBeNull();
    const wanted = { app_name: 'ours', message_url: 'https://hooks.example.com/in' };
    const created = await callApi(sim, 'POST', '/Application/', wanted);
    expect(created.status).toBe(201);
    expect((await callApi(sim, 'POST', '/Application/', wanted)).status).toBe(400);
    expect((await callApi(sim, 'POST', '/Application/', {})).status).toBe(400);
    const id = String(created.body['app_id']);
    const number = '/Number/15550100100/';
    expect((await callApi(sim, 'POST', number, { app_id: id })).status).toBe(202);
    expect(sim.numbers[0]).toMatchObject({ appId: id, messageUrl: 'https://hooks.example.com/in' });
    expect((await callApi(sim, 'POST', number, { app_id: 'unknown' })).status).toBe(400);
    expect((await callApi(sim, 'GET', '/Application/')).body['objects']).toHaveLength(1);
    await callApi(sim, 'POST', number, { app_id: '' });
    expect(sim.numbers[0]?.appId).toBeUndefined();
    await callApi(sim, 'POST', number, { app_id: id });
    expect((await callApi(sim, 'DELETE', `/Application/${id}/`)).status).toBe(204);
    expect([sim.numbers[0]?.appId, sim.application(id)]).toEqual([undefined, undefined]);
  });
});

describe('a simulator', () => {
  it('starts with an account and a token', async () => {
    const options = { authId, authToken, numbers: [] };
    await expect(startPlivoSim({ ...options, authId: 'SA1' })).rejects.toThrow(RangeError);
    await expect(startPlivoSim({ ...options, authToken: '' })).rejects.toThrow(RangeError);
  });
});
