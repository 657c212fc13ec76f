import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { flipBit } from '../test/requests.ts';
import { readVectors, verdictOf } from '../test/vectors.ts';
import {
  signTelnyxWebhook,
  verifyTelnyxRequest,
  verifyTelnyxWebhook,
  verifyTelnyxWebhookAsync,
  type TelnyxVerifyOptions,
  type TelnyxWebhookRequest,
} from './telnyx.ts';

const [first, second] = readVectors('telnyx').keys;
const publicKey = first?.rawBase64 ?? '';
const otherKey = second?.rawBase64 ?? '';
const privateKey = Buffer.from(first?.seedHex ?? '', 'hex').toString('base64');
const signedAt = 1_795_165_200;
const now = () => signedAt * 1000;
const body = '{"data":{"id":"b301ed3f","event_type":"message.received"}}';
const headers = signTelnyxWebhook({ body }, { privateKey, now });
const request: TelnyxWebhookRequest = { headers, body };
const signatureName = 'telnyx-signature-ed25519';
const timestampName = 'telnyx-timestamp';

const verdict = (
  changes: Partial<TelnyxWebhookRequest>,
  options: Partial<TelnyxVerifyOptions> = {},
) =>
  verdictOf(() => verifyTelnyxWebhook({ ...request, ...changes }, { publicKey, now, ...options }));
const withSignature = (value: string) => ({ headers: { ...headers, [signatureName]: value } });
const withTimestamp = (value: string) => ({ headers: { ...headers, [timestampName]: value } });

/** A signature by hand, for timestamps that the signer would not write. */
function signedWith(timestamp: string): Partial<TelnyxWebhookRequest> {
  const pkcs8 = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(privateKey, 'base64'),
  ]);
  const signature = sign(null, Buffer.from(`${timestamp}|${body}`), {
    key: pkcs8,
    format: 'der',
    type: 'pkcs8',
  });
  return { headers: { [signatureName]: signature.toString('base64'), [timestampName]: timestamp } };
}

