import { failureOf } from '@openclaw/provider-testkit';
import { type OutboundMessage, parseSenderAddress } from '@openclaw/telephony-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answering,
  authId,
  authToken,
  create,
  hello,
  messageUuid,
  ourNumber,
  powerpackUuid,
  theirNumber,
} from './fake-plivo.testing.ts';

const picture = new URL('https://example.com/a.png');

/** Sends through a fake Plivo that accepts everything; what it got, and what the caller got. */
async function sendAndLook(message: OutboundMessage, options: Parameters<typeof create>[0] = {}) {
  const { transport, requests } = answering({});
  const receipt = await create({ ...options, transport }).messaging.send(message);
  const [request] = requests;
  expect(requests).toHaveLength(1);
  const json: unknown = JSON.parse(request?.body ?? '');
  return { receipt, request, json };
}

const asking = (body: unknown) => answering({ status: 200, body });
// A caller without types can get past the brands.
const untyped = (change: object): OutboundMessage => Object.assign({ ...hello }, change);

describe('the request that sends a message', () => {
  it('is one POST of JSON, with the auth ID as the user', async () => {
    const { request, json } = await sendAndLook(hello);
    expect(request).toMatchObject({
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${authId}:${authToken}`)}`,
        'content-type': 'application/json',
      },
    });
    // Plivo redirects, and so loses, a POST without the last slash.
    expect(request?.url.href).toBe(`https://api.plivo.com/v1/Account/${authId}/Message/`);
    expect(json).toEqual({ src: ourNumber, dst: theirNumber, text: 'canary text', type: 'sms' });
  });

  it('has the first of several auth tokens as the password', async () => {
    const { request } = await sendAndLook(hello, { authToken: ['nëw', 'old'] });
    const bytes = new TextEncoder().encode(`${authId}:nëw`);
    expect(request?.headers['authorization']).toBe(`Basic ${btoa(String.fromCharCode(...bytes))}`);
  });

  it('is an MMS with pictures, and names the status callback', async () => {
    const { json } = await sendAndLook({
      ...hello,
      media: [picture, new URL('https://example.com/b c.png')],
      statusCallback: new URL('https://sms.example.com/status/1'),
    });
    expect(json).toEqual({
      src: ourNumber,
      dst: theirNumber,
      text: 'canary text',
      type: 'mms',
      media_urls: ['https://example.com/a.png', 'https://example.com/b%20c.png'],
      url: 'https://sms.example.com/status/1',
      method: 'POST',
    });
  });

  it('may have media and no text', async () => {
    const { text: _, ...bare } = hello;
    const { json } = await sendAndLook({ ...bare, media: [picture] });
    expect(json).toMatchObject({ type: 'mms' });
    expect(json).not.toHaveProperty('text');
  });

  it('names the Powerpack instead of a sender, and never both', async () => {
    const { json } = await sendAndLook({ ...hello, from: { kind: 'pool', id: powerpackUuid } });
    expect(json).toMatchObject({ powerpack_uuid: powerpackUuid });
    expect(json).not.toHaveProperty('src');
  });

  it.each(['55555', 'My Shop'])('may come from %s', async (address) => {
    const from = { kind: 'number', address: parseSenderAddress(address) } as const;
    const { json } = await sendAndLook({ ...hello, from });
    expect(json).toMatchObject({ src: address });
  });

  it.each([false, 'number_only', 'content_only', true] as const)(
    'tells Plivo what to log when asked to: %j',
    async (log) => {
      expect((await sendAndLook(hello, { log })).json).toMatchObject({ log });
      const message = { ...hello, providerOptions: { plivo: { log } } };
      expect((await sendAndLook(message, { log: !log })).json).toMatchObject({ log });
    },
  );

  it('passes on the parameters of Plivo that it knows, and warns of all others', async () => {
    const { json, receipt } = await sendAndLook({
      ...hello,
      providerOptions: {
        plivo: {
          message_expiry: 60,
          trackable: false,
          dlt_entity_id: 'E1',
          log: 'everything',
          dlt_template_id: 7,
          dst: '+15550100199',
          text: 'another text',
          toString: 'x',
        },
        telnyx: { ignored: true },
      },
    });
    expect(json).toEqual({
      src: ourNumber,
      dst: theirNumber,
      text: 'canary text',
      type: 'sms',
      message_expiry: 60,
      trackable: false,
      dlt_entity_id: 'E1',
    });
    expect(receipt.warnings.map(({ type, feature }) => [type, feature])).toEqual(
      ['log', 'dlt_template_id', 'dst', 'text', 'toString'].map((name) => [
        'unsupported',
        `providerOptions.plivo.${name}`,
      ]),
    );
  });

  it.each([4, 10_800, 60.5, '60', null])('does not pass on the expiry %j', async (expiry) => {
    const providerOptions = { plivo: { message_expiry: expiry } };
    const { json, receipt } = await sendAndLook({ ...hello, providerOptions });
    expect(json).not.toHaveProperty('message_expiry');
    expect(receipt.warnings).toHaveLength(1);
  });
});

