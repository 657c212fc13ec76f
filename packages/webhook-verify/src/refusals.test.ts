import { describe, expect, it } from 'vitest';
import { readVectors } from '../test/vectors.ts';
import { WebhookVerificationError } from './error.ts';
import {
  signPlivoV2Webhook,
  signPlivoV3Webhook,
  verifyPlivoRequest,
  verifyPlivoWebhook,
} from './plivo.ts';
import { createMemoryReplayStore, createReplayGuard } from './replay.ts';
import type { WebhookRequest } from './request.ts';
import { signTelnyxWebhook, verifyTelnyxRequest, verifyTelnyxWebhook } from './telnyx.ts';
import { signTwilioWebhook, verifyTwilioRequest, verifyTwilioWebhook } from './twilio.ts';
import { resolveSignedUrl } from './url.ts';

/** What an operator reads in the log: the reason and the message. */
async function refusalOf(call: () => unknown): Promise<string> {
  try {
    await call();
    return 'nothing is refused';
  } catch (error) {
    if (!WebhookVerificationError.isInstance(error)) return String(error);
    return `${error.reason}: ${error.message}`;
  }
}

const authToken = 'secret';
const nonce = '1';
const url = 'https://a.example/x';
const plain: WebhookRequest = { method: 'POST', url, headers: {}, body: 'a=1' };
const [key] = readVectors('telnyx').keys;
const publicKey = key?.rawBase64 ?? '';
const privateKey = Buffer.from(key?.seedHex ?? '', 'hex').toString('base64');
const wrong = Buffer.alloc(32, 1).toString('base64');

const twilio = (changes: object = {}, options: object = {}) =>
  refusalOf(() =>
    verifyTwilioWebhook(
      { ...plain, headers: signTwilioWebhook(plain, { authToken }), ...changes },
      { authToken, ...options },
    ),
  );
const plivo = (changes: object = {}, options: object = {}) =>
  refusalOf(() =>
    verifyPlivoWebhook(
      { ...plain, headers: signPlivoV3Webhook(plain, { authToken, nonce }), ...changes },
      { authToken, ...options },
    ),
  );
const telnyxHeaders = signTelnyxWebhook({ body: '{}' }, { privateKey, timestampSeconds: 1 });
const telnyx = (changes: object = {}, options: object = {}) =>
  refusalOf(() =>
    verifyTelnyxWebhook(
      { headers: telnyxHeaders, body: '{}', ...changes },
      { publicKey, now: () => 1000, ...options },
    ),
  );

const badNonce = (version: string): string =>
  `malformed_header: The x-plivo-signature-${version}-nonce header must be 1 to 256 visible ASCII characters.`;

const post = (headers: Record<string, string>): Request =>
  new Request(url, { method: 'POST', headers, body: 'abc' });

