import { rejectionOf } from '@openclaw/provider-testkit';
import { isVerifiedWebhook, markVerified, type WebhookRequest } from '@openclaw/telephony-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  create,
  envelope,
  keyPair,
  messageId,
  nextKeyPair,
  now,
  otherPrivateKey,
  ourNumber,
  signedJson,
  theirNumber,
} from './fake-telnyx.testing.ts';

const { webhooks } = create();
const receive = (json: unknown) => webhooks.parse(webhooks.verify(signedJson(json)));
const reasonOf = (request: WebhookRequest, receiver = webhooks) => rejectionOf(receiver, request);

const text = {
  id: messageId,
  record_type: 'message',
  direction: 'inbound',
  type: 'SMS',
  from: { phone_number: theirNumber, carrier: 'T-MOBILE USA, INC.', line_type: 'Wireless' },
  to: [{ phone_number: ourNumber, carrier: 'TELNYX LLC', status: 'webhook_delivered' }],
  cc: [],
  text: 'hello',
  media: [],
  parts: 1,
  errors: [],
};
const receipt = {
  ...text,
  direction: 'outbound',
  from: { phone_number: ourNumber },
  to: [{ phone_number: theirNumber, status: 'delivered' }],
};
const received = (change: object = {}) => envelope('message.received', { ...text, ...change });
const finalized = (status: string, change: object = {}) =>
  envelope('message.finalized', {
    ...receipt,
    to: [{ phone_number: theirNumber, status }],
    ...change,
  });

const signedBy = (privateKey: string) => signedJson(received(), { privateKey });
const fieldOf = (name: 'status' | 'carrierErrorCode', json: unknown): unknown =>
  receive(json).map((event) => Reflect.get(event, name));
const statusOf = (...words: string[]) =>
  fieldOf('status', finalized('', { to: words.map((status) => ({ status })) }));
const errorOf = (errors: unknown) =>
  fieldOf('carrierErrorCode', finalized('delivery_failed', { errors }));
const keyOf = (json: unknown) => receive(json)[0]?.dedupeKey;

describe('verifying', () => {
  it('believes what Telnyx signed, and marks its body as authentic', () => {
    const webhook = webhooks.verify(signedJson(received()));
    expect(isVerifiedWebhook(webhook)).toBe(true);
    expect(webhook.bodyAuthenticated).toBe(true);
  });

  it('believes any of several public keys, and no other', () => {
    const publicKey = [nextKeyPair.publicKey, keyPair.publicKey];
    const rotating = create({ publicKey }).webhooks;
    expect(reasonOf(signedBy(nextKeyPair.privateKey), rotating)).toBeUndefined();
    expect(reasonOf(signedBy(keyPair.privateKey), rotating)).toBeUndefined();
    expect(reasonOf(signedBy(otherPrivateKey), rotating)).toBe('signature_mismatch');
  });

  it.each([
    ['raw', keyPair.publicKey],
    ['raw with white space', ` ${keyPair.publicKey}\n`],
    ['SPKI', `MCowBQYDK2VwAyEA${keyPair.publicKey}`],
    [
      'PEM',
      `-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA${keyPair.publicKey}\n-----END PUBLIC KEY-----\n`,
    ],
  ])('takes the public key as %s', (_, publicKey) => {
    expect(reasonOf(signedJson(received()), create({ publicKey }).webhooks)).toBeUndefined();
  });

  it('refuses a body of which one byte changed', () => {
    const request = signedJson(received());
    fc.assert(
      fc.property(fc.nat({ max: request.body.length - 1 }), (index) => {
        const body = Uint8Array.from(request.body);
        body[index] = (body[index] ?? 0) ^ 1;
        expect(reasonOf({ ...request, body })).toBe('signature_mismatch');
      }),
      { numRuns: 25 },
    );
  });

  it('refuses JSON that was parsed and written again', () => {
    const request = signedJson('{ "data": {} }');
    const body = new TextEncoder().encode(JSON.stringify({ data: {} }));
    expect(reasonOf({ ...request, body })).toBe('signature_mismatch');
  });

  it('says why', () => {
    const request = signedJson(received());
    expect(webhooks.requiredHeaders).toEqual([['telnyx-signature-ed25519'], ['telnyx-timestamp']]);
    const without = (...names: string[]): WebhookRequest => {
      const headers = new Headers(request.headers);
      for (const name of names) headers.delete(name);
      return { ...request, headers };
    };
    const having = (name: string, value: string): WebhookRequest => {
      const headers = new Headers(request.headers);
      headers.set(name, value);
      return { ...request, headers };
    };
    expect(reasonOf(without('telnyx-signature-ed25519'))).toBe('missing_header');
    expect(reasonOf(without('telnyx-timestamp'))).toBe('missing_header');
    expect(reasonOf(having('telnyx-signature-ed25519', 'é'.repeat(88)))).toBe('malformed_header');
    expect(reasonOf(having('telnyx-timestamp', 'abc'))).toBe('malformed_header');
    expect(reasonOf(having('telnyx-timestamp', '1795176001'))).toBe('signature_mismatch');
  });

  it.each([
    [0, undefined],
    [300, undefined],
    [301, 'timestamp_out_of_tolerance'],
    [-300, undefined],
    [-301, 'timestamp_out_of_tolerance'],
  ])('takes a webhook that is %i seconds old by the provider’s clock: %j', (seconds, reason) => {
    const signedAt = new Date(now().getTime() - seconds * 1000);
    expect(reasonOf(signedJson(received(), { signedAt }))).toBe(reason);
  });

  it('needs neither the URL nor the method', () => {
    const request = signedJson(received());
    expect(reasonOf({ ...request, url: 'http://10.0.0.1/x?y', method: 'PUT' })).toBeUndefined();
  });
});

