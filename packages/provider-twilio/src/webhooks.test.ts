import { rejectionOf } from '@openclaw/provider-testkit';
import { isVerifiedWebhook, markVerified, type WebhookRequest } from '@openclaw/telephony-core';
import { signTwilioWebhook, withBodyDigest } from '@openclaw/webhook-verify/twilio';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountSid,
  authToken,
  create,
  messageSid,
  ourNumber,
  signedForm,
  theirNumber,
} from './fake-twilio.testing.ts';

const { webhooks } = create();
const receive = (request: WebhookRequest) => webhooks.parse(webhooks.verify(request));
const keyOf = (request: WebhookRequest) => receive(request)[0]?.dedupeKey;
const reasonOf = (request: WebhookRequest, receiver = webhooks) => rejectionOf(receiver, request);
const base = { AccountSid: accountSid, MessageSid: messageSid, SmsSid: messageSid };
const text = { ...base, From: theirNumber, To: ourNumber, Body: 'hello', SmsStatus: 'received' };
const receipt = { ...base, From: ourNumber, To: theirNumber };

describe('verifying', () => {
  it('believes what the auth token signed, and marks its body as authentic', () => {
    const webhook = webhooks.verify(signedForm(text));
    expect(isVerifiedWebhook(webhook)).toBe(true);
    expect(webhook.bodyAuthenticated).toBe(true);
  });

  it('believes any of several auth tokens, and no other', () => {
    const rotating = create({ authToken: ['next', authToken] }).webhooks;
    expect(reasonOf(signedForm(text, 'next'), rotating)).toBeUndefined();
    expect(reasonOf(signedForm(text), rotating)).toBeUndefined();
    expect(reasonOf(signedForm(text, 'other'), rotating)).toBe('signature_mismatch');
  });

  it('does not believe the secret of an API key', () => {
    const { webhooks: withKey } = create({ apiKey: { sid: 'SK1', secret: 'key secret' } });
    expect(reasonOf(signedForm(text, 'key secret'), withKey)).toBe('signature_mismatch');
    expect(reasonOf(signedForm(text), withKey)).toBeUndefined();
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
    expect(webhooks.requiredHeaders).toEqual([['x-twilio-signature']]);
    expect(reasonOf({ ...request, headers: new Headers() })).toBe('missing_header');
    const odd = new Headers({ 'x-twilio-signature': 'é'.repeat(28) });
    expect(reasonOf({ ...request, headers: odd })).toBe('malformed_header');
    expect(reasonOf({ ...request, method: 'DELETE' })).toBe('malformed_request');
    expect(reasonOf({ ...request, url: `${request.url}/x` })).toBe('signature_mismatch');
  });

  it('refuses what is genuine and for another account', () => {
    const { AccountSid: _, ...nameless } = text;
    expect(reasonOf(signedForm({ ...text, AccountSid: 'AC9' }))).toBe('account_mismatch');
    expect(reasonOf(signedForm(nameless))).toBe('account_mismatch');
    const both = signedForm([...Object.entries(text), ['AccountSid', 'AC9']]);
    expect(reasonOf(both)).toBe('account_mismatch');
  });

  it('refuses what is genuine and of another messaging service than the one that is configured', () => {
    const configured = create({ messagingServiceSid: 'MG1' }).webhooks;
    const named = (MessagingServiceSid: string) => signedForm({ ...text, MessagingServiceSid });
    expect(reasonOf(named('MG2'), configured)).toBe('account_mismatch');
    expect(reasonOf(named('MG1'), configured)).toBeUndefined();
    // A number outside of the service names none.
    expect(reasonOf(signedForm(text), configured)).toBeUndefined();
    expect(reasonOf(named('MG2'))).toBeUndefined();
  });

  it('believes JSON by the digest in its URL, and makes nothing of it', () => {
    const body = '{"event":"new"}';
    const url = withBodyDigest('https://sms.example.com/in', body);
    const headers = { 'content-type': 'application/json' };
    const signature = signTwilioWebhook({ method: 'POST', url, headers, body }, { authToken });
    const events = receive({
      method: 'POST',
      url,
      headers: new Headers({ ...headers, ...signature }),
      body: new TextEncoder().encode(body),
      receivedAt: new Date(0),
    });
    expect(events.map(({ type }) => type)).toEqual(['unknown']);
  });
});