describe('a refused request of any carrier', () => {
  const noBytes =
    'malformed_request: The body must be the raw bytes (Uint8Array) or text, not a parsed object.';
  const tooLarge = 'malformed_body: The body is larger than maxBodyBytes (2).';

  it.each([
    [
      'PUT',
      'malformed_request: Webhooks are GET or POST requests: answer any other method with 405.',
    ],
    [3, 'malformed_request: Webhooks are GET or POST requests: answer any other method with 405.'],
  ])('says that its method is %s', async (method, refusal) => {
    await expect(twilio({ method })).resolves.toBe(refusal);
  });

  it('may have its method in any case', async () => {
    await expect(twilio({ method: 'pOst' })).resolves.toBe('nothing is refused');
    const get = { ...plain, method: 'GET', body: '' };
    const headers = signTwilioWebhook(get, { authToken });
    await expect(twilio({ ...get, method: 'get', headers })).resolves.toBe('nothing is refused');
  });

  it('says that its body is none', async () => {
    for (const body of [{ a: 1 }, null, 3, [1]]) {
      await expect(twilio({ body })).resolves.toBe(noBytes);
    }
    const headers = signTwilioWebhook({ ...plain, body: '' }, { authToken });
    await expect(twilio({ headers, body: undefined })).resolves.toBe('nothing is refused');
  });

  it('says that its body is too large, as text and as bytes', async () => {
    for (const body of ['abc', Buffer.from('abc'), '\u00fc\u00fc']) {
      await expect(twilio({ body }, { maxBodyBytes: 2 })).resolves.toBe(tooLarge);
    }
    await expect(telnyx({ body: '{  }' }, { maxBodyBytes: 2 })).resolves.toBe(tooLarge);
  });

  it('says that it has no URL', async () => {
    await expect(twilio({ url: undefined })).resolves.toBe(
      'malformed_request: The request has no url: pass the full public URL.',
    );
  });

  it('says that it has no headers', async () => {
    for (const headers of [undefined, null, 'x']) {
      await expect(twilio({ headers })).resolves.toBe(
        'malformed_request: The request has no headers: pass a Headers object or a record.',
      );
    }
  });

  it('says that no secret is configured', async () => {
    for (const token of [undefined, '', [], ['secret', ' '], ['secret', 3]]) {
      await expect(twilio({}, { authToken: token })).resolves.toBe(
        'unusable_secret: No request is accepted until authToken is set to a non-empty string, or a list of them.',
      );
    }
    await expect(plivo({}, { authToken: '' })).resolves.toBe(
      'unusable_secret: No request is accepted until authToken is set to a non-empty string, or a list of them.',
    );
    await expect(telnyx({}, { publicKey: [] })).resolves.toBe(
      'unusable_secret: No request is accepted until publicKey is set to a non-empty string, or a list of them.',
    );
  });

  it.each([
    ['Body=%', 'malformed_body: The body of the request has a "%" without two hexadecimal digits.'],
    ['Body=%FF', 'malformed_body: The body of the request has a field that is not UTF-8 text.'],
    ['a&'.repeat(1001), 'malformed_body: The body of the request has more than 1000 fields.'],
  ])('says what is wrong with its form', async (body, refusal) => {
    await expect(twilio({ body })).resolves.toBe(refusal);
    await expect(plivo({ body })).resolves.toBe(refusal);
  });
});

describe('a refused Twilio request', () => {
  it.each<[object, string]>([
    [{ headers: {} }, 'missing_header: The request has no x-twilio-signature header.'],
    [
      { headers: { 'x-twilio-signature': 'x' } },
      'malformed_header: The x-twilio-signature header is not the base64 of an HMAC-SHA1.',
    ],
    [
      { body: 'a=2' },
      'signature_mismatch: No configured auth token made this x-twilio-signature: check the token, and that url is the public URL Twilio requested.',
    ],
    [
      { url: `${url}#x` },
      'malformed_request: The url has a fragment, which Twilio neither sends nor signs: strip it (resolveSignedUrl does).',
    ],
    [
      { url: '/x' },
      'malformed_request: The url must be the full public URL, with its scheme and host.',
    ],
    [{ method: 'GET' }, 'malformed_request: Twilio sends no body with a GET request.'],
    [
      {
        headers: {
          'content-type': 'application/json',
          ...signTwilioWebhook(plain, { authToken }),
        },
      },
      'body_digest_mismatch: The body is not a form, and the URL has no bodySHA256 that would authenticate it.',
    ],
  ])('says what to look at: %j', async (changes, refusal) => {
    await expect(twilio(changes)).resolves.toBe(refusal);
  });

  it('cannot be signed without a token', async () => {
    await expect(refusalOf(() => signTwilioWebhook(plain, { authToken: '' }))).resolves.toBe(
      'unusable_secret: No request is accepted until authToken is set to a non-empty string, or a list of them.',
    );
  });

  it('says that its body has another digest', async () => {
    const json = { ...plain, url: `${url}?bodySHA256=${'0'.repeat(64)}`, body: '{}' };
    const headers = signTwilioWebhook(json, { authToken });
    await expect(twilio({ ...json, headers })).resolves.toBe(
      'body_digest_mismatch: The bodySHA256 that Twilio signed is not the SHA-256 of the body: pass the raw bytes.',
    );
  });
});

