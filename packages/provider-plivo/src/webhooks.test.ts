import { rejectionOf } from '@openclaw/provider-testkit';
import { isVerifiedWebhook, markVerified, type WebhookRequest } from '@openclaw/telephony-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  authToken,
  create,
  messageUuid,
  ourNumber,
  signedForm,
  theirNumber,
} from './fake-plivo.testing.ts';

const { webhooks } = create();
const receive = (request: WebhookRequest) => webhooks.parse(webhooks.verify(request));
const keyOf = (request: WebhookRequest) => receive(request)[0]?.dedupeKey;
const reasonOf = (request: WebhookRequest, receiver = webhooks) => rejectionOf(receiver, request);
/** The same request with some headers taken out. */
const without = (request: WebhookRequest, unwanted: RegExp): WebhookRequest => ({
  ...request,
  headers: new Headers([...request.headers].filter(([name]) => !unwanted.test(name))),
});
const text = {
  MessageUUID: messageUuid,
  From: theirNumber.slice(1),
  To: ourNumber.slice(1),
  Text: 'hello',
  Type: 'sms',
  Units: '1',
};
const receipt = {
  MessageUUID: messageUuid,
  ParentMessageUUID: messageUuid,
  PartInfo: '1 of 1',
  From: ourNumber.slice(1),
  To: theirNumber.slice(1),
  Units: '1',
};

describe('verifying', () => {
  it('believes what the auth token signed with V3, and marks its body as authentic', () => {
    const webhook = webhooks.verify(signedForm(text));
    expect(isVerifiedWebhook(webhook)).toBe(true);
    expect(webhook.bodyAuthenticated).toBe(true);
  });

  it('believes what only the main account’s signature fits, as live texts have it', () => {
    const request = signedForm(text, { secret: 'a subaccount', mainSecret: authToken });
    expect(webhooks.verify(request).bodyAuthenticated).toBe(true);
    expect(reasonOf(without(request, /signature-v3$/u))).toBeUndefined();
    expect(reasonOf(without(request, /ma-v3$/u))).toBe('signature_mismatch');
  });

  it('believes any of several auth tokens, and no other', () => {
    const both = create({ authToken: ['main', 'subaccount'] }).webhooks;
    expect(reasonOf(signedForm(text, { secret: 'main' }), both)).toBeUndefined();
    expect(reasonOf(signedForm(text, { secret: 'subaccount' }), both)).toBeUndefined();
    expect(reasonOf(signedForm(text, { secret: 'other' }), both)).toBe('signature_mismatch');
  });

  it('believes V2, but not that its body is authentic', () => {
    const request = signedForm(text, { version: 'v2' });
    const webhook = webhooks.verify(request);
    expect(webhook.bodyAuthenticated).toBe(false);
    expect(webhooks.parse(webhook)).toMatchObject([{ type: 'message.received' }]);
    const other = { ...request, body: new TextEncoder().encode('MessageUUID=x') };
    expect(webhooks.verify(other).bodyAuthenticated).toBe(false);
  });

  it('does not fall back to V2 when a V3 signature is there and wrong (C25)', () => {
    const request = signedForm(text, { version: 'v2' });
    for (const [name, value] of signedForm(text, { secret: 'other' }).headers) {
      request.headers.set(name, value);
    }
    expect(reasonOf(request)).toBe('signature_mismatch');
  });

  it('believes no V2 at all when told so', () => {
    const { webhooks: strict } = create({ requireV3: true });
    expect(reasonOf(signedForm(text, { version: 'v2' }), strict)).toBe('missing_header');
    expect(reasonOf(signedForm(text), strict)).toBeUndefined();
    expect(strict.requiredHeaders.flat().join(' ')).not.toContain('v2');
  });

  it('wants V3 for calls in any case', () => {
    const call = { CallUUID: 'c1', CallStatus: 'ringing' };
    expect(reasonOf(signedForm(call, { version: 'v2' }))).toBe('missing_header');
    expect(reasonOf(signedForm(call))).toBeUndefined();
  });

  it('refuses a body of which one byte changed', () => {
    const request = signedForm(text);
    fc.assert(
      fc.property(fc.nat({ max: request.body.length - 1 }), (index) => {
        const body = Uint8Array.from(request.body);
        body[index] = (body[index] ?? 0) ^ 1;
        // A changed "&" or "%" can make it no form, which is as good a reason.
        expect(['signature_mismatch', 'malformed_body']).toContain(reasonOf({ ...request, body }));
      }),
    );
  });

  it('says why', () => {
    const request = signedForm(text);
    const names = new Set(request.headers.keys());
    for (const list of webhooks.requiredHeaders) {
      expect(list.some((name) => names.has(name))).toBe(true);
    }
    expect(reasonOf({ ...request, headers: new Headers() })).toBe('missing_header');
    expect(reasonOf(without(request, /nonce/u))).toBe('missing_header');
    const odd = new Headers(request.headers);
    odd.set('x-plivo-signature-v3', 'é'.repeat(44));
    expect(reasonOf({ ...request, headers: odd })).toBe('malformed_header');
    expect(reasonOf({ ...request, method: 'DELETE' })).toBe('malformed_request');
    expect(reasonOf({ ...request, url: `${request.url}/x` })).toBe('signature_mismatch');
  });
});