describe('a message that Plivo would refuse', () => {
  it.each([
    ['with 1601 characters', untyped({ text: 'a'.repeat(1601) }), 'invalid_request'],
    [
      'with 738 characters, one not GSM',
      untyped({ text: `я${'a'.repeat(737)}` }),
      'invalid_request',
    ],
    [
      'with 1601 characters and a picture',
      untyped({ text: 'a'.repeat(1601), media: [picture] }),
      'invalid_request',
    ],
    [
      'with 11 pictures',
      { ...hello, media: Array.from({ length: 11 }, () => picture) },
      'invalid_request',
    ],
    ['to a WhatsApp address', untyped({ to: 'whatsapp:+15550100123' }), 'invalid_recipient'],
    ['to its own sender', untyped({ to: ourNumber }), 'invalid_recipient'],
    ['from no Powerpack', { ...hello, from: { kind: 'pool', id: 'pool' } }, 'invalid_request'],
  ] satisfies [string, OutboundMessage, string][])('%s never leaves', async (_, message, code) => {
    const { transport, requests } = answering({});
    const error = await failureOf(create({ transport }).messaging.send(message));
    expect(error).toMatchObject({ code, outcome: 'not-performed', provider: 'plivo' });
    expect(requests).toEqual([]);
  });

  it('is not one at its limit: 1600 characters of the GSM alphabet, 737 of any other', async () => {
    const alphabet =
      '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0:;<=>?¡AÄÖÑÜ§¿zäöñüà\f^{}\\[~]|€';
    for (const text of [alphabet.repeat(18).padEnd(1600, 'a'), '€'.repeat(1600), 'я'.repeat(737)]) {
      expect((await sendAndLook({ ...hello, text })).json).toMatchObject({ text });
    }
    const beside = { ...hello, text: '😀'.repeat(800), media: [picture] };
    expect((await sendAndLook(beside)).json).toMatchObject({ text: beside.text });
  });

  it('is said to be too long by its length alone, and never by its words', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 737 }), async (text) => {
        expect((await sendAndLook({ ...hello, text })).json).toMatchObject({ text });
      }),
    );
  });
});

describe('the receipt', () => {
  it('holds the first UUID, and that the message is queued', async () => {
    const { receipt } = await sendAndLook(hello);
    expect(receipt).toMatchObject({ messageId: messageUuid, status: 'queued', warnings: [] });
    expect(receipt.raw).toMatchObject({ message: 'message(s) queued' });
    // Plivo counts segments later, and says so in receipts.
    expect(receipt).not.toHaveProperty('segmentCount');
  });

  it('is one also where the UUID is no list', async () => {
    const { transport } = answering({ body: { message_uuid: messageUuid } });
    const receipt = await create({ transport }).messaging.send(hello);
    expect(receipt.messageId).toBe(messageUuid);
  });
});

describe('asking for a message', () => {
  it('tells its status and error, by a path that ends in a slash', async () => {
    const body = { message_uuid: messageUuid, message_state: 'undelivered', error_code: '80' };
    const { transport, requests } = asking(body);
    expect(await create({ transport }).messaging.getMessage(messageUuid)).toEqual({
      status: 'undelivered',
      carrierErrorCode: '80',
      raw: body,
    });
    expect(requests[0]).toMatchObject({ method: 'GET' });
    expect(requests[0]?.url.href).toBe(
      `https://api.plivo.com/v1/Account/${authId}/Message/${messageUuid}/`,
    );
    expect(requests[0]).not.toHaveProperty('body');
  });

  it.each([null, '', '000', '0', 0, undefined])('has no error with %j', async (error_code) => {
    const { transport } = asking({ message_state: 'delivered', error_code });
    const state = await create({ transport }).messaging.getMessage(messageUuid);
    expect(state).not.toHaveProperty('carrierErrorCode');
    expect(state.status).toBe('delivered');
  });

  it('reads an error number, and keeps a new word apart', async () => {
    const { transport } = asking({ message_state: 'teleported', error_code: 200 });
    const state = await create({ transport }).messaging.getMessage(messageUuid);
    expect(state).toMatchObject({ status: 'unrecognized', carrierErrorCode: '200' });
  });

  it.each(['', '../../x', `${messageUuid}/..`, `${messageUuid}?x`, 'a b c d e f', 'short'])(
    'never turns the id %j into a path',
    async (id) => {
      const { transport, requests } = answering({});
      const error = await failureOf(create({ transport }).messaging.getMessage(id));
      expect(error.code).toBe('invalid_request');
      expect(requests).toEqual([]);
    },
  );
});
