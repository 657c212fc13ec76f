import { describe, expect, it } from 'vitest';
import { callApi, ours, profileId, send, startScene, theirs } from './scene.testing.ts';
import { startTelnyxSim } from './start-telnyx-sim.ts';

const other = '99999999-2222-4333-8444-555555555555';

describe('sending', () => {
  it.each([
    [{ to: undefined }, 422, '10004'],
    [{ to: '15550100123' }, 400, '40310'],
    [{ to: [theirs] }, 400, '40310'],
    [{ to: '+15005550004' }, 400, '40300'],
    [{ to: '+15005550005' }, 403, '40333'],
    [{ text: undefined }, 400, '40316'],
    [{ text: 'x'.repeat(1_531) }, 400, '40302'],
    [{ text: '✅', encoding: 'gsm7' }, 400, '10015'],
    [{ media_urls: 'https://example.com/cat.png' }, 400, '40308'],
    [{ media_urls: Array(11).fill('https://example.com/cat.png') }, 400, '40308'],
    [{ media_urls: ['cat.png'] }, 422, '10003'],
    [{ webhook_url: 'nowhere' }, 422, '10003'],
    [{ from: undefined }, 422, '10004'],
    [{ from: '+15550100199' }, 400, '40305'],
    [{ from: 'OpenClaw' }, 400, '40306'],
    [{ messaging_profile_id: other }, 422, '10017'],
    [{ send_at: '2026-11-21T00:00:00Z' }, 501, '10099'],
  ])('is refused for %j', async (fields, status, code) => {
    const { sim } = await startScene();
    const answer = await send(sim, fields);
    expect(answer.status).toBe(status);
    expect(answer.body['errors']).toMatchObject([
      { code, title: expect.any(String), detail: expect.any(String) },
    ]);
    expect(sim.messages).toEqual([]);
  });

  it('works from a pool, under a name, and with fields that it does not know', async () => {
    const { sim } = await startScene();
    const pool = { from: undefined, messaging_profile_id: profileId };
    const named = { from: 'OpenClaw', messaging_profile_id: profileId };
    for (const fields of [pool, named, { connection_id: profileId, text: 'x'.repeat(1_530) }]) {
      expect((await send(sim, fields)).status).toBe(200);
    }
    expect(sim.messages).toMatchObject([
      { from: ours, messagingProfileId: profileId },
      { from: 'OpenClaw' },
      { numSegments: 10, parameters: { connection_id: profileId } },
    ]);
    await callApi(sim, 'PATCH', '/phone_numbers/%2B15550100100/messaging', {
      messaging_profile_id: '',
    });
    expect((await send(sim, pool)).body).toMatchObject({ errors: [{ code: '40305' }] });
    expect((await send(sim)).body).toMatchObject({ errors: [{ code: '40305' }] });
  });

  it('fills up', async () => {
    const { sim } = await startScene({ maxRecordCount: 1 });
    await send(sim);
    const full = await send(sim);
    expect(full).toMatchObject({ status: 429, body: { errors: [{ code: '40318' }] } });
    expect(full.headers.get('x-ratelimit-remaining')).toBe('0');
    await expect(sim.text({ from: theirs, to: ours, text: 'Hi' })).rejects.toThrow('reset it');
  });

  it('fails as a fault says', async () => {
    const { sim } = await startScene();
    sim.faults.add({ on: 'send', kind: 'error', code: 40_312 });
    expect(await send(sim)).toMatchObject({ status: 403, body: { errors: [{ code: '40312' }] } });
  });
});

