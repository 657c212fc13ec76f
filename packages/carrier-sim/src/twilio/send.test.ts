import { describe, expect, it } from 'vitest';
import { accountSid, callApi, ours, send, startScene, theirs } from './scene.testing.ts';

const service = `MG${'1'.repeat(32)}`;

describe('a message that the API accepts', () => {
  it('is answered with every field of the resource', async () => {
    const now = Date.UTC(2026, 10, 20, 12, 0, 0);
    const { sim } = await startScene({ now: () => now, receipts: 'manual' });
    const { status, headers, body } = await send(sim, { Body: 'x'.repeat(161) });
    expect(status).toBe(201);
    expect(headers.get('content-type')).toMatch(/^application\/json/u);
    const sid = String(body['sid']);
    expect(sid).toMatch(/^SM[0-9a-f]{32}$/u);
    expect(body).toEqual({
      account_sid: accountSid,
      api_version: '2010-04-01',
      body: 'x'.repeat(161),
      date_created: 'Fri, 20 Nov 2026 12:00:00 +0000',
      date_sent: null,
      date_updated: 'Fri, 20 Nov 2026 12:00:00 +0000',
      direction: 'outbound-api',
      error_code: null,
      error_message: null,
      from: ours,
      messaging_service_sid: null,
      num_media: '0',
      num_segments: '2',
      price: null,
      price_unit: 'USD',
      sid,
      status: 'queued',
      subresource_uris: { media: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media.json` },
      to: theirs,
      uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
    });
  });

  it('has no sender and no segments yet when a Messaging Service sends it', async () => {
    const { sim } = await startScene({ numbers: [{ number: ours, messagingServiceSid: service }] });
    const { body } = await send(sim, { From: 'absent', MessagingServiceSid: service });
    expect(body).toMatchObject({
      status: 'accepted',
      num_segments: '0',
      from: null,
      messaging_service_sid: service,
    });
    await sim.settled();
    expect(sim.messages[0]).toMatchObject({ from: ours, status: 'delivered', numSegments: 1 });
  });

  it('counts segments and names the encoding', async () => {
    const { sim } = await startScene({ receipts: 'manual' });
    await send(sim, { Body: 'é'.repeat(160) });
    await send(sim, { Body: '–'.repeat(71) });
    expect(sim.messages.map(({ encoding, numSegments }) => [encoding, numSegments])).toEqual([
      ['gsm7', 1],
      ['ucs2', 2],
    ]);
  });

  it('is an MMS with media, which are not fetched from other machines', async () => {
    const { sim } = await startScene();
    const url = 'https://media.example.com/cat.png';
    const { body } = await send(sim, { Body: 'absent', MediaUrl: url });
    await sim.settled();
    expect(body).toMatchObject({ num_media: '1', body: '' });
    expect(String(body['sid'])).toMatch(/^MM/u);
    expect(sim.messages[0]).toMatchObject({ mediaUrls: [url], status: 'delivered' });
    expect(sim.messages[0]?.mediaDownloads).toEqual([{ url, error: 'not-routed' }]);
  });

  it('keeps parameters that change nothing', async () => {
    const { sim } = await startScene();
    await send(sim, { ValidityPeriod: '600', SmartEncoded: 'true' });
    expect(sim.messages[0]?.parameters.get('ValidityPeriod')).toBe('600');
  });

  it('is shown without its text once the text was taken out, and not at all once deleted', async () => {
    const { sim } = await startScene({ receipts: 'manual' });
    const { body } = await send(sim);
    const path = `/Messages/${String(body['sid'])}.json`;
    expect((await callApi(sim, 'POST', path, { Body: '' })).body).toMatchObject({ body: '' });
    expect((await callApi(sim, 'POST', path, { Body: 'x' })).status).toBe(501);
    expect((await callApi(sim, 'DELETE', path)).status).toBe(204);
    expect((await callApi(sim, 'DELETE', path)).status).toBe(404);
    expect((await callApi(sim, 'GET', path)).body).toMatchObject({ code: 20_404, status: 404 });
    expect(sim.messages).toEqual([]);
  });
});

const media = (count: number): [string, string][] =>
  Array.from({ length: count }, (_, index) => ['MediaUrl', `https://m.example.com/${index}.png`]);

describe('a message that the API refuses', () => {
  const refusals: [
    why: string,
    parameters: Parameters<typeof send>[1],
    code: number,
    status: number,
  ][] = [
    ['no recipient', { To: 'absent' }, 21_604, 400],
    ['a recipient without a plus sign', { To: '15550100123' }, 21_211, 400],
    ['a recipient that is no number', { To: 'Bob' }, 21_211, 400],
    ['no sender', { From: 'absent' }, 21_603, 400],
    ['a sender that belongs to somebody else', { From: '+15550199999' }, 21_659, 400],
    ['a sender that is no address', { From: '+1-555' }, 21_212, 400],
    ['an unknown Messaging Service', { From: 'absent', MessagingServiceSid: service }, 21_701, 400],
    ['neither text nor media', { Body: 'absent' }, 21_619, 400],
    ['an empty text', { Body: '' }, 21_602, 400],
    ['a text of 1,601 characters', { Body: 'x'.repeat(1_601) }, 21_617, 400],
    ['eleven pictures', media(11), 21_623, 400],
    ['a picture that is no URL', { MediaUrl: 'cat.png' }, 21_620, 400],
    ['a status callback that is no URL', { StatusCallback: '/status' }, 21_609, 400],
    [
      'a status callback with an underscore in its host',
      { StatusCallback: 'https://a_b.example.com/' },
      21_609,
      400,
    ],
    ['the sender itself', { To: ours }, 21_266, 400],
    ['a recipient of another channel', { To: `whatsapp:${theirs}` }, 21_910, 400],
    ['a template, which is not simulated', { ContentSid: `HX${'0'.repeat(32)}` }, 20_501, 501],
    ['the magic invalid recipient', { To: '+15005550001' }, 21_211, 400],
    ['the magic recipient without a route', { To: '+15005550002' }, 21_612, 400],
    ['the magic recipient abroad', { To: '+15005550003' }, 21_408, 403],
    ['the magic recipient who left', { To: '+15005550004' }, 21_610, 400],
    ['the magic landline', { To: '+15005550009' }, 21_614, 400],
    ['the magic invalid sender', { From: '+15005550001' }, 21_212, 400],
    ['the magic sender of nobody', { From: '+15005550007' }, 21_606, 400],
    ['the magic sender with a full queue', { From: '+15005550008' }, 21_611, 429],
  ];
  it.each(refusals)('for %s', async (_why, parameters, code, status) => {
    const { sim } = await startScene();
    const answer = await send(sim, parameters);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      code,
      message: expect.any(String),
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status,
    });
    expect(sim.messages).toEqual([]);
  });

  it('accepts a text of exactly 1,600 characters, ten pictures and the magic sender', async () => {
    const { sim } = await startScene();
    expect((await send(sim, { Body: 'x'.repeat(1_600) })).status).toBe(201);
    expect((await send(sim, media(10))).status).toBe(201);
    expect((await send(sim, { From: '+15005550006' })).status).toBe(201);
  });

  it('names the number, as the real API does: an application must not show the message', async () => {
    const { sim } = await startScene();
    const { body } = await send(sim, { To: '+15005550009' });
    expect(body['message']).toContain('+15005550009');
  });

  it('for a number without SMS, and a service that has no other', async () => {
    const { sim } = await startScene({
      numbers: [{ number: ours, smsCapable: false, messagingServiceSid: service }],
    });
    expect((await send(sim)).body).toMatchObject({ code: 21_606 });
    const pool = { From: 'absent', MessagingServiceSid: service };
    expect((await send(sim, pool)).body).toMatchObject({ code: 21_703 });
  });

  it('for a sender that is not in the Messaging Service', async () => {
    const { sim } = await startScene({
      numbers: [{ number: ours }, { number: '+15550100101', messagingServiceSid: service }],
    });
    expect((await send(sim, { MessagingServiceSid: service })).body).toMatchObject({
      code: 21_659,
    });
  });

  it('once the simulator keeps as many records as it may', async () => {
    const { sim } = await startScene({ maxRecordCount: 1, receipts: 'manual' });
    expect((await send(sim)).status).toBe(201);
    expect((await send(sim)).body).toMatchObject({ code: 21_611, status: 429 });
    await expect(sim.text({ from: theirs, to: ours, text: 'Hi' })).rejects.toThrow(RangeError);
  });
});