describe('a text', () => {
  it('becomes a message', () => {
    const json = received({ parts: 2 });
    expect(receive(json)).toEqual([
      {
        type: 'message.received',
        dedupeKey: `telnyx:message:${messageId}`,
        occurredAt: new Date('2026-11-20T11:59:58.574Z'),
        raw: json,
        message: {
          id: messageId,
          from: theirNumber,
          to: ourNumber,
          text: 'hello',
          media: [],
          segmentCount: 2,
        },
      },
    ]);
  });

  it('may be a picture without words', () => {
    const media = [
      { url: 'https://media.example.com/a.jpg', content_type: 'image/jpeg', size: 4711 },
      { url: 'not a URL' },
      'nothing',
      { url: 'https://media.example.com/b', content_type: null, size: null },
    ];
    for (const words of ['', null, undefined]) {
      expect(receive(received({ type: 'MMS', text: words, media }))).toMatchObject([
        {
          type: 'message.received',
          message: {
            text: '',
            media: [
              {
                url: new URL('https://media.example.com/a.jpg'),
                contentType: 'image/jpeg',
                bytes: 4711,
              },
              { url: new URL('https://media.example.com/b') },
            ],
          },
        },
      ]);
    }
  });

  it.each([
    ['STOP', 'stop'],
    ['START', 'start'],
    ['help', 'help'],
    ['NEW', undefined],
    [null, undefined],
  ])('with the autoresponse_type %s has the hint %s', (autoresponse_type, optOut) => {
    const [event] = receive(received({ autoresponse_type }));
    expect(event?.type === 'message.received' && event.message.optOut).toBe(optOut);
  });

  it.each([
    [theirNumber, ourNumber],
    ['55555', ourNumber],
    ['MyBank', '55555'],
    ['whatsapp:+15550100123', 'whatsapp:+15550100100'],
  ])('from %s to %s keeps both', (from, to) => {
    const [event] = receive(received({ from: { phone_number: from }, to: [{ phone_number: to }] }));
    expect(event).toMatchObject({ type: 'message.received', message: { from, to } });
  });

  it.each([
    ['two recipients', { to: [{ phone_number: ourNumber }, { phone_number: '+15550100124' }] }],
    ['a recipient that nobody can read', { to: [{ phone_number: ourNumber }, {}] }],
    ['a copy', { cc: [{ phone_number: '+15550100124' }] }],
    ['a copy that is no list', { cc: '+15550100124' }],
  ])('of a group, with %s, is not answered to one of them', (_, change) => {
    const json = received(change);
    expect(receive(json)).toMatchObject([
      { type: 'unknown', dedupeKey: `telnyx:message:${messageId}`, raw: json },
    ]);
  });

  it.each([[], null, undefined])('with the cc %j is of no group', (cc) => {
    expect(receive(received({ cc }))).toMatchObject([{ type: 'message.received' }]);
  });

  it('of another channel is not taken for one of the telephone network', () => {
    const whatsapp = { type: 'whatsapp', from: theirNumber, to: ourNumber };
    expect(receive(received(whatsapp))).toMatchObject([
      {
        type: 'message.received',
        message: {
          from: `whatsapp:${theirNumber}`,
          to: `whatsapp:${ourNumber}`,
          text: 'hello',
        },
      },
    ]);
    const rcs = { type: 'RCS', to: [{ agent_id: 'Agent007' }], text: undefined };
    for (const body of [{ text: 'hi' }, { text: { body: 'hi' } }]) {
      expect(receive(received({ ...rcs, body }))).toMatchObject([
        { message: { from: theirNumber, to: 'rcs:Agent007', text: 'hi' } },
      ]);
    }
    const edit = { type: 'edit', edit: { original_message_id: messageId, message: {} } };
    expect(receive(received({ ...whatsapp, text: undefined, body: edit }))).toMatchObject([
      { type: 'unknown' },
    ]);
  });

  it.each([
    ['no sender', { from: {} }],
    ['an empty sender', { from: { phone_number: '' } }],
    ['a sender without a country', { from: { phone_number: '5551234567' } }],
    ['a sender that only ends like a number', { from: { phone_number: '+99915550001234567' } }],
    ['no recipient', { to: [] }],
    ['a recipient that is a name', { to: [{ phone_number: 'MyShop' }] }],
    ['no id', { id: undefined }],
    ['the wrong direction', { direction: 'outbound' }],
  ])('with %s is left unknown, and never guessed', (_, change) => {
    expect(receive(received(change))).toMatchObject([
      { type: 'unknown', dedupeKey: expect.stringMatching(/^telnyx:event:/u) },
    ]);
  });
});

