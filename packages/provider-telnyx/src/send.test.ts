import { failureOf } from '@openclaw/provider-testkit';
import { type OutboundMessage, parseSenderAddress } from '@openclaw/telephony-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accepted,
  answering,
  apiKey,
  create,
  hello,
  messageId,
  ourNumber,
  profileId,
  theirNumber,
} from './fake-telnyx.testing.ts';

const picture = new URL('https://example.com/a.png');
const pool = { kind: 'pool', id: profileId } as const;
const otherProfileId = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const nameSender = { kind: 'number', address: parseSenderAddress('My Shop') } as const;

/** Sends through a fake Telnyx that accepts everything; what it got, and what the caller got. */
async function sendAndLook(message: OutboundMessage, options: Parameters<typeof create>[0] = {}) {
  const { transport, requests } = answering({});
  const receipt = await create({ ...options, transport }).messaging.send(message);
  const [request] = requests;
  expect(requests).toHaveLength(1);
  const json: unknown = JSON.parse(request?.body ?? '');
  return { receipt, request, json };
}

// A caller without types can get past the brands.
const untyped = (change: object): OutboundMessage => Object.assign({ ...hello }, change);

describe('the request that sends a message', () => {
  it('is one POST of JSON, with the API key as the bearer', async () => {
    const { request, json } = await sendAndLook(hello);
    expect(request).toMatchObject({
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    });
    expect(request?.url.href).toBe('https://api.telnyx.com/v2/messages');
    expect(json).toEqual({ to: theirNumber, from: ourNumber, text: 'canary text' });
  });

  it('lists the pictures, and names the status callback', async () => {
    const { json } = await sendAndLook({
      ...hello,
      media: [picture, new URL('https://example.com/b c.png')],
      statusCallback: new URL('https://sms.example.com/status?id=1'),
    });
    expect(json).toEqual({
      to: theirNumber,
      from: ourNumber,
      text: 'canary text',
      media_urls: ['https://example.com/a.png', 'https://example.com/b%20c.png'],
      webhook_url: 'https://sms.example.com/status?id=1',
    });
  });

  it('may have media and no text', async () => {
    const { text: _, ...bare } = hello;
    const { json } = await sendAndLook({ ...bare, media: [picture] });
    expect(json).toEqual({ to: theirNumber, from: ourNumber, media_urls: [picture.href] });
  });

  it('names the messaging profile instead of a sender, or beside one when it is configured', async () => {
    const { json } = await sendAndLook({ ...hello, from: pool });
    expect(json).toEqual({
      to: theirNumber,
      messaging_profile_id: profileId,
      text: 'canary text',
    });
    const options = { messagingProfileId: otherProfileId };
    expect((await sendAndLook(hello, options)).json).toMatchObject({
      from: ourNumber,
      messaging_profile_id: otherProfileId,
    });
    const fromPool = await sendAndLook({ ...hello, from: pool }, options);
    expect(fromPool.json).toMatchObject({ messaging_profile_id: profileId });
    expect(fromPool.json).not.toHaveProperty('from');
  });

  it('never holds the connection, which is for calls', async () => {
    const options = { connectionId: '1293384261075731499', messagingProfileId: profileId };
    for (const message of [hello, { ...hello, from: pool }]) {
      const { request } = await sendAndLook(message, options);
      expect(request?.body).not.toMatch(/connection|1293384261075731499/u);
    }
  });

  it('may come from a short code, or from a sender name with its profile', async () => {
    const from = { kind: 'number', address: parseSenderAddress('55555') } as const;
    expect((await sendAndLook({ ...hello, from })).json).toMatchObject({ from: '55555' });
    const { json } = await sendAndLook(
      { ...hello, from: nameSender },
      { messagingProfileId: profileId },
    );
    expect(json).toMatchObject({ from: 'My Shop', messaging_profile_id: profileId });
  });

  it('passes on the parameters of Telnyx that it knows, and warns of all others', async () => {
    const { json, receipt } = await sendAndLook({
      ...hello,
      providerOptions: {
        telnyx: {
          encoding: 'gsm7',
          auto_detect: true,
          send_at: { no: 'object' },
          text: 'another text',
          to: '+15550100199',
          connection_id: '1293384261075731499',
          toString: 'x',
        },
        twilio: { ignored: true },
      },
    });
    expect(json).toEqual({
      to: theirNumber,
      from: ourNumber,
      text: 'canary text',
      encoding: 'gsm7',
      auto_detect: true,
    });
    expect(receipt.warnings.map(({ type, feature }) => [type, feature])).toEqual(
      ['send_at', 'text', 'to', 'connection_id', 'toString'].map((name) => [
        'unsupported',
        `providerOptions.telnyx.${name}`,
      ]),
    );
  });
});

