import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  encodeForm,
  fields,
  flipBit,
  flipTextBit,
  joinFields,
  secret,
  style,
  url as urls,
} from '../test/requests.ts';
import { verdictOf } from '../test/vectors.ts';
import { authToken, body, signed, url } from '../test/twilio-requests.ts';
import type { WebhookRequest } from './request.ts';
import { signTwilioWebhook, verifyTwilioWebhook, withBodyDigest } from './twilio.ts';

const verdict = (request: WebhookRequest, token: string | readonly string[] = authToken) =>
  verdictOf(() => verifyTwilioWebhook(request, { authToken: token }));

const formOf = (count: number): string =>
  Array.from({ length: count }, (_, n) => `f${n}=1`).join('&');

describe('verifyTwilioWebhook', () => {
  it('hands back the fields, and everything else it knows', () => {
    const webhook = verifyTwilioWebhook(signed(), { authToken });
    expect(webhook).toMatchObject({
      carrier: 'twilio',
      bodyAuthenticated: true,
      secretIndex: 0,
      signedUrl: url,
      eventId: 'SM1',
    });
    expect([...webhook.parameters]).toEqual([
      ['To', '+15005550006'],
      ['From', '+15005550001'],
      ['Body', 'Grüße &'],
      ['MessageSid', 'SM1'],
      ['AccountSid', 'AC1'],
      ['NumMedia', '0'],
    ]);
    expect(webhook.parameters).toBe(webhook.parameters);
  });

  it('accepts nothing that was signed with an empty token', () => {
    const signature = createHmac('sha1', '').update(`${url}A1`).digest('base64');
    const headers = { 'x-twilio-signature': signature };
    expect(verdict({ ...signed(), headers, body: 'A=1' })).toBe('signature_mismatch');
  });

  it('says which of several tokens signed', () => {
    expect(verifyTwilioWebhook(signed(), { authToken: ['new', authToken] }).secretIndex).toBe(1);
    expect(verdict(signed(), ['new', 'newer'])).toBe('signature_mismatch');
  });

  it.each<[string, unknown]>([
    ['none', undefined],
    ['an empty one', ''],
    ['a blank one', ' \n'],
    ['an empty list', []],
    ['a list with an empty one', [authToken, '']],
    ['something else', 42],
  ])('accepts nothing when the token is %s (C1)', (_, token) => {
    const options: Parameters<typeof verifyTwilioWebhook>[1] = JSON.parse(
      JSON.stringify({ authToken: token }),
    );
    expect(verdictOf(() => verifyTwilioWebhook(signed(), options))).toBe('unusable_secret');
    expect(verdictOf(() => signTwilioWebhook(signed(), { authToken: '' }))).toBe('unusable_secret');
  });

  it.each<[string, string | undefined, string]>([
    ['is absent', undefined, 'missing_header'],
    ['is empty', '', 'missing_header'],
    ['is hexadecimal', 'eedc4774bc33acd610e47e15ad1676671af5b6fb', 'malformed_header'],
    ['has no padding', '7txHdLwzrNYQ5H4VrRZ2Zxr1tvs', 'malformed_header'],
    ['has bits left over', '7txHdLwzrNYQ5H4VrRZ2Zxr1tvt=', 'malformed_header'],
    ['has something in front', 'x7txHdLwzrNYQ5H4VrRZ2Zxr1tvs=', 'malformed_header'],
    ['has something behind', '7txHdLwzrNYQ5H4VrRZ2Zxr1tvs=x', 'malformed_header'],
    [
      'is sent twice',
      '7txHdLwzrNYQ5H4VrRZ2Zxr1tvs=, 7txHdLwzrNYQ5H4VrRZ2Zxr1tvs=',
      'malformed_header',
    ],
    ['is another', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'signature_mismatch'],
  ])('refuses a signature that %s', (_, value, reason) => {
    expect(verdict({ ...signed(), headers: { 'x-twilio-signature': value } })).toBe(reason);
  });

  it('finds the header in Headers, in any case, and in a list', () => {
    const request = signed();
    const signature = signTwilioWebhook(request, { authToken })['x-twilio-signature'];
    for (const headers of [
      new Headers({ 'X-Twilio-Signature': signature }),
      { 'X-Twilio-Signature': signature },
      { 'x-twilio-signature': [signature] },
      { other: 'x', 'X-TWILIO-SIGNATURE': [signature], absent: undefined },
    ]) {
      expect(verdict({ ...request, headers })).toBe('accepted');
    }
    expect(verdict({ ...request, headers: new Headers() })).toBe('missing_header');
  });

  it('takes the body as text or as bytes of any view', () => {
    const bytes = Buffer.from(`xx${body}yy`);
    for (const view of [
      body,
      Buffer.from(body),
      new Uint8Array(bytes.buffer, bytes.byteOffset + 2, bytes.length - 4),
    ]) {
      expect(verdict({ ...signed(), body: view })).toBe('accepted');
    }
  });

  it('does not depend on the method’s case, and takes GET and POST only', () => {
    expect(verdict({ ...signed(), method: 'post' })).toBe('accepted');
    expect(verdict({ ...signed(), method: 'PUT' })).toBe('malformed_request');
  });

  it.each(['', 'hooks.example.com/sms', '/sms', 'https://', 'https:///sms', '1https://a'])(
    'refuses the URL "%s", which is not one',
    (wrong) => {
      expect(verdict({ ...signed(), url: wrong })).toBe('malformed_request');
    },
  );

  it('refuses a URL with a fragment, which is never signed', () => {
    expect(verdict({ ...signed(), url: `${url}#rc=2` })).toBe('malformed_request');
    expect(verdictOf(() => signTwilioWebhook({ ...signed(), url: `${url}#` }, { authToken }))).toBe(
      'malformed_request',
    );
  });

  it.each<[string, string, string]>([
    ['%', 'Body=100%', 'malformed_body'],
    ['%4', 'Body=%4', 'malformed_body'],
    ['%G0', 'Body=%G0', 'malformed_body'],
    ['%0G', 'Body=%0G', 'malformed_body'],
    ['half a character', 'Body=%C3', 'malformed_body'],
    ['a character over two fields', 'Body%C3=%BC', 'malformed_body'],
    ['a character over two values', 'A=%C3&%BC=', 'malformed_body'],
    ['a byte that is not UTF-8', 'Body=%FF', 'malformed_body'],
    ['a character', 'Body=%C3%BC', 'signature_mismatch'],
    ['lower-case hexadecimal', 'Body=%c3%bc%aF', 'malformed_body'],
  ])('answers a form with %s', (_, text, reason) => {
    expect(verdict({ ...signed(), body: text })).toBe(reason);
  });

  it('accepts up to 1 000 fields and 65 536 bytes, or maxBodyBytes', () => {
    expect(verdict(signed({ body: formOf(1000) }))).toBe('accepted');
    expect(verdict({ ...signed(), body: formOf(1001) })).toBe('malformed_body');
    expect(verdict(signed({ body: `a=${'x'.repeat(65_534)}` }))).toBe('accepted');
    expect(verdict({ ...signed(), body: `a=${'x'.repeat(65_535)}` })).toBe('malformed_body');
    expect(verdict({ ...signed(), body: Buffer.alloc(65_537, 'a') })).toBe('malformed_body');
    const limited = { authToken, maxBodyBytes: body.length };
    expect(verdictOf(() => verifyTwilioWebhook(signed(), limited))).toBe('accepted');
    expect(
      verdictOf(() => verifyTwilioWebhook(signed(), { authToken, maxBodyBytes: body.length - 1 })),
    ).toBe('malformed_body');
    expect(
      verdictOf(() => verifyTwilioWebhook(signed(), { authToken, maxBodyBytes: Number.NaN })),
    ).toBe('malformed_body');
  });

  it('refuses a body that is neither bytes nor text', () => {
    const request: WebhookRequest = Object.assign({}, signed(), JSON.parse('{"body":{"a":1}}'));
    expect(verdict(request)).toBe('malformed_request');
  });

  it('signs repeated fields once each, sorted, and shows all of them (C20)', () => {
    const request = signed({ body: 'Digits=5678&Digits=1234&Sid=1&Digits=1234' });
    expect(verdict({ ...request, body: 'Sid=1&Digits=1234&Digits=5678' })).toBe('accepted');
    const { parameters } = verifyTwilioWebhook(request, { authToken });
    expect(parameters.getAll('Digits')).toEqual(['5678', '1234', '1234']);
    expect(parameters.size).toBe(4);
  });
});

