import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  asciiSecret,
  encodeForm,
  fields,
  flipBit,
  flipTextBit,
  joinFields,
  style,
  url as urls,
} from '../test/requests.ts';
import { readVectors, verdictOf } from '../test/vectors.ts';
import {
  signPlivoV2Webhook,
  signPlivoV3Webhook,
  verifyPlivoRequest,
  verifyPlivoWebhook,
  type PlivoVerifyOptions,
} from './plivo.ts';
import type { WebhookRequest } from './request.ts';

const authToken = 'plivoTestAuthToken0000000000000000000000';
const nonce = '05429567804466091622';
const url = 'https://hooks.example.com/plivo/inbound';
const body = 'From=14155550001&To=14155550002&Text=Gr%C3%BC%C3%9Fe+%26&MessageUUID=u-1';
const plain: WebhookRequest = { method: 'POST', url, headers: {}, body };

function v3(changes: Partial<WebhookRequest> = {}, token = authToken): WebhookRequest {
  const request = { ...plain, ...changes };
  return { ...request, headers: signPlivoV3Webhook(request, { authToken: token, nonce }) };
}
function v2(changes: Partial<WebhookRequest> = {}, token = authToken): WebhookRequest {
  const request = { ...plain, ...changes };
  return { ...request, headers: signPlivoV2Webhook(request, { authToken: token, nonce }) };
}
const verdict = (request: WebhookRequest, options: Partial<PlivoVerifyOptions> = {}) =>
  verdictOf(() => verifyPlivoWebhook(request, { authToken, ...options }));
const withHeaders = (request: WebhookRequest, headers: Record<string, string | undefined>) => ({
  ...request,
  headers: { ...Object.fromEntries(Object.entries(request.headers)), ...headers },
});
const hmac = (text: string, token = authToken): string =>
  createHmac('sha256', token).update(text).digest('base64');