describe('a receipt', () => {
  it('becomes a status, and never a text', () => {
    const errors = [{ code: '40012', title: 'Invalid messaging destination number' }];
    const json = finalized('delivery_failed', { errors, text: 'canary text' });
    expect(receive(json)).toEqual([
      {
        type: 'message.status',
        dedupeKey: `telnyx:event:${json.data.id}`,
        occurredAt: new Date('2026-11-20T11:59:58.574Z'),
        raw: json,
        messageId,
        status: 'undelivered',
        carrierErrorCode: '40012',
      },
    ]);
  });

  it.each([
    ['queued', 'queued'],
    ['sending', 'sending'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['sending_failed', 'failed'],
    ['delivery_failed', 'undelivered'],
    ['delivery_unconfirmed', 'sent'],
    ['expired', 'undelivered'],
    ['teleported', 'unrecognized'],
  ])('says of the recipient that the message is %s: %s', (word, status) => {
    expect(receive(finalized(word))).toMatchObject([{ type: 'message.status', status }]);
  });

  it.each(['message.sent', 'message.finalized', 'message.delivered', 'message.failed'])(
    'may be called %s',
    (type) => {
      expect(receive(envelope(type, receipt))).toMatchObject([{ status: 'delivered' }]);
    },
  );

  it.each([
    ['message.sent', 'sent'],
    ['message.finalized', 'unrecognized'],
    ['message.delivered', 'delivered'],
    ['message.read', 'read'],
    ['message.failed', 'failed'],
  ])('called %s says %s when nothing is said of the recipient', (type, status) => {
    for (const to of [theirNumber, [], undefined]) {
      expect(receive(envelope(type, { ...receipt, to }))).toMatchObject([{ status }]);
    }
  });

  it('on several recipients has a status where they agree', () => {
    expect(statusOf('delivered', 'delivered')).toEqual(['delivered']);
    expect(statusOf('delivered', 'delivery_failed')).toEqual(['unrecognized']);
  });

  it('has the error that Telnyx numbers, and no other', () => {
    expect(errorOf([{ code: 40001 }])).toEqual(['40001']);
    expect(errorOf([{ title: 'x' }, { code: '40002' }])).toEqual(['40002']);
    for (const errors of [[], null, 'x', [{ code: theirNumber }]]) {
      expect(errorOf(errors)).toEqual([undefined]);
    }
  });
});

describe('any other event', () => {
  it.each([
    [
      'a step of a call that nobody waits for',
      envelope('call.bridged', { call_control_id: 'v3:1' }),
    ],
    ['a call without an id', envelope('call.initiated', { direction: 'incoming' })],
    ['a profile at its limit', envelope('messaging-profile.spend-limit-reached', {})],
    ['a new word', envelope('message.teleported', text)],
    ['a receipt of a text to us', envelope('message.finalized', text)],
    ['an older version', { sms_id: messageId, direction: 'inbound', body: 'hello' }],
    ['no object', [1, 2]],
    ['no JSON', 'hello'],
    ['nothing', ''],
  ])('is unknown, and kept: %s', (_, json) => {
    expect(receive(json)).toMatchObject([{ type: 'unknown', raw: json }]);
  });
});

describe('the key against duplicates', () => {
  it('is the same for every attempt to deliver one event (C4, C5)', () => {
    const attempts = [1, 2, 3].map((attempt) =>
      keyOf(envelope('message.finalized', receipt, { attempt })),
    );
    expect(new Set(attempts).size).toBe(1);
    expect(keyOf('not JSON')).toBe(keyOf('not JSON'));
  });

  it('is the same for one text that is announced twice', () => {
    expect(keyOf(envelope('message.received', text, { id: 'one' }))).toBe(
      keyOf(envelope('message.received', text, { id: 'other' })),
    );
  });

  it('differs between events', () => {
    const keys = [
      keyOf(received()),
      keyOf(received({ id: 'another' })),
      keyOf(envelope('message.sent', receipt, { id: 'one' })),
      keyOf(envelope('message.finalized', receipt, { id: 'other' })),
      keyOf({ data: { a: 1 } }),
      keyOf({ data: { a: 2 } }),
      keyOf(''),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('parsing', () => {
  it('makes one event of anything, and never throws', () => {
    const key = fc.constantFrom('id', 'from', 'to', 'text', 'media', 'type', 'errors', 'parts');
    const type = fc.constantFrom('message.received', 'message.sent', 'message.finalized', 'x');
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), type, (change, eventType) => {
        const request = signedJson(envelope(eventType, { ...text, ...change }));
        const webhook = markVerified(request, { bodyAuthenticated: true });
        expect(webhooks.parse(webhook)).toHaveLength(1);
      }),
    );
  });

  it('reads a webhook that another receiver verified', () => {
    const webhook = markVerified(signedJson(received()), { bodyAuthenticated: true });
    expect(webhooks.parse(webhook)).toEqual(receive(received()));
    const odd = { ...signedJson(''), body: Uint8Array.of(0xff) };
    const marked = markVerified(odd, { bodyAuthenticated: true });
    expect(webhooks.parse(marked)).toMatchObject([{ type: 'unknown' }]);
  });
});

describe('the acknowledgement', () => {
  it('is any 2xx, without a body', () => {
    expect(webhooks.acknowledgement).toEqual({ status: 200 });
  });
});
