import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { authToken, body, nonce, plain, url, v2, v3, withHeaders } from '../test/plivo-requests.ts';
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
  verifyPlivoWebhook,
  type PlivoVerifyOptions,
} from './plivo.ts';
import type { WebhookRequest } from './request.ts';

const verdict = (request: WebhookRequest, options: Partial<PlivoVerifyOptions> = {}) =>
  verdictOf(() => verifyPlivoWebhook(request, { authToken, ...options }));

const hmac = (text: string, token = authToken): string =>
  createHmac('sha256', token).update(text).digest('base64');

const signedAs = (text: string) => ({
  'x-plivo-signature-v3': hmac(`${text}.${nonce}`),
  'x-plivo-signature-v3-nonce': nonce,
});

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
    expect(verdict(listed(`${other},short`))).toBe('signature_mismatch');
    const unlike = withHeaders(listed(other), { 'x-plivo-signature-ma-v3': 'x'.repeat(44) });
    expect(verdict(unlike)).toBe('signature_mismatch');
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

  it('signed with an empty token is refused', () => {
    const text = `${url}?A1.${nonce}`;
    const signature = createHmac('sha256', '').update(text).digest('base64');
    const headers = { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce };
    expect(verdict({ ...plain, headers, body: 'A=1' })).toBe('signature_mismatch');
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

  it('with another spelling of its URL is a V3 webhook too', () => {
    for (const [received, text] of [
      [url, `${url}?.${nonce}`],
      ['wss://hooks.example.com/x', `http://hooks.example.com/x.${nonce}`],
    ] as const) {
      const headers = { 'x-plivo-signature-v3': hmac(text), 'x-plivo-signature-v3-nonce': nonce };
      const request = { method: 'POST', url: received, headers, body: '' };
      expect(verifyPlivoWebhook(request, { authToken })).toMatchObject({
        signatureVersion: 'v3',
        bodyAuthenticated: true,
      });
    }
  });

  it('knows a WebSocket by its scheme alone', () => {
    const empty = { method: 'GET', body: '' };
    const host = 'wss.example/wss:/x';
    expect(verdict({ ...empty, url: `ws://${host}`, headers: signedAs(`http://${host}`) })).toBe(
      'accepted',
    );
    expect(verdict({ ...empty, url: `WSS://${host}`, headers: signedAs(`http://${host}`) })).toBe(
      'accepted',
    );
    const post = { method: 'POST', url: `https://${host}`, body: '' };
    expect(verdict({ ...post, headers: signedAs(`https://${host}?`) })).toBe('accepted');
    expect(verdict({ ...post, headers: signedAs('https://http.example/wss:/x') })).toBe(
      'signature_mismatch',
    );
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
    ['start of its URL', { url: ` ${url}` }, 'malformed_request'],
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
  it('never falls back to V2 when a V3 signature is present (C25)', () => {
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