describe('a GET', () => {
  const get = { method: 'GET', url: `${url}?Body=a+b%2B&To=1&To=2&x=%`, body: '' };

  it('carries its parameters in the URL', () => {
    const { parameters, eventId } = verifyTwilioWebhook(signed(get), { authToken });
    expect(parameters.get('Body')).toBe('a b+');
    expect(parameters.getAll('To')).toEqual(['1', '2']);
    expect(parameters.get('x')).toBe('%');
    expect(parameters.has('x')).toBe(true);
    expect(parameters.has('y')).toBe(false);
    expect(parameters.size).toBe(4);
    expect([...parameters][1]).toEqual(['To', '1']);
    expect(eventId).toBeUndefined();
  });

  it('may have no query', () => {
    const request = signed({ method: 'GET', body: '' });
    expect(verifyTwilioWebhook(request, { authToken }).parameters.size).toBe(0);
  });

  it('has no body', () => {
    expect(verdict({ ...signed(get), body: 'Body=x' })).toBe('malformed_request');
  });
});

describe('a JSON webhook', () => {
  const json = '{"a":1}';
  const headers = { 'content-type': 'application/json' };
  const jsonUrl = withBodyDigest(url, json);

  it('is authenticated through the digest in its URL', () => {
    const digest = createHash('sha256').update(json).digest('hex');
    expect(jsonUrl).toBe(`${url}?bodySHA256=${digest}`);
    expect(withBodyDigest(`${url}?a=b`, json)).toBe(`${url}?a=b&bodySHA256=${digest}`);
    const webhook = verifyTwilioWebhook(signed({ url: jsonUrl, headers, body: json }), {
      authToken,
    });
    expect(webhook.json()).toEqual({ a: 1 });
    expect(webhook.json()).toBe(webhook.json());
    expect(webhook.parameters.size).toBe(0);
    expect(webhook.eventId).toBeUndefined();
  });

  it.each([
    ['another body', jsonUrl, '{"a":2}'],
    ['no body', jsonUrl, ''],
    ['no digest', url, json],
    ['an empty digest', `${url}?bodySHA256=`, json],
    ['an upper-case digest', jsonUrl.replace(/[0-9a-f]{64}$/u, (hex) => hex.toUpperCase()), json],
    ['the digest in the path', `${url}/bodySHA256=`, json],
    ['the digest in another parameter', `${url}?x=bodySHA256`, json],
  ])('is refused with %s', (_, withUrl, text) => {
    const signature = signTwilioWebhook(
      { method: 'POST', url: withUrl, headers, body: '' },
      { authToken },
    );
    const request = {
      method: 'POST',
      url: withUrl,
      headers: { ...headers, ...signature },
      body: text,
    };
    expect(verdict(request)).toBe('body_digest_mismatch');
  });

  it('is refused with the signature of another URL before its body is hashed', () => {
    const request = signed({ url: jsonUrl, headers, body: json });
    expect(verdict({ ...request, url: `${jsonUrl}&x=1` })).toBe('signature_mismatch');
  });

  it('must match its digest whatever its content type says', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(verdict(signed({ url: jsonUrl, headers: form, body: 'a=1' }))).toBe(
      'body_digest_mismatch',
    );
  });

  it('may be something else than JSON, and then says so', () => {
    const webhook = verifyTwilioWebhook(
      signed({ url: withBodyDigest(url, 'text'), headers, body: 'text' }),
      { authToken },
    );
    expect(verdictOf(() => webhook.json())).toBe('malformed_body');
  });

  it.each([
    ['application/x-www-form-urlencoded; charset=UTF-8', 'accepted'],
    ['Application/X-WWW-Form-Urlencoded', 'accepted'],
    ['application/x-www-form-urlencoded-not', 'body_digest_mismatch'],
    ['x application/x-www-form-urlencoded', 'body_digest_mismatch'],
    ['text/plain', 'body_digest_mismatch'],
  ])('of the type %s: %s', (type, expected) => {
    const request = signed();
    const withType = { ...request, headers: { ...request.headers, 'content-type': type } };
    expect(verdict(withType)).toBe(expected);
  });
});