describe('a V3 webhook', () => {
  it('hands back the fields, and everything else it knows', () => {
    const webhook = verifyPlivoWebhook(v3(), { authToken });
    expect(webhook).toMatchObject({
      carrier: 'plivo',
      signatureVersion: 'v3',
      bodyAuthenticated: true,
      secretIndex: 0,
      eventId: 'u-1',
    });
    expect(Object.fromEntries(webhook.parameters)).toEqual({
      From: '14155550001',
      To: '14155550002',
      Text: 'Grüße &',
      MessageUUID: 'u-1',
    });
    expect(webhook.parameters).toBe(webhook.parameters);
  });

  it('signs exactly the text of the official SDKs', () => {
    for (const vector of readVectors('plivo-v3').vectors) {
      if (vector.tier !== 'core' || !vector.expected || vector.signature.includes(',')) continue;
      const request = {
        ...plain,
        method: vector.method ?? '',
        url: vector.url,
        body: vector.rawBody ?? '',
      };
      const headers = signPlivoV3Webhook(request, vector);
      expect([vector.id, headers['x-plivo-signature-v3']]).toEqual([vector.id, vector.signature]);
      expect(vector.signature).toBe(hmac(vector.signingString, vector.authToken));
    }
  });

  it('of a GET has its parameters in the query', () => {
    const request = v3({ method: 'GET', url: `${url}?b=2&a=1+1&b=%C3%BC`, body: '' });
    const webhook = verifyPlivoWebhook(request, { authToken });
    expect([...webhook.parameters]).toEqual([
      ['b', '2'],
      ['a', '1 1'],
      ['b', 'ü'],
    ]);
    expect(verdict({ ...request, body: 'x=1' })).toBe('malformed_request');
  });

  it('may come with the Ma signature only, or with both', () => {
    const headers = signPlivoV3Webhook(plain, {
      authToken: 'sub',
      mainAuthToken: authToken,
      nonce,
    });
    expect(Object.keys(headers).toSorted()).toEqual([
      'x-plivo-signature-ma-v3',
      'x-plivo-signature-v3',
      'x-plivo-signature-v3-nonce',
    ]);
    expect(verdict({ ...plain, headers })).toBe('accepted');
    expect(verdict({ ...plain, headers }, { authToken: 'sub' })).toBe('accepted');
    expect(verdict(withHeaders({ ...plain, headers }, { 'x-plivo-signature-v3': undefined }))).toBe(
      'accepted',
    );
    expect(verdict(withHeaders({ ...plain, headers }, { 'x-plivo-signature-v3': '' }))).toBe(
      'accepted',
    );
    expect(verdict({ ...plain, headers }, { authToken: ['x', 'sub'] })).toBe('accepted');
    const found = verifyPlivoWebhook({ ...plain, headers }, { authToken: ['x', authToken] });
    expect(found.secretIndex).toBe(1);
  });

  it('may list a signature for each active token, with spaces', () => {
    const good = v3().headers;
    const signature = signPlivoV3Webhook(plain, { authToken, nonce })['x-plivo-signature-v3'] ?? '';
    const listed = (value: string): WebhookRequest =>
      withHeaders({ ...plain, headers: good }, { 'x-plivo-signature-v3': value });
    const other = hmac('x');
    expect(verdict(listed(`${other}, ${signature}`))).toBe('accepted');
    expect(verdict(listed(`short ,${signature} `))).toBe('accepted');
    expect(verdict(listed(other))).toBe('signature_mismatch');
    expect(verdict(listed(`${other},${other}`))).toBe('signature_mismatch');
    expect(verdict(listed(',,'))).toBe('malformed_header');
    expect(verdict(listed(signature.replace('=', '')))).toBe('malformed_header');
    expect(verdict(listed(`x${signature}`))).toBe('malformed_header');
    expect(verdict(listed(`${signature}x`))).toBe('malformed_header');
    expect(verdict(listed([...Array.from({ length: 15 }, () => other), signature].join()))).toBe(
      'accepted',
    );
    expect(verdict(listed([...Array.from({ length: 16 }, () => other), signature].join()))).toBe(
      'malformed_header',
    );
  });

  it('of a POST without parameters has two spellings', () => {
    for (const text of [`${url}.${nonce}`, `${url}?.${nonce}`]) {
      const headers = { 'x-plivo-signature-v3': hmac(text), 'x-plivo-signature-v3-nonce': nonce };
      expect(verdict({ ...plain, headers, body: '' })).toBe('accepted');
      expect(verdict({ ...plain, headers, body: 'a=1' })).toBe('signature_mismatch');
    }
    const headers = {
      'x-plivo-signature-v3': hmac(`${url}?.${nonce}`),
      'x-plivo-signature-v3-nonce': nonce,
    };
    expect(verdict({ ...plain, headers, method: 'GET', body: '' })).toBe('signature_mismatch');
    expect(verdict({ ...plain, headers, url: `${url}?a=1`, body: '' })).toBe('signature_mismatch');
  });

  it('of a WebSocket handshake may be signed with http', () => {
    const stream = 'wss://hooks.example.com/stream';
    for (const text of ['http://hooks.example.com/stream', stream]) {
      const headers = {
        'x-plivo-signature-v3': hmac(`${text}.${nonce}`),
        'x-plivo-signature-v3-nonce': nonce,
      };
      expect(verdict({ method: 'GET', url: stream, headers, body: '' })).toBe('accepted');
    }
    const https = {
      'x-plivo-signature-v3': hmac(`https://hooks.example.com/stream.${nonce}`),
      'x-plivo-signature-v3-nonce': nonce,
    };
    expect(verdict({ method: 'GET', url: stream, headers: https, body: '' })).toBe(
      'signature_mismatch',
    );
  });

  it.each([
    ['body', { body: `${body}x` }, 'signature_mismatch'],
    ['URL', { url: `${url}/` }, 'signature_mismatch'],
    ['query', { url: `${url}?x=1` }, 'signature_mismatch'],
    ['escape in the query', { url: `${url}?x=%` }, 'malformed_request'],
    ['text in the query', { url: `${url}?x=%FF` }, 'malformed_request'],
    ['escape in the body', { body: 'x=%' }, 'malformed_body'],
    ['method', { method: 'DELETE' }, 'malformed_request'],
    ['relative URL', { url: '/plivo' }, 'malformed_request'],
  ])('is refused with another %s', (_, changes, reason) => {
    expect(verdict({ ...v3(), ...changes })).toBe(reason);
  });

  it('with too many fields in body or query is refused', () => {
    const many = Array.from({ length: 1001 }, (_, n) => `f${String(n)}=1`).join('&');
    expect(verdict({ ...v3(), body: many })).toBe('malformed_body');
    expect(verdict({ ...v3(), url: `${url}?${many}` })).toBe('malformed_request');
  });

  it.each([
    ['absent', undefined, 'missing_header'],
    ['empty', '', 'missing_header'],
    ['another', '1', 'signature_mismatch'],
    ['not ASCII', '1é', 'malformed_header'],
    ['two', '1 2', 'malformed_header'],
    ['too long', '1'.repeat(257), 'malformed_header'],
    ['long', '1'.repeat(256), 'signature_mismatch'],
  ])('is refused when its nonce is %s', (_, value, reason) => {
    expect(verdict(withHeaders(v3(), { 'x-plivo-signature-v3-nonce': value }))).toBe(reason);
  });

  it('ignores userinfo and fragment', () => {
    const received = { url: url.replace('https://', 'https://u:p@').concat('#rc=2') };
    expect(verdict({ ...v3(), ...received })).toBe('accepted');
    expect(verdict({ ...v3({ url: `${url}?a=1` }), url: `${url}?a=1#b=2` })).toBe('accepted');
    expect(verdict({ ...v3(), url: `${url}#a?b=2` })).toBe('accepted');
  });
});