describe('verifyTelnyxWebhook', () => {
  it('hands back what it knows', () => {
    const webhook = verifyTelnyxWebhook(request, { publicKey, now });
    expect(webhook).toMatchObject({
      carrier: 'telnyx',
      bodyAuthenticated: true,
      secretIndex: 0,
      signedAtSeconds: signedAt,
      eventId: 'b301ed3f',
    });
    expect(webhook.json()).toEqual({ data: { id: 'b301ed3f', event_type: 'message.received' } });
    expect(webhook.json()).toBe(webhook.json());
  });

  it.each([
    ['', undefined],
    ['not JSON', undefined],
    ['null', undefined],
    ['{}', undefined],
    ['{"data":null}', undefined],
    ['{"data":"x"}', undefined],
    ['{"data":{"id":1}}', undefined],
    ['{"data":{"id":""}}', undefined],
    ['{"__proto__":{"data":{"id":"x"}}}', undefined],
    ['{"data":{"id":"x"}}', 'x'],
  ])('finds the event id of %s', (text, eventId) => {
    const signed = { headers: signTelnyxWebhook({ body: text }, { privateKey, now }), body: text };
    expect(verifyTelnyxWebhook(signed, { publicKey, now }).eventId).toBe(eventId);
  });

  it('throws for a body that is not JSON only when asked for it', () => {
    for (const text of ['', '{', Buffer.from([0x22, 0xff, 0x22])]) {
      const signed = {
        headers: signTelnyxWebhook({ body: text }, { privateKey, now }),
        body: text,
      };
      const webhook = verifyTelnyxWebhook(signed, { publicKey, now });
      expect(() => webhook.json()).toThrow('The body is not JSON in UTF-8.');
      expect(verdictOf(() => webhook.json())).toBe('malformed_body');
    }
  });

  it.each([
    ['raw bytes in base64', publicKey],
    [
      'raw bytes in base64url without padding',
      Buffer.from(publicKey, 'base64').toString('base64url'),
    ],
    ['SPKI in base64', first?.spkiDerBase64 ?? ''],
    ['raw bytes with more padding than they need', `${publicKey}==`],
    ['PEM', first?.pem ?? ''],
    ['PEM without line breaks', (first?.pem ?? '').replaceAll('\n', '')],
    ['a list', [otherKey, publicKey]],
  ])('takes the key as %s', (_, key) => {
    expect(verdict({}, { publicKey: key })).toBe('accepted');
    expect(verdict({}, { publicKey: typeof key === 'string' ? ` ${key}\n` : key })).toBe(
      'accepted',
    );
  });

  it('takes the PEM that node:crypto writes, of any key', () => {
    const pair = generateKeyPairSync('ed25519');
    const pem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const pkcs8 = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    const raw = createPublicKey(pem).export({ format: 'jwk' }).x ?? '';
    for (const key of [pkcs8, der]) {
      const signed = { headers: signTelnyxWebhook({ body }, { privateKey: key, now }), body };
      expect(verdict(signed, { publicKey: pem })).toBe('accepted');
      expect(verdict(signed, { publicKey: raw })).toBe('accepted');
    }
  });

  it.each([
    ['nothing', ''],
    ['no key', []],
    ['one key and one that is none', [publicKey, 'x']],
    ['hexadecimal', Buffer.from(publicKey, 'base64').toString('hex')],
    ['a key with "=" in it', publicKey.replace(/^.../u, '$&=')],
    ['31 bytes', Buffer.alloc(31, 1).toString('base64')],
    ['33 bytes', Buffer.alloc(33, 1).toString('base64')],
    ['44 bytes that are not SPKI', Buffer.alloc(44, 1).toString('base64')],
    [
      'a longer SPKI',
      Buffer.concat([Buffer.from(first?.spkiDerBase64 ?? '', 'base64'), Buffer.alloc(1)]).toString(
        'base64',
      ),
    ],
    [
      'a private key',
      Buffer.from(`302e020100300506032b657004220420${'11'.repeat(32)}`, 'hex').toString('base64'),
    ],
    ['not base64', '!'.repeat(44)],
    ['32 zero bytes', Buffer.alloc(32).toString('base64')],
    ['the neutral element', `01${'00'.repeat(31)}`],
  ])('accepts nothing when the key is %s (C1)', (_, key) => {
    const encoded =
      typeof key === 'string' && key.startsWith('0100')
        ? Buffer.from(key, 'hex').toString('base64')
        : key;
    expect(verdict({}, { publicKey: encoded })).toBe('unusable_secret');
  });

  it.each([
    '0000000000000000000000000000000000000000000000000000000000000080',
    '0100000000000000000000000000000000000000000000000000000000000080',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ])('accepts nothing with the key of small order %s', (hex) => {
    expect(verdict({}, { publicKey: Buffer.from(hex, 'hex').toString('base64') })).toBe(
      'unusable_secret',
    );
  });

  it('says which of several keys signed, and refuses when none did', () => {
    expect(
      verifyTelnyxWebhook(request, { publicKey: [otherKey, publicKey], now }).secretIndex,
    ).toBe(1);
    expect(verdict({}, { publicKey: [otherKey] })).toBe('signature_mismatch');
  });

  it('goes on when more keys are used than it remembers', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const key = createHash('sha256').update(String(seed)).digest('base64');
      expect(verdict({}, { publicKey: [key, publicKey] })).toBe('accepted');
    }
  });

  it('takes padded base64 of either alphabet, and no other spelling', () => {
    const signature = headers[signatureName];
    const urlSafe = signature.replaceAll('+', '-').replaceAll('/', '_');
    expect(verdict(withSignature(urlSafe))).toBe('accepted');
    for (const wrong of [
      signature.replaceAll('=', ''),
      `${signature}\n`,
      Buffer.from(signature, 'base64').toString('hex'),
      signature.slice(0, -4),
      `AAAA${signature}`,
      signature.replace(/.==$/u, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}==`),
      'é'.repeat(88),
    ]) {
      expect([wrong, verdict(withSignature(wrong))]).toEqual([wrong, 'malformed_header']);
    }
    expect(verdict(withSignature(Buffer.alloc(64).toString('base64')))).toBe('signature_mismatch');
    expect(verdict(withSignature(''))).toBe('missing_header');
    expect(verdict({ headers: {} })).toBe('missing_header');
    expect(verdict({ headers: { [signatureName]: signature } })).toBe('missing_header');
  });

  it.each([
    ['1795165200.0', 'malformed_header'],
    [' 1795165200', 'malformed_header'],
    ['1795165200 ', 'malformed_header'],
    ['+1795165200', 'malformed_header'],
    ['-1', 'malformed_header'],
    ['0x6b', 'malformed_header'],
    ['1e9', 'malformed_header'],
    ['abc', 'malformed_header'],
    ['NaN', 'malformed_header'],
    ['١٧٩٥١٦٥٢٠٠', 'malformed_header'],
    ['9007199254740993', 'malformed_header'],
    ['0'.repeat(33), 'malformed_header'],
    ['', 'missing_header'],
    ['1795165200000', 'timestamp_out_of_tolerance'],
    ['1795165201', 'signature_mismatch'],
  ])('refuses the timestamp "%s" (C51)', (timestamp, reason) => {
    expect(verdict(withTimestamp(timestamp))).toBe(reason);
  });

  it('takes leading zeros, which are signed as they are', () => {
    expect(verdict(signedWith('01795165200'))).toBe('accepted');
    expect(verdict(signedWith(`${'0'.repeat(22)}1795165200`))).toBe('accepted');
  });

  it.each([
    [300, undefined, 'accepted'],
    [301, undefined, 'timestamp_out_of_tolerance'],
    [-300, undefined, 'accepted'],
    [-301, undefined, 'timestamp_out_of_tolerance'],
    [300.9, undefined, 'accepted'],
    [10, 10, 'accepted'],
    [11, 10, 'timestamp_out_of_tolerance'],
    [0, 0, 'accepted'],
    [0, -1, 'timestamp_out_of_tolerance'],
    [0, Number.NaN, 'timestamp_out_of_tolerance'],
    [Number.NaN, undefined, 'timestamp_out_of_tolerance'],
  ])('with a clock %d s later and a tolerance of %s: %s', (later, toleranceSeconds, expected) => {
    const clock = () => (signedAt + later) * 1000;
    const options = toleranceSeconds === undefined ? {} : { toleranceSeconds };
    expect(verdict({}, { ...options, now: clock })).toBe(expected);
  });

  it('uses the clock of the machine unless given one', () => {
    const fresh = { headers: signTelnyxWebhook({ body }, { privateKey }), body };
    expect(verdictOf(() => verifyTelnyxWebhook(fresh, { publicKey }))).toBe('accepted');
    expect(
      verdictOf(() =>
        verifyTelnyxWebhook(
          { ...fresh, headers: signTelnyxWebhook({ body }, { privateKey, timestampSeconds: 1 }) },
          { publicKey },
        ),
      ),
    ).toBe('timestamp_out_of_tolerance');
  });

  it('bounds the body', () => {
    expect(verdict({}, { maxBodyBytes: body.length })).toBe('accepted');
    expect(verdict({}, { maxBodyBytes: body.length - 1 })).toBe('malformed_body');
    const large = 'x'.repeat(65_537);
    const signed = {
      headers: signTelnyxWebhook({ body: large }, { privateKey, now }),
      body: large,
    };
    expect(verdict(signed)).toBe('malformed_body');
    expect(verdict(signed, { maxBodyBytes: 65_537 })).toBe('accepted');
  });
});

describe('every request', () => {
  it('is refused when any bit of body, signature or key is flipped', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('body', 'signature', 'key', 'text'),
        fc.nat(10_000),
        (part, at) => {
          const signature = headers[signatureName];
          const flippedSignature =
            part === 'text'
              ? flipBit(Buffer.from(signature), at).toString('latin1')
              : flipBit(Buffer.from(signature, 'base64'), at).toString('base64');
          const key =
            part === 'key'
              ? flipBit(Buffer.from(publicKey, 'base64'), at).toString('base64')
              : publicKey;
          const changed = {
            body: part === 'body' ? flipBit(Buffer.from(body), at) : body,
            headers: {
              ...headers,
              [signatureName]:
                part === 'signature' || part === 'text' ? flippedSignature : signature,
            },
          };
          expect(verdict(changed, { publicKey: key })).not.toBe('accepted');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('verifies once it is signed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const signed = {
          headers: signTelnyxWebhook({ body: bytes }, { privateKey, now }),
          body: bytes,
        };
        expect(verdict(signed)).toBe('accepted');
      }),
    );
  });
});

const keyOf = (changes: Partial<TelnyxWebhookRequest>): string =>
  verifyTelnyxWebhook({ ...request, ...changes }, { publicKey, now }).replayKey;

describe('the replay key', () => {
  it('is a digest of what was signed, whatever the spelling of the signature (C6)', () => {
    const digest = createHash('sha512')
      .update(`${String(signedAt)}|${body}`)
      .digest()
      .subarray(0, 33);
    expect(keyOf({})).toBe(`telnyx:${digest.toString('base64url')}`);
    const urlSafe = headers[signatureName].replaceAll('+', '-').replaceAll('/', '_');
    expect(keyOf(withSignature(urlSafe))).toBe(keyOf({}));
    for (let count = 0; count < 20; count += 1) {
      const text = String(count);
      const other = { headers: signTelnyxWebhook({ body: text }, { privateKey, now }), body: text };
      const whole = createHash('sha512')
        .update(`${String(signedAt)}|${text}`)
        .digest();
      expect(keyOf(other)).toBe(`telnyx:${whole.subarray(0, 33).toString('base64url')}`);
    }
    expect(keyOf({ headers: { ...headers, 'x-other': '1' } })).toBe(keyOf({}));
    expect(keyOf(signedWith('01795165200'))).not.toBe(keyOf({}));
  });
});

const verify = (
  changes: Partial<TelnyxWebhookRequest>,
  keys: string | readonly string[] = publicKey,
) => verifyTelnyxWebhookAsync({ ...request, ...changes }, { publicKey: keys, now });

const post = (with_: Record<string, string>): Request =>
  new Request('http://10.0.0.7/', { method: 'POST', headers: with_, body });

describe('the asynchronous form', () => {
  it('gives the same answers', async () => {
    await expect(verify({})).resolves.toMatchObject({ secretIndex: 0, eventId: 'b301ed3f' });
    await expect(verify({}, [otherKey, publicKey])).resolves.toHaveProperty('secretIndex', 1);
    await expect(verify({ body: `${body} ` })).rejects.toMatchObject({
      reason: 'signature_mismatch',
    });
    await expect(verify({}, otherKey)).rejects.toMatchObject({ reason: 'signature_mismatch' });
    await expect(verify({ headers: {} })).rejects.toMatchObject({ reason: 'missing_header' });
  });

  it('serves fetch-API requests', async () => {
    await expect(verifyTelnyxRequest(post(headers), { publicKey, now })).resolves.toHaveProperty(
      'eventId',
      'b301ed3f',
    );
    for (const name of [signatureName, timestampName] as const) {
      const { [name]: _, ...rest } = headers;
      await expect(verifyTelnyxRequest(post(rest), { publicKey, now })).rejects.toMatchObject({
        reason: 'missing_header',
        message: `The request has no ${name} header.`,
      });
    }
  });
});

it('reads no byte of the body of a fetch-API request without a signature', async () => {
  let isPulled = false;
  const stream = new ReadableStream(
    {
      pull(controller) {
        isPulled = true;
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const unsigned = new Request('http://10.0.0.7/', {
    method: 'POST',
    headers: { [signatureName]: headers[signatureName] },
    body: stream,
    duplex: 'half',
  });
  await expect(verifyTelnyxRequest(unsigned, { publicKey, now })).rejects.toMatchObject({
    reason: 'missing_header',
  });
  expect(isPulled).toBe(false);
});

describe('signTelnyxWebhook', () => {
  it('makes the signatures of the vectors', () => {
    for (const vector of readVectors('telnyx').vectors) {
      const key = readVectors('telnyx').keys.find(
        ({ rawBase64 }) => rawBase64 === vector.publicKey,
      );
      if (!vector.expected || key === undefined || !/^[1-9]\d+$/u.test(vector.timestamp)) continue;
      const seed = Buffer.from(key.seedHex, 'hex').toString('base64');
      const options = { privateKey: seed, timestampSeconds: Number(vector.timestamp) };
      expect([vector.id, signTelnyxWebhook(vector, options)]).toEqual([
        vector.id,
        { [signatureName]: vector.signature, [timestampName]: vector.timestamp },
      ]);
    }
  });

  it.each(['', 'x', Buffer.alloc(31).toString('base64'), first?.spkiDerBase64 ?? ''])(
    'refuses the private key "%s"',
    (key) => {
      expect(verdictOf(() => signTelnyxWebhook({ body }, { privateKey: key }))).toBe(
        'unusable_secret',
      );
    },
  );
});
