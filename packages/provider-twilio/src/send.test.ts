import { failureOf } from '@openclaw/provider-testkit';
import { type OutboundMessage, parseSenderAddress } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import {
  accountSid,
  answering,
  authToken,
  create,
  hello,
  messageSid,
  ourNumber,
  theirNumber,
} from './fake-twilio.testing.ts';

const picture = new URL('https://example.com/a.png');

/** Sends through a fake Twilio that accepts everything; what it got, and what the caller got. */
async function sendAndLook(message: OutboundMessage, options: Parameters<typeof create>[0] = {}) {
  const { transport, requests } = answering({});
  const receipt = await create({ ...options, transport }).messaging.send(message);
  const [request] = requests;
  expect(requests).toHaveLength(1);
  return { receipt, request, form: [...new URLSearchParams(request?.body)] };
}

const senderOf = async (message: OutboundMessage, options = {}) =>
  (await sendAndLook(message, options)).form.filter(([name]) => !/^(?:To|Body)$/u.test(name ?? ''));
// A caller without types can get past the brands.
const untyped = (change: object): OutboundMessage => Object.assign({ ...hello }, change);

describe('the request that sends a message', () => {
  it('is one POST of a form, with the account as the user', async () => {
    const { request, form } = await sendAndLook(hello);
    expect(request).toMatchObject({
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    expect(request?.url.href).toBe(
      `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`,
    );
    expect(form).toEqual([
      ['To', theirNumber],
      ['From', ourNumber],
      ['Body', 'canary text'],
    ]);
  });

  it('has the API key as the user when there is one', async () => {
    const { request } = await sendAndLook(hello, { apiKey: { sid: 'SK12', secret: 'kéy' } });
    const bytes = new TextEncoder().encode('SK12:kéy');
    expect(request?.headers['authorization']).toBe(`Basic ${btoa(String.fromCharCode(...bytes))}`);
    expect(request?.url.pathname).toContain(accountSid);
  });

  it('has the first of several auth tokens as the password', async () => {
    const { request } = await sendAndLook(hello, { authToken: ['new', 'old'] });
    expect(request?.headers['authorization']).toBe(`Basic ${btoa(`${accountSid}:new`)}`);
  });

  it('repeats MediaUrl for each picture, and names the status callback', async () => {
    const { form } = await sendAndLook({
      ...hello,
      media: [picture, new URL('https://example.com/b c.png')],
      statusCallback: new URL('https://sms.example.com/status?id=1#rc=2'),
    });
    expect(form.slice(2)).toEqual([
      ['Body', 'canary text'],
      ['MediaUrl', 'https://example.com/a.png'],
      ['MediaUrl', 'https://example.com/b%20c.png'],
      ['StatusCallback', 'https://sms.example.com/status?id=1#rc=2'],
    ]);
  });

  it('may have media and no text', async () => {
    const { text: _, ...bare } = hello;
    const { form } = await sendAndLook({ ...bare, media: [picture] });
    expect(form.map(([name]) => name)).toEqual(['To', 'From', 'MediaUrl']);
  });

  it('names the messaging service instead of a sender, or beside a sender when one is configured', async () => {
    const pool = { kind: 'pool', id: 'MG77' } as const;
    expect(await senderOf({ ...hello, from: pool })).toEqual([['MessagingServiceSid', 'MG77']]);
    expect(await senderOf(hello, { messagingServiceSid: 'MG88' })).toEqual([
      ['From', ourNumber],
      ['MessagingServiceSid', 'MG88'],
    ]);
    expect(await senderOf({ ...hello, from: pool }, { messagingServiceSid: 'MG88' })).toEqual([
      ['MessagingServiceSid', 'MG77'],
    ]);
  });

  it.each(['55555', 'My Shop'])('may come from %s', async (address) => {
    const from = { kind: 'number', address: parseSenderAddress(address) } as const;
    const { form } = await sendAndLook({ ...hello, from });
    expect(form).toContainEqual(['From', address]);
  });

  it('passes on the parameters of Twilio that it knows, and warns of all others', async () => {
    const { form, receipt } = await sendAndLook({
      ...hello,
      providerOptions: {
        twilio: {
          ValidityPeriod: 60,
          SmartEncoded: true,
          PersistentAction: ['a', 'b'],
          SendAt: { no: 'object' },
          Body: 'another text',
          To: '+15550100199',
          toString: 'x',
        },
        telnyx: { ignored: true },
      },
    });
    expect(form.slice(3)).toEqual([
      ['ValidityPeriod', '60'],
      ['SmartEncoded', 'true'],
      ['PersistentAction', 'a'],
      ['PersistentAction', 'b'],
    ]);
    expect(receipt.warnings.map(({ type, feature }) => [type, feature])).toEqual(
      ['SendAt', 'Body', 'To', 'toString'].map((name) => [
        'unsupported',
        `providerOptions.twilio.${name}`,
      ]),
    );
  });

  it('needs no text when Twilio has the content', async () => {
    const providerOptions = { twilio: { ContentSid: 'HX1' } };
    const { form } = await sendAndLook({ ...hello, text: '', providerOptions });
    expect(form.map(([name]) => name)).toEqual(['To', 'From', 'ContentSid']);
  });
});

describe('a message that Twilio would refuse', () => {
  it.each([
    ['with 1601 characters', untyped({ text: 'a'.repeat(1601) }), 'invalid_request'],
    [
      'with 11 pictures',
      { ...hello, media: Array.from({ length: 11 }, () => picture) },
      'invalid_request',
    ],
    ['from no service', { ...hello, from: { kind: 'pool', id: 'pool' } }, 'invalid_request'],
  ] satisfies [string, OutboundMessage, string][])('%s never leaves', async (_, message, code) => {
    const { transport, requests } = answering({});
    const error = await failureOf(create({ transport }).messaging.send(message));
    expect(error).toMatchObject({ code, outcome: 'not-performed', provider: 'twilio' });
    expect(requests).toEqual([]);
  });

  it('of exactly 1600 characters leaves', async () => {
    const { form } = await sendAndLook({ ...hello, text: 'é'.repeat(1600) });
    expect(form.at(-1)).toEqual(['Body', 'é'.repeat(1600)]);
  });
});

describe('the receipt', () => {
  it('holds the id, the status and the segments that Twilio bills', async () => {
    const body = { sid: messageSid, status: 'accepted', num_segments: '3' };
    const { transport } = answering({ body });
    expect(await create({ transport }).messaging.send(hello)).toEqual({
      messageId: messageSid,
      status: 'accepted',
      segmentCount: 3,
      warnings: [],
      raw: body,
    });
  });

  it.each(['0', '', 'many', undefined])('has no count for num_segments %j', async (count) => {
    const body = { sid: messageSid, status: 'queued', num_segments: count };
    const { transport } = answering({ body });
    const receipt = await create({ transport }).messaging.send(hello);
    expect(receipt).not.toHaveProperty('segmentCount');
  });

  it('says "unrecognized" for a status that is new', async () => {
    const { transport } = answering({ body: { sid: messageSid, status: 'teleported' } });
    const receipt = await create({ transport }).messaging.send(hello);
    expect(receipt.status).toBe('unrecognized');
  });
});

describe('asking for a message', () => {
  it('tells its status and error', async () => {
    const body = { sid: messageSid, status: 'undelivered', error_code: 30003 };
    const { transport, requests } = answering({ status: 200, body });
    expect(await create({ transport }).messaging.getMessage(messageSid)).toEqual({
      status: 'undelivered',
      carrierErrorCode: '30003',
      raw: body,
    });
    expect(requests[0]).toMatchObject({ method: 'GET' });
    expect(requests[0]?.url.pathname).toBe(
      `/2010-04-01/Accounts/${accountSid}/Messages/${messageSid}.json`,
    );
    expect(requests[0]).not.toHaveProperty('body');
  });

  it('has no error while there is none', async () => {
    const { transport } = answering({ status: 200, body: { status: 'sent', error_code: null } });
    const state = await create({ transport }).messaging.getMessage(messageSid);
    expect(state).not.toHaveProperty('carrierErrorCode');
  });

  it.each(['', '../../x', 'SM1/../x', 'CA12', 'SM1.json?x'])(
    'never turns the id %j into a path',
    async (id) => {
      const { transport, requests } = answering({});
      const error = await failureOf(create({ transport }).messaging.getMessage(id));
      expect(error.code).toBe('invalid_request');
      expect(requests).toEqual([]);
    },
  );
});