describe('the choice between V3 and V2', () => {
  it('never falls back to V2 when a V3 signature is present', () => {
    const both = withHeaders(v2(), {
      'x-plivo-signature-v3': hmac('x'),
      'x-plivo-signature-v3-nonce': nonce,
    });
    expect(verdict(both)).toBe('signature_mismatch');
    expect(
      verdict(
        withHeaders(v2(), {
          'x-plivo-signature-ma-v3': hmac('x'),
          'x-plivo-signature-v3-nonce': nonce,
        }),
      ),
    ).toBe('signature_mismatch');
    expect(verdict(withHeaders(v2(), { 'x-plivo-signature-v3': hmac('x') }))).toBe(
      'missing_header',
    );
    expect(verdict(withHeaders(v2(), { 'x-plivo-signature-v3': '' }))).toBe('missing_header');
    expect(verdict(withHeaders(v2(), { 'x-plivo-signature-v3': 'x' }))).toBe('malformed_header');
  });

  it('takes V2 when there is only a V3 nonce, which proves nothing', () => {
    expect(verdict(withHeaders(v2(), { 'x-plivo-signature-v3-nonce': nonce }))).toBe('accepted');
  });

  it('takes V3 only where it is required', () => {
    expect(verdict(v2(), { requireV3: true })).toBe('missing_header');
    expect(verdict(v3(), { requireV3: true })).toBe('accepted');
    expect(verdict(v2(), { requireV3: false })).toBe('accepted');
  });

  it('needs one of the four headers', () => {
    expect(verdict(plain)).toBe('missing_header');
    expect(verdict({ ...plain, headers: new Headers() })).toBe('missing_header');
    const message =
      'The request has none of the headers x-plivo-signature-v3, x-plivo-signature-ma-v3, x-plivo-signature-v2, x-plivo-signature-ma-v2.';
    expect(() => verifyPlivoWebhook(plain, { authToken })).toThrow(message);
  });
});