describe('a text', () => {
  it('becomes a message, with the plus signs that Plivo leaves out', () => {
    expect(receive(signedForm({ ...text, Units: '2' }))).toEqual([
      {
        type: 'message.received',
        dedupeKey: `plivo:message:${messageUuid}`,
        raw: { ...text, Units: '2' },
        message: {
          id: messageUuid,
          from: theirNumber,
          to: ourNumber,
          text: 'hello',
          media: [],
          segmentCount: 2,
        },
      },
    ]);
  });

  it('may be a picture without words, which is no receipt', () => {
    const { Text: _, Units: __, ...bare } = text;
    const [event] = receive(
      signedForm({ ...bare, Type: 'mms', MediaCount: '1', Media0: 'https://media.plivo.com/a' }),
    );
    expect(event).toMatchObject({
      type: 'message.received',
      message: { text: '', media: [{ url: new URL('https://media.plivo.com/a') }] },
    });
  });

  it('has its words in Body when it is an MMS', () => {
    const { Text: _, ...bare } = text;
    for (const fields of [
      { ...bare, Body: 'look' },
      { ...bare, Text: '', Body: 'look' },
    ]) {
      expect(receive(signedForm(fields))).toMatchObject([{ message: { text: 'look' } }]);
    }
  });

  it('has its media in the order of their numbers, counted from 0 or 1', () => {
    for (const first of [0, 1]) {
      const media = Array.from({ length: 12 }, (_, index) => `https://media.plivo.com/${index}`);
      const fields = Object.fromEntries(
        media.map((url, index) => [`Media${index + first}`, url] as const).toReversed(),
      );
      const [event] = receive(signedForm({ ...text, MediaCount: '12', ...fields }));
      const found = event?.type === 'message.received' ? event.message.media : [];
      expect(found.map(({ url }) => url.href)).toEqual(media);
    }
  });

  it('may have the older list of media, and never has what is no URL', () => {
    const MediaUrls = 'https://media.plivo.com/a,https://media.plivo.com/b';
    expect(receive(signedForm({ ...text, MediaUrls }))).toMatchObject([
      { message: { media: [{ url: new URL('https://media.plivo.com/a') }, {}] } },
    ]);
    const odd = { ...text, Media0: 'not a URL', Media1: '', MediaX: 'https://example.com/x' };
    expect(receive(signedForm(odd))).toMatchObject([{ message: { media: [] } }]);
  });

  it('names the type of a single file', () => {
    const one = { ...text, Media0: 'https://media.plivo.com/a', MimeType: 'image/png' };
    expect(receive(signedForm(one))).toMatchObject([
      { message: { media: [{ contentType: 'image/png' }] } },
    ]);
    const [event] = receive(signedForm({ ...one, Media1: 'https://media.plivo.com/b' }));
    expect(JSON.stringify(event?.type === 'message.received' && event.message)).not.toContain(
      'image/png',
    );
  });

  it.each([
    ['optout', 'stop'],
    ['optin', 'start'],
    ['help', 'help'],
    ['', undefined],
    ['new', undefined],
  ])('with MessageIntent %j has the hint %s', (MessageIntent, optOut) => {
    const [event] = receive(signedForm({ ...text, MessageIntent }));
    expect(event?.type === 'message.received' && event.message.optOut).toBe(optOut);
  });

  it.each([
    ['15550100123', '15550100100', '+15550100123', '+15550100100'],
    ['+15550100123', '+15550100100', '+15550100123', '+15550100100'],
    ['55555', '15550100100', '55555', '+15550100100'],
    ['262966', '55555', '262966', '55555'],
    ['MyBank', '15550100100', 'MyBank', '+15550100100'],
    ['1-800-BANK', '15550100100', '1-800-BANK', '+15550100100'],
    [
      'whatsapp:+15550100123',
      'whatsapp:+15550100100',
      'whatsapp:+15550100123',
      'whatsapp:+15550100100',
    ],
    ['rcs:+15550100123', 'rcs:an_agent', '+15550100123', 'rcs:an_agent'],
  ])('from %s to %s keeps who wrote', (From, To, from, to) => {
    const [event] = receive(signedForm({ ...text, From, To }));
    expect(event).toMatchObject({ type: 'message.received', message: { from, to } });
  });

  it('over WhatsApp is from a WhatsApp address, so that nobody answers it with a text', () => {
    expect(receive(signedForm({ ...text, Type: 'whatsapp' }))).toMatchObject([
      { message: { from: `whatsapp:${theirNumber}`, to: `whatsapp:${ourNumber}` } },
    ]);
  });

  it('over RCS is from the person with that number', () => {
    expect(receive(signedForm({ ...text, Type: 'RCS' }))).toMatchObject([
      { message: { from: theirNumber, to: `rcs:${ourNumber}` } },
    ]);
  });

  it.each(['viber', 'newchannel'])(
    'of the type %s is from an address of that channel, also when nobody knows it yet',
    (Type) => {
      const channel = Type.toLowerCase();
      expect(receive(signedForm({ ...text, Type }))).toMatchObject([
        { message: { from: `${channel}:${theirNumber}`, to: `${channel}:${ourNumber}` } },
      ]);
    },
  );

  it.each(['', 'SMS', 'Mms'])('of the type %j is from a number', (Type) => {
    expect(receive(signedForm({ ...text, Type }))).toMatchObject([
      { message: { from: theirNumber, to: ourNumber } },
    ]);
  });

  it('of a type that makes no address is left unknown', () => {
    for (const Type of ['a type', 'sip', '9']) {
      expect(receive(signedForm({ ...text, Type }))).toMatchObject([{ type: 'unknown' }]);
    }
  });

  it('keeps every value of a field that comes several times', () => {
    const fields: [string, string][] = [...Object.entries(text), ['X', '1'], ['X', ''], ['X', '3']];
    expect(receive(signedForm(fields))[0]?.raw).toEqual({ ...text, X: ['1', '', '3'] });
  });

  it.each([
    ['', ourNumber],
    [' ', ourNumber],
    ['999155500012345678', ourNumber],
    ['anonymous sender', ourNumber],
    [theirNumber, ''],
    [theirNumber, 'MyBank'],
  ])('from %j to %j is left unknown, and never guessed', (From, To) => {
    const [event] = receive(signedForm({ ...text, From, To }));
    expect(event).toMatchObject({ type: 'unknown', dedupeKey: `plivo:message:${messageUuid}` });
  });
});