describe('the port', () => {
  it.each([
    ['https://h.example/x', 'https://h.example:443/x'],
    ['https://h.example:443/x', 'https://h.example/x'],
    ['https://h.example/x', 'https://h.example:8443/x'],
    ['http://h.example:80?x', 'http://h.example?x'],
    ['wss://h.example:443/x', 'wss://h.example/x'],
    ['ws://h.example:80', 'ws://h.example'],
    ['https://u:p@h.example:443/x', 'https://u:p@h.example/x'],
    ['https://[2001:db8::1]/x', 'https://[2001:db8::1]:8443/x'],
    ['https://u:p@[2001:db8::1]:443/x', 'https://u:p@[2001:db8::1]/x'],
    ['https://u:@h.example:443/x', 'https://u:@h.example/x'],
    ['HTTPS://h.example:443/a:b@c', 'HTTPS://h.example/a:b@c'],
  ])('may be signed as %s and received as %s (C17)', (signedUrl, received) => {
    const webhook = verifyTwilioWebhook(
      { ...signed({ url: signedUrl }), url: received },
      { authToken },
    );
    expect(webhook.signedUrl).toBe(signedUrl);
    expect(webhook.parameters.get('MessageSid')).toBe('SM1');
  });

  it.each([
    ['https://h.example:8443/x', 'https://h.example/x'],
    ['https://h.example:8443/x', 'https://h.example:9443/x'],
    ['http://h.example:443/x', 'http://h.example/x'],
    ['wss://h.example:80/x', 'wss://h.example/x'],
    ['gopher://h.example:80/x', 'gopher://h.example/x'],
    ['https://h.example/x', 'https://h.example/x:443'],
  ])('is not guessed: signed as %s, received as %s', (signedUrl, received) => {
    expect(verdict({ ...signed({ url: signedUrl }), url: received })).toBe('signature_mismatch');
  });
});