describe('a V2 webhook', () => {
  it('says that its body is not authenticated', () => {
    const webhook = verifyPlivoWebhook(
      { ...v2(), body: 'Text=other&MessageUUID=u-2' },
      { authToken },
    );
    expect(webhook).toMatchObject({
      carrier: 'plivo',
      signatureVersion: 'v2',
      bodyAuthenticated: false,
      eventId: 'u-2',
    });
    expect(webhook.parameters.get('Text')).toBe('other');
  });

  it('signs the URL without query, and the nonce', () => {
    for (const vector of readVectors('plivo-v2').vectors) {
      if (!vector.expected) continue;
      const headers = signPlivoV2Webhook({ ...plain, url: vector.url }, vector);
      expect([vector.id, headers['x-plivo-signature-v2']]).toEqual([vector.id, vector.signature]);
    }
    expect(verdict({ ...v2(), url: `${url}?x=1` })).toBe('accepted');
    expect(verdict({ ...v2(), url: `${url}/` })).toBe('signature_mismatch');
    expect(verdict({ ...v2(), body: 'x=%' })).toBe('malformed_body');
  });

  it('may come with the Ma signature only', () => {
    const headers = signPlivoV2Webhook(plain, {
      authToken: 'sub',
      mainAuthToken: authToken,
      nonce,
    });
    expect(Object.keys(headers).toSorted()).toEqual([
      'x-plivo-signature-ma-v2',
      'x-plivo-signature-v2',
      'x-plivo-signature-v2-nonce',
    ]);
    expect(verdict({ ...plain, headers })).toBe('accepted');
    expect(verdict(withHeaders({ ...plain, headers }, { 'x-plivo-signature-v2': undefined }))).toBe(
      'accepted',
    );
    expect(verdict(withHeaders(v2(), { 'x-plivo-signature-v2-nonce': undefined }))).toBe(
      'missing_header',
    );
    expect(verdict(withHeaders(v2(), { 'x-plivo-signature-v2-nonce': 'ü' }))).toBe(
      'malformed_header',
    );
  });
});

describe('the event id', () => {
  it.each([
    ['MessageUUID=m', 'm'],
    ['MessageUUID=m&Status=sent', 'm:sent'],
    ['MessageUUID=m&Status=sent&Sequence=2', 'm:sent:2'],
    ['CallUUID=c&Event=Hangup', undefined],
  ])('of %s is %s', (form, eventId) => {
    expect(verifyPlivoWebhook(v3({ body: form }), { authToken }).eventId).toBe(eventId);
  });
});

const keyOf = (request: WebhookRequest): string =>
  verifyPlivoWebhook(request, { authToken: [authToken, 'other'] }).replayKey;

const digest = (text: string): string =>
  `plivo:${createHash('sha256').update(text).digest('base64url')}`;

describe('the replay key', () => {
  it('is a digest of what was signed', () => {
    expect(keyOf(v3({ url: `${url}?z=1&a=2`, body: 'B=2&A=1' }))).toBe(
      digest(`${url}?a=2&z=1.A1B2.${nonce}`),
    );
    expect(keyOf(v2())).toBe(digest(`${url}${nonce}`));
  });

  it('is the same for any order of query and body, spelling, unsigned header and token', () => {
    const request = v3({ url: `${url}?b=2&a=%7E`, body: 'd=x+y&c=1' });
    for (const variant of [
      { ...request, url: `${url}?a=~&b=2` },
      { ...request, body: 'c=1&d=x%20y' },
      withHeaders(request, { 'x-other': '1', 'x-plivo-signature-v2': 'x' }),
      v3({ url: request.url, body: request.body }, 'other'),
    ]) {
      expect(keyOf(variant)).toBe(keyOf(request));
    }
  });

  it('is another for another nonce', () => {
    const other = { ...plain, headers: signPlivoV3Webhook(plain, { authToken, nonce: '1' }) };
    expect(keyOf(other)).not.toBe(keyOf(v3()));
  });
});