describe('the REST API', () => {
  it('asks for the key', async () => {
    const { sim } = await startScene();
    const answer = await callApi(sim, 'GET', '/balance', undefined, 'wrong');
    expect(answer).toMatchObject({ status: 401, body: { errors: [{ code: '10009' }] } });
  });

  it('takes JSON only', async () => {
    const { sim } = await startScene();
    const post = async (type: string, body: string): Promise<number> => {
      const headers = { Authorization: 'Bearer KEY-of-a-test', 'Content-Type': type };
      const response = await fetch(`${sim.url}/v2/messages`, { method: 'POST', headers, body });
      return response.status;
    };
    expect(await post('application/x-www-form-urlencoded', 'to=1')).toBe(415);
    expect(await post('application/json', '{')).toBe(400);
    expect(await post('application/json', '[]')).toBe(400);
  });

  it.each([
    ['GET', '/nothing', 404, '10005'],
    ['GET', '/messages/unknown', 404, '10005'],
    ['GET', '/messaging_profiles/unknown', 404, '10005'],
    ['GET', '/phone_numbers/unknown', 404, '10005'],
    ['DELETE', '/messages/unknown', 405, '10032'],
    ['GET', '/messages', 405, '10032'],
    ['GET', '/phone_numbers?page[size]=0', 400, '10015'],
  ])('answers %s %s with %i', async (method, path, status, code) => {
    const { sim } = await startScene();
    const answer = await callApi(sim, method, path);
    expect(answer).toMatchObject({ status, body: { errors: [{ code }] } });
  });

  it('shows texts, who opted out, and the numbers page by page', async () => {
    const { sim } = await startScene();
    const { id } = await sim.text({ from: theirs, to: ours, text: 'STOP' });
    expect((await callApi(sim, 'GET', `/messages/${id}`)).body).toMatchObject({
      data: { direction: 'inbound', text: 'STOP' },
    });
    expect((await callApi(sim, 'GET', '/messaging_optouts')).body).toMatchObject({
      data: [{ messaging_profile_id: profileId, from: ours, to: theirs }],
      meta: { total_results: 1 },
    });
    const pages = await callApi(sim, 'GET', '/phone_numbers?page[number]=2&page[size]=1');
    expect(pages.body).toMatchObject({ data: [], meta: { total_pages: 1, page_number: 2 } });
  });

  it('finds a number and its profile, and moves it to another', async () => {
    const { sim } = await startScene();
    const found = await callApi(sim, 'GET', '/phone_numbers?filter[phone_number]=%2B15550100100');
    expect(found.body['data']).toMatchObject([{ messaging_profile_id: profileId }]);
    const created = await callApi(sim, 'POST', '/messaging_profiles', {
      name: 'second',
      webhook_url: 'https://hooks.example.com/second',
    });
    const id = String(Object(created.body['data']).id);
    const path = `/phone_numbers/${sim.numbers[0]?.id}/messaging`;
    expect((await callApi(sim, 'PATCH', path, { messaging_profile_id: id })).status).toBe(200);
    expect(sim.numbers[0]).toMatchObject({
      messagingProfileId: id,
      messageUrl: 'https://hooks.example.com/second',
    });
    const onProfile = await callApi(sim, 'GET', `/messaging_profiles/${id}/phone_numbers`);
    expect(onProfile.body['data']).toMatchObject([{ phone_number: ours }]);
    expect((await callApi(sim, 'GET', '/messaging_profiles')).body['data']).toHaveLength(2);
    const unknown = await callApi(sim, 'PATCH', path, { messaging_profile_id: other });
    expect(unknown).toMatchObject({ status: 422, body: { errors: [{ code: '10017' }] } });
  });

  it('sets the webhooks of a profile and takes them away', async () => {
    const { sim } = await startScene();
    const path = `/messaging_profiles/${profileId}`;
    const change = {
      webhook_failover_url: 'https://hooks.example.com/2',
      webhook_api_version: '1',
    };
    expect((await callApi(sim, 'PATCH', path, change)).body['data']).toMatchObject(change);
    await callApi(sim, 'PATCH', path, { webhook_url: null, name: 'other' });
    expect(sim.messagingProfile(profileId)).toMatchObject({
      name: 'other',
      webhookUrl: '',
      webhookFailoverUrl: 'https://hooks.example.com/2',
      webhookApiVersion: '1',
    });
    expect((await callApi(sim, 'PATCH', path, { webhook_url: 'nowhere' })).status).toBe(422);
    expect((await callApi(sim, 'PATCH', path, { webhook_api_version: '3' })).status).toBe(400);
    expect((await callApi(sim, 'POST', '/messaging_profiles', {})).status).toBe(422);
  });
});

describe('a simulator', () => {
  it('starts with a key, and makes a pair of keys where none is given', async () => {
    const options = { apiKey: 'k', numbers: [] };
    await expect(startTelnyxSim({ ...options, apiKey: '' })).rejects.toThrow(RangeError);
    await expect(startTelnyxSim({ ...options, privateKey: 'AA==' })).rejects.toThrow(RangeError);
    const { sim } = await startScene();
    expect(Buffer.from(sim.publicKey, 'base64')).toHaveLength(32);
  });
});