describe('a refused Plivo request', () => {
  const unreadable =
    'malformed_header: The signature headers hold no base64 of an HMAC-SHA256, or too many.';
  const mismatch =
    'signature_mismatch: No configured auth token made these Plivo signatures: check the tokens, and that url is the public URL Plivo requested.';
  const v3 = signPlivoV3Webhook(plain, { authToken, nonce });
  const v2 = signPlivoV2Webhook(plain, { authToken, nonce });

  it.each<[object, string]>([
    [{ body: 'a=2' }, mismatch],
    [{ headers: { ...v2, 'x-plivo-signature-v2': wrong } }, mismatch],
    [{ headers: { ...v3, 'x-plivo-signature-v3': 'x' } }, unreadable],
    [{ headers: { ...v3, 'x-plivo-signature-v3': 'x'.repeat(44) } }, unreadable],
    [{ headers: { ...v2, 'x-plivo-signature-v2': 'x'.repeat(44) } }, unreadable],
    [
      { headers: { 'x-plivo-signature-v3': '', 'x-plivo-signature-ma-v3': '' } },
      'missing_header: The request has neither a x-plivo-signature-v3 nor a x-plivo-signature-ma-v3 header.',
    ],
    [
      { headers: { 'x-plivo-signature-v2': '' } },
      'missing_header: The request has neither a x-plivo-signature-v2 nor a x-plivo-signature-ma-v2 header.',
    ],
    [{ headers: { ...v3, 'x-plivo-signature-v3-nonce': '\u00fc' } }, badNonce('v3')],
    [{ headers: { ...v2, 'x-plivo-signature-v2-nonce': 'a b' } }, badNonce('v2')],
    [
      { headers: { ...v3, 'x-plivo-signature-v3-nonce': '' } },
      'missing_header: The request has no x-plivo-signature-v3-nonce header.',
    ],
    [{ method: 'GET' }, 'malformed_request: Plivo sends no body with a GET request.'],
    [
      { url: 'a.example' },
      'malformed_request: The url must be the full public URL, with its scheme and host.',
    ],
    [
      { url: `${url}?a=%` },
      'malformed_request: The query of the request has a "%" without two hexadecimal digits.',
    ],
  ])('says what to look at: %j', async (changes, refusal) => {
    await expect(plivo(changes)).resolves.toBe(refusal);
  });

  it('says that V3 is required', async () => {
    await expect(plivo({ headers: v2 }, { requireV3: true })).resolves.toBe(
      'missing_header: The request has neither a x-plivo-signature-v3 nor a x-plivo-signature-ma-v3 header.',
    );
  });

  it('cannot be signed without tokens and a nonce', async () => {
    for (const sign of [signPlivoV3Webhook, signPlivoV2Webhook]) {
      await expect(refusalOf(() => sign(plain, { authToken: '', nonce }))).resolves.toBe(
        'unusable_secret: No request is accepted until authToken is set to a non-empty string, or a list of them.',
      );
      await expect(
        refusalOf(() => sign(plain, { authToken, mainAuthToken: '', nonce })),
      ).resolves.toBe(
        'unusable_secret: No request is accepted until mainAuthToken is set to a non-empty string, or a list of them.',
      );
    }
    await expect(
      refusalOf(() => signPlivoV3Webhook(plain, { authToken, nonce: '' })),
    ).resolves.toBe(badNonce('v3'));
    await expect(
      refusalOf(() => signPlivoV2Webhook(plain, { authToken, nonce: '' })),
    ).resolves.toBe(badNonce('v2'));
  });
});

describe('a refused Telnyx request', () => {
  const signature = telnyxHeaders['telnyx-signature-ed25519'];

  it.each<[object, object, string]>([
    [{ headers: {} }, {}, 'missing_header: The request has no telnyx-signature-ed25519 header.'],
    [
      { headers: { 'telnyx-signature-ed25519': signature } },
      {},
      'missing_header: The request has no telnyx-timestamp header.',
    ],
    [
      { headers: { ...telnyxHeaders, 'telnyx-timestamp': '1.0' } },
      {},
      'malformed_header: The telnyx-timestamp header is not a number of seconds in decimal digits.',
    ],
    [
      { headers: { ...telnyxHeaders, 'telnyx-signature-ed25519': 'AAAA' } },
      {},
      'malformed_header: The telnyx-signature-ed25519 header is not padded base64 of 64 bytes.',
    ],
    [
      {},
      { now: () => 400_000 },
      "timestamp_out_of_tolerance: The telnyx-timestamp header is further from this machine's clock than toleranceSeconds: check the clock; otherwise it is a replay.",
    ],
    [
      { body: '[]' },
      {},
      'signature_mismatch: No configured public key matches this telnyx-signature-ed25519: check the key, and that the body is the raw bytes.',
    ],
    [
      {},
      { publicKey: 'x' },
      'unusable_secret: publicKey is not an Ed25519 key: copy it from Keys & Credentials > Public Key in Mission Control (base64 of 32 bytes, or SPKI as base64 or PEM).',
    ],
  ])('says what to look at: %j, %j', async (changes, options, refusal) => {
    await expect(telnyx(changes, options)).resolves.toBe(refusal);
  });

  it('cannot be signed without a key', async () => {
    await expect(
      refusalOf(() => signTelnyxWebhook({ body: '' }, JSON.parse('{"privateKey":3}'))),
    ).resolves.toBe(
      'unusable_secret: privateKey is not an Ed25519 key: pass base64 of the 32-byte seed, or PKCS #8 as base64 or PEM.',
    );
    await expect(
      refusalOf(() => signTelnyxWebhook({ body: '' }, { privateKey: 'x' })),
    ).resolves.toBe(
      'unusable_secret: privateKey is not an Ed25519 key: pass base64 of the 32-byte seed, or PKCS #8 as base64 or PEM.',
    );
  });
});