describe('signing', () => {
  it('makes a nonce of 20 digits, another each time', () => {
    const [first, second] = [1, 2].map(
      () => signPlivoV3Webhook(plain, { authToken })['x-plivo-signature-v3-nonce'],
    );
    expect(first).toMatch(/^[0-9]{20}$/u);
    expect(second).toMatch(/^[0-9]{20}$/u);
    expect(first).not.toBe(second);
    expect(signPlivoV2Webhook(plain, { authToken })['x-plivo-signature-v2-nonce']).toMatch(
      /^[0-9]{20}$/u,
    );
  });

  it.each([
    ['token', { authToken: '' }, 'unusable_secret'],
    ['main token', { authToken, mainAuthToken: '' }, 'unusable_secret'],
    ['nonce', { authToken, nonce: 'a b' }, 'malformed_header'],
  ])('refuses an unusable %s', (_, options, reason) => {
    expect(verdictOf(() => signPlivoV3Webhook(plain, options))).toBe(reason);
    expect(verdictOf(() => signPlivoV2Webhook(plain, options))).toBe(reason);
  });
});

describe('every request', () => {
  it('verifies once it is signed', () => {
    fc.assert(
      fc.property(asciiSecret, urls, fields, style, (token, signedUrl, pairs, formStyle) => {
        const request = v3({ url: signedUrl, body: encodeForm(pairs, formStyle) }, token);
        expect([...verifyPlivoWebhook(request, { authToken: token }).parameters]).toEqual(pairs);
      }),
    );
  });

  it('is refused when any bit of URL, body, nonce or token is flipped', () => {
    const text = 'Text=hello&To=15005550006';
    fc.assert(
      fc.property(fc.constantFrom('url', 'body', 'nonce', 'token'), fc.nat(10_000), (which, at) => {
        const request = withHeaders(v3({ body: text }), {
          'x-plivo-signature-v3-nonce': which === 'nonce' ? flipTextBit(nonce, at) : nonce,
        });
        const changed = {
          ...request,
          url: which === 'url' ? flipTextBit(url, at) : url,
          body: which === 'body' ? flipBit(Buffer.from(text), at) : text,
        };
        const token = which === 'token' ? flipTextBit(authToken, at) : authToken;
        // What the scheme does not sign: where a name ends.
        const isUnsigned =
          which === 'body' && joinFields(flipTextBit(text, at)) === joinFields(text);
        expect(isUnsigned || verdict(changed, { authToken: token }) !== 'accepted').toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('can have a name end elsewhere: the weakness of joining without separators', () => {
    expect(verdict({ ...v3({ body: 'A=BC' }), body: 'AB=C' })).toBe('accepted');
  });
});

const post = (with_: Record<string, string>): Request =>
  new Request(url, { method: 'POST', headers: with_, body });

describe('verifyPlivoRequest', () => {
  it('verifies a fetch-API request', async () => {
    const request = new Request('http://10.0.0.7/plivo/inbound', {
      method: 'POST',
      headers: signPlivoV3Webhook(plain, { authToken, nonce }),
      body,
    });
    const webhook = await verifyPlivoRequest(request, {
      authToken,
      publicUrl: url,
      requireV3: true,
    });
    expect(webhook.parameters.get('To')).toBe('14155550002');
  });

  it.each([
    [signPlivoV2Webhook(plain, { authToken, nonce })],
    [signPlivoV3Webhook(plain, { authToken, nonce })],
  ])('looks for any of the four headers before it reads the body', async (headers) => {
    await expect(verifyPlivoRequest(post(headers), { authToken })).resolves.toHaveProperty(
      'carrier',
      'plivo',
    );
    await expect(verifyPlivoRequest(post({}), { authToken })).rejects.toMatchObject({
      reason: 'missing_header',
      message:
        'The request has no x-plivo-signature-v3 or x-plivo-signature-ma-v3 or x-plivo-signature-v2 or x-plivo-signature-ma-v2 header.',
    });
  });
});