describe('a text', () => {
  it('becomes a message', () => {
    const fields = { ...text, NumMedia: '0', NumSegments: '2' };
    expect(receive(signedForm(fields))).toEqual([
      {
        type: 'message.received',
        dedupeKey: `twilio:message:${messageSid}`,
        raw: fields,
        message: {
          id: messageSid,
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
    const url = `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/M/Media/ME1`;
    const [event] = receive(
      signedForm({
        ...text,
        Body: '',
        NumMedia: '3',
        MediaUrl0: url,
        MediaContentType0: 'image/jpeg',
        MediaUrl1: 'not a URL',
        MediaUrl2: url,
        MediaUrl3: 'https://example.com/uncounted',
      }),
    );
    expect(event).toMatchObject({
      type: 'message.received',
      message: {
        text: '',
        media: [{ url: new URL(url), contentType: 'image/jpeg' }, { url: new URL(url) }],
      },
    });
  });

  it('keeps every value of a field that comes twice', () => {
    const twice: [string, string][] = [...Object.entries(text), ['Extra', 'a'], ['Extra', 'b']];
    twice.push(['Extra', 'c'], ['__proto__', 'x']);
    const raw = receive(signedForm(twice))[0]?.raw;
    expect(raw).toMatchObject({ ...text, Extra: ['a', 'b', 'c'] });
    expect(Object.getPrototypeOf(raw)).toBe(Object.prototype);
    const call = { AccountSid: accountSid, CallSid: 'CA1' };
    expect(
      receive(signedForm([...Object.entries(call), ['Digits', '1'], ['Digits', '2']])),
    ).toEqual([expect.objectContaining({ type: 'unknown', raw: { ...call, Digits: ['1', '2'] } })]);
  });

  it('without words and pictures is unknown on a channel, where it is a place or a card', () => {
    const place = {
      ...text,
      From: `whatsapp:${theirNumber}`,
      To: `whatsapp:${ourNumber}`,
      Body: '',
      NumMedia: '0',
      Latitude: '52.5',
      Longitude: '13.4',
    };
    expect(receive(signedForm(place))).toEqual([
      { type: 'unknown', dedupeKey: `twilio:message:${messageSid}`, raw: place },
    ]);
    const picture = { ...place, NumMedia: '1', MediaUrl0: 'https://api.twilio.com/a' };
    expect(receive(signedForm(picture))[0]?.type).toBe('message.received');
    expect(receive(signedForm({ ...text, Body: '' }))[0]?.type).toBe('message.received');
  });

  it('is one without any status as well', () => {
    const { SmsStatus: _, ...bare } = text;
    expect(receive(signedForm(bare))[0]?.type).toBe('message.received');
  });

  it.each([
    ['STOP', 'stop'],
    ['start', 'start'],
    ['HELP', 'help'],
    ['NEW', undefined],
  ])('with OptOutType %s has the hint %s', (OptOutType, optOut) => {
    const [event] = receive(signedForm({ ...text, OptOutType }));
    expect(event?.type === 'message.received' && event.message.optOut).toBe(optOut);
  });

  it.each([
    ['+15550100123', '+15550100100'],
    ['55555', '+15550100100'],
    ['MyBank', '55555'],
    ['whatsapp:+15550100123', 'whatsapp:+15550100100'],
  ])('from %s to %s keeps who wrote', (from, to) => {
    const [event] = receive(signedForm({ ...text, From: from, To: to }));
    expect(event).toMatchObject({ type: 'message.received', message: { from, to } });
  });

  it.each(['+15550100100', 'rcs:an_agent'])(
    'over RCS to %s is from the person with that number',
    (To) => {
      const [event] = receive(signedForm({ ...text, From: `rcs:${theirNumber}`, To }));
      expect(event).toMatchObject({
        type: 'message.received',
        message: { from: theirNumber, to: To },
      });
    },
  );

  it.each([
    ['', ourNumber],
    [' ', ourNumber],
    ['+99915550001234567', ourNumber],
    ['5551234567', ourNumber],
    [theirNumber, ''],
    [theirNumber, 'sip:an_agent@example.com'],
  ])('from %j to %j is left unknown, and never guessed', (From, To) => {
    const [event] = receive(signedForm({ ...text, From, To }));
    expect(event).toMatchObject({
      type: 'unknown',
      dedupeKey: `twilio:message:${messageSid}`,
    });
  });
});

describe('a status callback', () => {
  it('becomes a status, and never a text', () => {
    const fields = {
      ...receipt,
      MessageStatus: 'undelivered',
      SmsStatus: 'sent',
      ErrorCode: '30003',
    };
    expect(receive(signedForm(fields))).toEqual([
      {
        type: 'message.status',
        dedupeKey: `twilio:status:${messageSid}:undelivered`,
        raw: fields,
        messageId: messageSid,
        status: 'undelivered',
        carrierErrorCode: '30003',
      },
    ]);
  });

  it.each([
    'accepted',
    'scheduled',
    'queued',
    'sending',
    'sent',
    'delivered',
    'read',
    'undelivered',
    'failed',
    'canceled',
  ])('says %s in the same word', (MessageStatus) => {
    expect(receive(signedForm({ ...receipt, MessageStatus }))).toMatchObject([
      { type: 'message.status', status: MessageStatus },
    ]);
  });

  it('with a new word is "unrecognized", and has a key of its own', () => {
    expect(receive(signedForm({ ...receipt, MessageStatus: 'teleported' }))).toMatchObject([
      { status: 'unrecognized', dedupeKey: `twilio:status:${messageSid}:teleported` },
    ]);
  });

  it('may have its status in the older field', () => {
    const { MessageSid: _, ...older } = { ...receipt, SmsStatus: 'delivered' };
    expect(receive(signedForm(older))).toMatchObject([
      { messageId: messageSid, status: 'delivered' },
    ]);
  });

  it.each(['', '0'])('with ErrorCode %j has no error', (ErrorCode) => {
    const [event] = receive(signedForm({ ...receipt, MessageStatus: 'sent', ErrorCode }));
    expect(event).not.toHaveProperty('carrierErrorCode');
  });
});

describe('the key against duplicates', () => {
  it('is the same for the same event, whatever is not signed and in whatever order (C4, C5)', () => {
    const call = { AccountSid: accountSid, CallSid: 'CA1', CallStatus: 'ringing' };
    const request = signedForm(call);
    const again = signedForm(Object.entries(call).toReversed());
    again.headers.set('i-twilio-idempotency-token', 'another');
    expect(keyOf(again)).toBe(keyOf(request));
    expect(keyOf(request)).toMatch(/^twilio:call:CA1:[\w-]{43}$/u);
  });

  it('differs between events', () => {
    const account = { AccountSid: accountSid };
    const keys = [
      keyOf(signedForm(text)),
      keyOf(signedForm({ ...receipt, MessageStatus: 'sent' })),
      keyOf(signedForm({ ...receipt, MessageStatus: 'delivered' })),
      keyOf(signedForm({ ...account, CallSid: 'CA1', CallStatus: 'ringing' })),
      keyOf(signedForm({ ...account, CallSid: 'CA1', CallStatus: 'completed' })),
      keyOf(signedForm({ ...account, a: 'bc' })),
      keyOf(signedForm({ ...account, ab: 'c' })),
      keyOf(signedForm(account)),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('parsing', () => {
  it('makes one event of anything, and never throws', () => {
    const name = fc.constantFrom(
      ...Object.keys(text).filter((key) => key !== 'AccountSid'),
      'CallSid',
      'MessageStatus',
      'NumMedia',
      'MediaUrl0',
      'MediaContentType0',
      'NumSegments',
      'OptOutType',
      'ErrorCode',
      '__proto__',
    );
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(theirNumber, 'received', '1e9', '-1', 'NaN', 'https://[', messageSid),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (fields) => {
        expect(receive(signedForm([['AccountSid', accountSid], ...fields]))).toHaveLength(1);
      }),
    );
  });

  it('reads a webhook that another receiver verified, as a form or as a query', () => {
    const request = signedForm(text);
    const elsewhere = markVerified(request, { bodyAuthenticated: true });
    expect(webhooks.parse(elsewhere)).toEqual(receive(request));
    const query = new URLSearchParams(text).toString();
    const url = `https://sms.example.com/in?${query}`;
    const get = { ...request, method: 'GET', url, body: new Uint8Array() };
    const parsed = webhooks.parse(markVerified(get, { bodyAuthenticated: true }));
    expect(parsed).toEqual(receive(request));
    const bare = { ...get, url: 'https://sms.example.com/in', body: Uint8Array.of(0xff, 0x25) };
    for (const method of ['GET', 'POST']) {
      const odd = markVerified({ ...bare, method }, { bodyAuthenticated: true });
      expect(webhooks.parse(odd)).toMatchObject([{ type: 'unknown' }]);
    }
  });

  it('reads a GET that it verified', () => {
    const url = `https://sms.example.com/in?${new URLSearchParams(text).toString()}`;
    const unsigned = { method: 'GET', url, headers: {}, body: '' };
    const events = receive({
      method: 'GET',
      url,
      headers: new Headers(signTwilioWebhook(unsigned, { authToken })),
      body: new Uint8Array(),
      receivedAt: new Date(0),
    });
    expect(events).toMatchObject([{ type: 'message.received', message: { text: 'hello' } }]);
  });
});

describe('the acknowledgement', () => {
  it('is an empty XML document, because Twilio reports anything else as an error (C44)', () => {
    expect(webhooks.acknowledgement).toEqual({
      status: 200,
      contentType: 'text/xml',
      body: '<Response/>',
    });
  });
});
