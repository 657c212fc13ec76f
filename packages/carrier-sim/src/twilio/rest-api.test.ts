import { describe, expect, it } from 'vitest';
import { accountSid, authToken, callApi, ours, send, startScene, theirs } from './scene.testing.ts';

const standard = { sid: `SK${'2'.repeat(32)}`, secret: 'standard:secret' };
const main = { sid: `SK${'3'.repeat(32)}`, secret: 'main-secret', main: true };

describe('credentials', () => {
  it('are the account with its token, or an API key with its secret', async () => {
    const { sim } = await startScene({ apiKeys: [standard, main] });
    for (const credentials of [
      `${accountSid}:${authToken}`,
      `${standard.sid}:${standard.secret}`,
      `${main.sid}:${main.secret}`,
    ]) {
      const { status } = await callApi(sim, 'GET', '/Messages.json', {}, credentials);
      expect(status).toBe(200);
    }
  });

  it.each([
    ['a wrong token', `${accountSid}:wrong`],
    ['the token of a key', `${accountSid}:${standard.secret}`],
    ['an unknown key', `SK${'9'.repeat(32)}:${standard.secret}`],
    ['an empty password', `${accountSid}:`],
  ])('with %s are refused with 20003', async (_why, credentials) => {
    const { sim } = await startScene({ apiKeys: [standard] });
    const answer = await callApi(sim, 'GET', '/Messages.json', {}, credentials);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 20_003, status: 401 });
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Twilio API"');
  });

  it('left out, or of another kind, are refused', async () => {
    const { sim } = await startScene();
    const url = `${sim.url}/2010-04-01/Accounts/${accountSid}/Messages.json`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { Authorization: `Bearer ${authToken}` } })).status).toBe(
      401,
    );
  });

  it('of another account are refused', async () => {
    const { sim } = await startScene();
    const url = `${sim.url}/2010-04-01/Accounts/AC${'9'.repeat(32)}/Messages.json`;
    const Authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    expect((await fetch(url, { headers: { Authorization } })).status).toBe(401);
  });

  it('of a standard key do not read the account, those of a main key do', async () => {
    const { sim } = await startScene({ apiKeys: [standard, main] });
    const read = (credentials: string): ReturnType<typeof callApi> =>
      callApi(sim, 'GET', '.json', {}, credentials);
    expect((await read(`${standard.sid}:${standard.secret}`)).status).toBe(401);
    expect((await read(`${main.sid}:${main.secret}`)).body).toMatchObject({ sid: accountSid });
  });
});

describe('the REST API', () => {
  it.each(['/Queues.json', '/Messages', '/Messages/x/y', '/Messages/x/Media/y/z'])(
    'has nothing at %s',
    async (path) => {
      const { sim } = await startScene();
      expect((await callApi(sim, 'GET', path)).body).toMatchObject({ code: 20_404, status: 404 });
    },
  );

  it('has nothing outside of its own root', async () => {
    const { sim } = await startScene();
    expect((await fetch(`${sim.url}/`)).status).toBe(404);
  });

  it('answers 405 to a method that a resource does not have', async () => {
    const { sim } = await startScene();
    expect((await callApi(sim, 'DELETE', '/Messages.json')).body).toMatchObject({ code: 20_004 });
    expect((await callApi(sim, 'POST', '.json')).status).toBe(405);
  });

  it('takes forms only', async () => {
    const { sim } = await startScene();
    const response = await fetch(`${sim.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: 'POST',
      headers: {
        Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
        'Content-Type': 'application/json',
      },
      body: '{}',
    });
    expect(response.status).toBe(400);
  });

  it('lists messages of both directions, newest first, narrowed and in pages', async () => {
    const { sim } = await startScene({ receipts: 'manual' });
    await send(sim, { Body: 'first' });
    await sim.text({ from: theirs, to: ours, text: 'second' });
    await send(sim, { Body: 'third' });
    const all = await callApi(sim, 'GET', '/Messages.json');
    expect(all.body['messages']).toMatchObject([
      { body: 'third', direction: 'outbound-api' },
      { body: 'second', direction: 'inbound', status: 'received' },
      { body: 'first' },
    ]);
    const page = await callApi(
      sim,
      'GET',
      `/Messages.json?To=${encodeURIComponent(theirs)}&PageSize=1`,
    );
    expect(page.body).toMatchObject({
      messages: [{ body: 'third' }],
      page: 0,
      page_size: 1,
      start: 0,
      end: 0,
      previous_page_uri: null,
      next_page_uri: expect.stringContaining('Page=1'),
    });
    const from = await callApi(sim, 'GET', `/Messages.json?From=${encodeURIComponent(theirs)}`);
    expect(from.body['messages']).toMatchObject([{ body: 'second' }]);
    expect((await callApi(sim, 'GET', '/Messages.json?PageSize=0')).status).toBe(400);
    expect((await callApi(sim, 'GET', '/Messages.json?Page=x')).status).toBe(400);
  });

  it('finds a number by its digits and changes its webhooks one by one', async () => {
    const { sim } = await startScene();
    const list = `/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(ours)}`;
    const { body } = await callApi(sim, 'GET', list);
    const [number] = sim.numbers;
    expect(body['incoming_phone_numbers']).toMatchObject([
      { sid: number?.sid, phone_number: ours, sms_url: number?.messageUrl, sms_method: 'POST' },
    ]);
    const none = await callApi(sim, 'GET', '/IncomingPhoneNumbers.json?PhoneNumber=%2B15550100999');
    expect(none.body['incoming_phone_numbers']).toEqual([]);
    const path = `/IncomingPhoneNumbers/${number?.sid}.json`;
    await callApi(sim, 'POST', path, { VoiceUrl: 'https://hooks.example.com/voice' });
    const changed = await callApi(sim, 'POST', path, {
      SmsUrl: '',
      SmsMethod: 'GET',
      SmsFallbackUrl: 'https://hooks.example.com/fallback',
      SmsFallbackMethod: 'GET',
      StatusCallback: 'https://hooks.example.com/calls',
    });
    expect(changed.body).toMatchObject({
      sms_url: '',
      sms_method: 'GET',
      sms_fallback_url: 'https://hooks.example.com/fallback',
      sms_fallback_method: 'GET',
      voice_url: 'https://hooks.example.com/voice',
      status_callback: 'https://hooks.example.com/calls',
    });
    expect((await callApi(sim, 'GET', '/IncomingPhoneNumbers/PNx.json')).status).toBe(404);
  });
});