describe('signTwilioWebhook', () => {
  it('is an HMAC-SHA1 over the URL and the sorted fields, for keys of any length', () => {
    for (const token of [
      'k',
      'x'.repeat(64),
      'x'.repeat(65),
      'ü'.repeat(32),
      'ü'.repeat(33),
      'x'.repeat(500),
    ]) {
      const expected = createHmac('sha1', token).update(`${url}A1B2`).digest('base64');
      const request = { method: 'POST', url, headers: {}, body: 'B=2&A=1' };
      expect(signTwilioWebhook(request, { authToken: token })).toEqual({
        'x-twilio-signature': expected,
      });
      expect(verdict({ ...request, headers: { 'x-twilio-signature': expected } }, token)).toBe(
        'accepted',
      );
    }
  });
});

describe('every request', () => {
  const requests = fc.record({ token: secret, url: urls, pairs: fields, style });

  it('verifies once it is signed', () => {
    fc.assert(
      fc.property(requests, ({ token, pairs, ...rest }) => {
        const request = signed({ url: rest.url, body: encodeForm(pairs, rest.style) }, token);
        const { parameters } = verifyTwilioWebhook(request, { authToken: token });
        expect([...parameters]).toEqual(pairs);
      }),
    );
  });

  it('is refused when any bit of body, URL, signature or token is flipped', () => {
    const part = fc.constantFrom('body', 'url', 'signature', 'token');
    const text = 'Body=hello&To=15005550006';
    fc.assert(
      fc.property(part, fc.nat(10_000), (which, at) => {
        const request = signed({ body: text });
        const signature = signTwilioWebhook(request, { authToken })['x-twilio-signature'];
        const changed = {
          ...request,
          body: which === 'body' ? flipBit(Buffer.from(text), at) : text,
          url: which === 'url' ? flipTextBit(url, at) : url,
          headers: {
            'x-twilio-signature': which === 'signature' ? flipTextBit(signature, at) : signature,
          },
        };
        const token = which === 'token' ? flipTextBit(authToken, at) : authToken;
        // What the scheme does not sign: where a name ends.
        const isUnsigned =
          which === 'body' && joinFields(flipTextBit(text, at)) === joinFields(text);
        expect(isUnsigned || verdict(changed, token) !== 'accepted').toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('can have a name end elsewhere: the weakness of joining without separators', () => {
    expect(verdict({ ...signed({ body: 'A=BC' }), body: 'AB=C' })).toBe('accepted');
  });
});