describe('a status callback', () => {
  it('becomes a status, and never a text', () => {
    const fields = { ...receipt, Status: 'undelivered', ErrorCode: '80', Sequence: '3' };
    expect(receive(signedForm(fields))).toEqual([
      {
        type: 'message.status',
        dedupeKey: `plivo:status:${messageUuid}:undelivered`,
        raw: fields,
        messageId: messageUuid,
        status: 'undelivered',
        carrierErrorCode: '80',
      },
    ]);
  });

  it('tells of a recipient who has opted out, which Plivo reports in no other way', () => {
    expect(receive(signedForm({ ...receipt, Status: 'failed', ErrorCode: '200' }))).toMatchObject([
      { status: 'failed', carrierErrorCode: '200' },
    ]);
  });

  it.each([
    ['queued', 'queued'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'read'],
    ['undelivered', 'undelivered'],
    ['failed', 'failed'],
    ['rejected', 'failed'],
  ])('that says %s is %s', (Status, status) => {
    expect(receive(signedForm({ ...receipt, Status }))).toMatchObject([
      { type: 'message.status', status },
    ]);
  });

  it('with a new word is "unrecognized", and has a key of its own', () => {
    expect(receive(signedForm({ ...receipt, Status: 'teleported' }))).toMatchObject([
      { status: 'unrecognized', dedupeKey: `plivo:status:${messageUuid}:teleported` },
    ]);
  });

  it('of a part is one of the whole message, with a key of its own', () => {
    const part = { ...receipt, MessageUUID: 'part-2', PartInfo: '2 of 2', Status: 'sent' };
    expect(receive(signedForm(part))).toMatchObject([
      { messageId: messageUuid, dedupeKey: 'plivo:status:part-2:sent' },
    ]);
    const { ParentMessageUUID: _, ...older } = part;
    expect(receive(signedForm(older))).toMatchObject([{ messageId: 'part-2' }]);
  });

  it.each([
    ['delivered', 'sent'],
    ['read', 'sent'],
    ['queued', 'queued'],
    ['undelivered', 'undelivered'],
    ['failed', 'failed'],
  ])('of a part that is %s says of the whole message: %s', (Status, status) => {
    const part = { ...receipt, MessageUUID: 'part-2', PartInfo: '2 of 2', Status };
    expect(receive(signedForm(part))).toMatchObject([
      { messageId: messageUuid, status, dedupeKey: `plivo:status:part-2:${Status}` },
    ]);
  });

  it.each([
    ['1 of 2', 'sent'],
    ['1 of 1', 'delivered'],
    ['', 'delivered'],
    ['once', 'delivered'],
  ])(
    'that says delivered of %j says of the whole, whose id is that of the first: %s',
    (PartInfo, status) => {
      const first = { ...receipt, PartInfo, Status: 'delivered' };
      expect(receive(signedForm(first))).toMatchObject([{ messageId: messageUuid, status }]);
    },
  );

  it.each(['', '0', '000'])('with ErrorCode %j has no error', (ErrorCode) => {
    const [event] = receive(signedForm({ ...receipt, Status: 'sent', ErrorCode }));
    expect(event).not.toHaveProperty('carrierErrorCode');
  });
});