describe('a refused fetch-API request', () => {
  it('names the headers that it may have', async () => {
    await expect(refusalOf(() => verifyTwilioRequest(post({}), { authToken }))).resolves.toBe(
      'missing_header: The request has no x-twilio-signature header.',
    );
    await expect(refusalOf(() => verifyPlivoRequest(post({}), { authToken }))).resolves.toBe(
      'missing_header: The request has no x-plivo-signature-v3 or x-plivo-signature-ma-v3 or x-plivo-signature-v2 or x-plivo-signature-ma-v2 header.',
    );
    await expect(refusalOf(() => verifyTelnyxRequest(post({}), { publicKey }))).resolves.toBe(
      'missing_header: The request has no telnyx-signature-ed25519 header.',
    );
  });

  it('says that its body is too large', async () => {
    const request = post({ 'x-twilio-signature': 'x' });
    await expect(
      refusalOf(() => verifyTwilioRequest(request, { authToken, maxBodyBytes: 2 })),
    ).resolves.toBe('malformed_body: The body is larger than maxBodyBytes (2).');
  });

  it('says that publicUrl is no URL', async () => {
    const request = post({ 'x-twilio-signature': 'x' });
    await expect(
      refusalOf(() => verifyTwilioRequest(request, { authToken, publicUrl: 'x' })),
    ).resolves.toBe(
      'malformed_request: publicUrl must be an origin or a full URL, such as https://sms.example.com.',
    );
  });
});

describe('an unresolved URL', () => {
  it.each<[object, object, string]>([
    [
      { target: ['/x'] },
      {},
      'malformed_request: The request target must be a path that starts with one "/", as req.url does.',
    ],
    [
      {},
      { publicUrl: ['https://a.example'] },
      'malformed_request: publicUrl must be an origin or a full URL, such as https://sms.example.com.',
    ],
    [
      { headers: {}, peerAddress: '10.0.0.1' },
      { trustedProxyIPs: ['10.0.0.1'] },
      'malformed_request: The request has no usable Host header: set publicUrl to the address the carrier requests.',
    ],
    [
      { target: '//x' },
      {},
      'malformed_request: The request target must be a path that starts with one "/", as req.url does.',
    ],
    [
      {},
      { publicUrl: 'x' },
      'malformed_request: publicUrl must be an origin or a full URL, such as https://sms.example.com.',
    ],
    [
      { headers: {} },
      {},
      'malformed_request: The request has no usable Host header: set publicUrl to the address the carrier requests.',
    ],
  ])('says what to look at: %j, %j', async (changes, options, refusal) => {
    const request = { target: '/x', headers: { host: 'a.example' }, encrypted: true, ...changes };
    await expect(refusalOf(() => resolveSignedUrl(request, options))).resolves.toBe(refusal);
  });
});

it.each<[string, () => unknown, string]>([
  [
    'a guard',
    () => createReplayGuard({ store: createMemoryReplayStore(), windowMs: 0 }),
    'RangeError: windowMs and leaseMs must be positive numbers of milliseconds.',
  ],
  [
    'a store',
    () => createMemoryReplayStore({ capacityCount: 0 }),
    'RangeError: capacityCount must be a positive number.',
  ],
])('%s with numbers that cannot be says so', async (_, create, refusal) => {
  await expect(refusalOf(create)).resolves.toBe(refusal);
});