describe('a message that Telnyx would refuse', () => {
  it.each([
    [
      'with 11 pictures',
      { ...hello, media: Array.from({ length: 11 }, () => picture) },
      'invalid_request',
    ],
    ['to a number without its country', untyped({ to: '15550100123' }), 'invalid_recipient'],
    ['from a name without a profile', { ...hello, from: nameSender }, 'sender_not_allowed'],
    ...['A&B', 'My-Shop', 'My_Shop', 'My.Shop', '12+3a'].map(
      (name): [string, OutboundMessage, string] => [
        `from the name ${name}`,
        { ...hello, from: { kind: 'number', address: parseSenderAddress(name) } },
        'sender_not_allowed',
      ],
    ),
    ['from no profile', { ...hello, from: { kind: 'pool', id: 'pool' } }, 'invalid_request'],
    [
      'from a connection',
      { ...hello, from: { kind: 'pool', id: '1293384261075731499' } },
      'invalid_request',
    ],
  ] satisfies [string, OutboundMessage, string][])('%s never leaves', async (_, message, code) => {
    const { transport, requests } = answering({});
    const error = await failureOf(create({ transport }).messaging.send(message));
    expect(error).toMatchObject({ code, outcome: 'not-performed', provider: 'telnyx' });
    expect(requests).toEqual([]);
  });

  it.each([
    ['GSM-7', 'é', 1530],
    ['GSM-7 with an escape for each', '€', 760],
    ['UCS-2', '漢', 670],
    ['UCS-2 outside the basic plane', '👍', 330],
  ])('has more than ten parts of %s', async (_, character, most) => {
    const { json } = await sendAndLook({ ...hello, text: character.repeat(most) });
    expect(json).toMatchObject({ text: character.repeat(most) });
    const { transport, requests } = answering({});
    const text = character.repeat(most + 1);
    const error = await failureOf(create({ transport }).messaging.send({ ...hello, text }));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
    expect(error.message).toMatch(
      /^the text takes 11 parts and Telnyx takes 10: split it before sending$/u,
    );
    expect(requests).toEqual([]);
  });

  it('counts a text as UCS-2 for a single character that GSM-7 lacks', async () => {
    const text = `${'a'.repeat(670)}’`;
    const error = await failureOf(create(answering({})).messaging.send({ ...hello, text }));
    expect(error.message).toMatch(/^the text takes 11 parts/u);
  });
});

describe('any text within the limits', () => {
  it('arrives character for character', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        async (text) => {
          const { json } = await sendAndLook({ ...hello, text });
          expect(json).toMatchObject({ text });
        },
      ),
    );
  });
});

describe('the receipt', () => {
  it('holds the id, the status and the parts', async () => {
    const data = { ...accepted.data, parts: 3 };
    const { transport } = answering({ body: { data } });
    expect(await create({ transport }).messaging.send(hello)).toEqual({
      messageId,
      status: 'queued',
      segmentCount: 3,
      warnings: [],
      raw: data,
    });
  });

  it.each([0, -1, 1.5, '3', null])('has no count for parts %j', async (parts) => {
    const { transport } = answering({ body: { data: { ...accepted.data, parts } } });
    const receipt = await create({ transport }).messaging.send(hello);
    expect(receipt).not.toHaveProperty('segmentCount');
  });

  it.each([
    [[{ status: 'teleported' }]],
    [[{ status: 'sent' }, { status: 'queued' }]],
    [[{}]],
    [[]],
    [null],
  ])('says "unrecognized" for the recipients %j', async (to) => {
    const { transport } = answering({ body: { data: { ...accepted.data, to } } });
    const receipt = await create({ transport }).messaging.send(hello);
    expect(receipt.status).toBe('unrecognized');
  });
});

describe('asking for a message', () => {
  it('tells its status and error', async () => {
    const data = {
      ...accepted.data,
      to: [{ phone_number: theirNumber, status: 'delivery_failed' }],
      errors: [{ code: '40012', title: 'Invalid messaging destination number' }],
    };
    const { transport, requests } = answering({ body: { data } });
    expect(await create({ transport }).messaging.getMessage(messageId)).toEqual({
      status: 'undelivered',
      carrierErrorCode: '40012',
      raw: data,
    });
    expect(requests[0]).toMatchObject({ method: 'GET' });
    expect(requests[0]?.url.href).toBe(`https://api.telnyx.com/v2/messages/${messageId}`);
    expect(requests[0]).not.toHaveProperty('body');
    expect(requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it('has no error while there is none', async () => {
    const state = await create(answering({})).messaging.getMessage(messageId);
    expect(state).not.toHaveProperty('carrierErrorCode');
  });

  it.each(['', '../../x', 'a/../x', 'a?x', 'a%2fx', 'a.b'])(
    'never turns the id %j into a path',
    async (id) => {
      const { transport, requests } = answering({});
      const error = await failureOf(create({ transport }).messaging.getMessage(id));
      expect(error.code).toBe('invalid_request');
      expect(requests).toEqual([]);
    },
  );

  it('without a status in the answer is an error', async () => {
    for (const body of [{}, { data: [] }, { data: {} }, { data: { to: [] } }]) {
      const error = await failureOf(create(answering({ body })).messaging.getMessage(messageId));
      expect(error).toMatchObject({ code: 'malformed_response', outcome: 'not-performed' });
    }
  });
});