describe('the key against duplicates', () => {
  it('is the same for the same event, whatever is not signed and in whatever order (C4, C5)', () => {
    const call = { CallUUID: 'c1', CallStatus: 'ringing' };
    const again = signedForm(Object.entries(call).toReversed());
    again.headers.set('x-request-id', 'another');
    expect(keyOf(again)).toBe(keyOf(signedForm(call)));
    expect(keyOf(again)).toMatch(/^plivo:call:c1:[\w-]{43}$/u);
    expect(keyOf(signedForm(Object.entries(text).toReversed()))).toBe(keyOf(signedForm(text)));
  });

  it('differs between events', () => {
    const keys = [
      keyOf(signedForm(text)),
      keyOf(signedForm({ ...receipt, Status: 'sent' })),
      keyOf(signedForm({ ...receipt, Status: 'delivered' })),
      keyOf(signedForm({ CallUUID: 'c1', CallStatus: 'ringing' })),
      keyOf(signedForm({ CallUUID: 'c1', CallStatus: 'completed' })),
      keyOf(signedForm({ a: 'bc' })),
      keyOf(signedForm({ ab: 'c' })),
      keyOf(signedForm({})),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('parsing', () => {
  it('makes one event of anything, and never throws', () => {
    const name = fc.constantFrom(
      ...Object.keys(text),
      'Status',
      'ParentMessageUUID',
      'CallUUID',
      'MediaCount',
      'Media0',
      'Media9999999999999',
      'MediaUrls',
      'MimeType',
      'MessageIntent',
      'ErrorCode',
      '__proto__',
    );
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(theirNumber, 'received', '1e9', '-1', 'NaN', 'https://[', messageUuid),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (fields) => {
        expect(receive(signedForm(fields))).toHaveLength(1);
      }),
    );
  });

  it('reads a webhook that another receiver verified, as a form or as a query', () => {
    const request = signedForm(text);
    const elsewhere = markVerified(request, { bodyAuthenticated: true });
    expect(webhooks.parse(elsewhere)).toEqual(receive(request));
    const get = signedForm(text, { method: 'GET' });
    const parsed = webhooks.parse(markVerified(get, { bodyAuthenticated: true }));
    expect(parsed).toEqual(receive(request));
    const bare = { ...get, url: 'https://sms.example.com/in', body: Uint8Array.of(0xff, 0x25) };
    for (const method of ['GET', 'POST']) {
      const odd = markVerified({ ...bare, method }, { bodyAuthenticated: true });
      expect(webhooks.parse(odd)).toMatchObject([{ type: 'unknown' }]);
    }
  });

  it('reads a GET that it verified', () => {
    expect(receive(signedForm(text, { method: 'GET' }))).toMatchObject([
      { type: 'message.received', message: { text: 'hello' } },
    ]);
  });
});

describe('the acknowledgement', () => {
  it('is an empty XML document, because Plivo would send any other as an answer', () => {
    expect(webhooks.acknowledgement).toEqual({
      status: 200,
      contentType: 'text/xml',
      body: '<Response/>',
    });
  });
});
