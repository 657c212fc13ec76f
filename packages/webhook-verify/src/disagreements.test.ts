import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  plivoV2SdkAccepts,
  plivoV3SdkAccepts,
  telnyxSdkAccepts,
  twilioSdkAccepts,
} from '../test/agreement.ts';
import { readVectors, verdictOf } from '../test/vectors.ts';
import { signPlivoV2Webhook, signPlivoV3Webhook, verifyPlivoWebhook } from './plivo.ts';
import { signTelnyxWebhook, verifyTelnyxWebhook } from './telnyx.ts';
import { signTwilioWebhook, verifyTwilioWebhook } from './twilio.ts';

const authToken = 'test0auth0token0for0vectors00000';
const nonce = '05429567804466091622';

const twilioVerdicts = (signedUrl: string, url: string, rawBody = '', method = 'POST') => {
  const signature = createHmac('sha1', authToken).update(signedUrl).digest('base64');
  const headers = { 'x-twilio-signature': signature };
  return [
    verdictOf(() => verifyTwilioWebhook({ method, url, headers, body: rawBody }, { authToken })),
    twilioSdkAccepts({ authToken, signature, url, rawBody, method }),
  ];
};

describe('the Twilio SDK', () => {
  it('accepts URLs that it rewrote', () => {
    expect(twilioVerdicts('https://h.example/x?n=It%27s', "https://h.example/x?n=It's")).toEqual([
      'signature_mismatch',
      true,
    ]);
    expect(twilioVerdicts('https://h.example/x', 'https://H.example/x')).toEqual([
      'signature_mismatch',
      true,
    ]);
  });

  it('adds port 80 to wss', () => {
    expect(twilioVerdicts('wss://h.example:443/m', 'wss://h.example/m', '', 'GET')).toEqual([
      'accepted',
      false,
    ]);
    expect(twilioVerdicts('wss://h.example:80/m', 'wss://h.example/m', '', 'GET')).toEqual([
      'signature_mismatch',
      true,
    ]);
  });

  it('replaces what is not UTF-8', () => {
    expect(
      twilioVerdicts('https://h.example/xBody\ufffd', 'https://h.example/x', 'Body=%FF'),
    ).toEqual(['malformed_body', true]);
    expect(twilioVerdicts('https://h.example/xBody%zz', 'https://h.example/x', 'Body=%zz')).toEqual(
      ['malformed_body', true],
    );
  });
});

describe('the Plivo SDK', () => {
  const url = 'https://hooks.example.com/p';
  const bothVerdicts = (received: {
    readonly url?: string;
    readonly rawBody?: string;
    readonly token?: string;
    readonly spoil?: (signature: string) => string;
  }) => {
    const token = received.token ?? authToken;
    const request = {
      method: 'POST',
      url: received.url ?? url,
      headers: {},
      body: received.rawBody ?? 'a=1',
    };
    const headers = signPlivoV3Webhook(request, { authToken: token, nonce });
    const signature = (received.spoil ?? String)(headers['x-plivo-signature-v3'] ?? '');
    headers['x-plivo-signature-v3'] = signature;
    return [
      verdictOf(() => verifyPlivoWebhook({ ...request, headers }, { authToken: token })),
      plivoV3SdkAccepts({ ...request, rawBody: request.body, authToken: token, nonce, signature }),
    ];
  };

  it('cannot read IPv6 hosts', () => {
    expect(bothVerdicts({ url: 'https://[2001:db8::1]/p' })).toEqual(['accepted', false]);
  });

  it('encodes tokens twice that are not ASCII', () => {
    expect(bothVerdicts({ token: 'tökn' })).toEqual(['accepted', false]);
  });

  it('takes a space around a comma for a part of the signature', () => {
    expect(bothVerdicts({ spoil: (signature) => `AAAA, ${signature}` })).toEqual([
      'accepted',
      false,
    ]);
  });

  it('takes one V2 signature only', () => {
    const request = { method: 'POST', url, headers: {}, body: '' };
    const headers = signPlivoV2Webhook(request, { authToken, nonce });
    const signature = `AAAA,${headers['x-plivo-signature-v2'] ?? ''}`;
    headers['x-plivo-signature-v2'] = signature;
    expect(verdictOf(() => verifyPlivoWebhook({ ...request, headers }, { authToken }))).toBe(
      'accepted',
    );
    expect(plivoV2SdkAccepts({ url, nonce, signature, authToken })).toBe(false);
  });

  it('knows one spelling of an empty POST', () => {
    const signature = createHmac('sha256', authToken).update(`${url}?.${nonce}`).digest('base64');
    const headers = { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce };
    expect(
      verdictOf(() =>
        verifyPlivoWebhook({ method: 'POST', url, headers, body: '' }, { authToken }),
      ),
    ).toBe('accepted');
    expect(
      plivoV3SdkAccepts({ method: 'POST', url, rawBody: '', authToken, nonce, signature }),
    ).toBe(false);
  });

  it('replaces what is not UTF-8', () => {
    const signature = createHmac('sha256', authToken)
      .update(`${url}?a\ufffd.${nonce}`)
      .digest('base64');
    const headers = { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce };
    const request = { method: 'POST', url, headers, body: 'a=%FF' };
    expect(verdictOf(() => verifyPlivoWebhook(request, { authToken }))).toBe('malformed_body');
    expect(
      plivoV3SdkAccepts({ ...request, rawBody: request.body, authToken, nonce, signature }),
    ).toBe(true);
  });
});

describe('the Telnyx SDK', () => {
  const [key] = readVectors('telnyx').keys;
  const privateKey = Buffer.from(key?.seedHex ?? '', 'hex').toString('base64');
  const body = '{}';
  const headers = signTelnyxWebhook({ body }, { privateKey });

  it('takes no key in SPKI or PEM', async () => {
    for (const publicKey of [key?.spkiDerBase64 ?? '', key?.pem ?? '']) {
      expect(verdictOf(() => verifyTelnyxWebhook({ headers, body }, { publicKey }))).toBe(
        'accepted',
      );
      await expect(telnyxSdkAccepts({ publicKey, headers, body })).resolves.toBe(false);
    }
  });

  it('ignores bits left over behind the last byte of a signature, and takes one alphabet', async () => {
    const publicKey = key?.rawBase64 ?? '';
    const signature = headers['telnyx-signature-ed25519'];
    const spoilt = signature.replace(
      /.==$/u,
      (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}==`,
    );
    const withSpoilt = { ...headers, 'telnyx-signature-ed25519': spoilt };
    expect(verdictOf(() => verifyTelnyxWebhook({ headers: withSpoilt, body }, { publicKey }))).toBe(
      'malformed_header',
    );
    await expect(telnyxSdkAccepts({ publicKey, headers: withSpoilt, body })).resolves.toBe(true);
    let counter = 0;
    let texts = { body, headers };
    while (!/[+/]/u.test(texts.headers['telnyx-signature-ed25519'])) {
      counter += 1;
      texts = {
        body: `[${String(counter)}]`,
        headers: signTelnyxWebhook({ body: `[${String(counter)}]` }, { privateKey }),
      };
    }
    const urlSafe = texts.headers['telnyx-signature-ed25519']
      .replaceAll('+', '-')
      .replaceAll('/', '_');
    const withUrlSafe = { ...texts.headers, 'telnyx-signature-ed25519': urlSafe };
    expect(
      verdictOf(() =>
        verifyTelnyxWebhook({ headers: withUrlSafe, body: texts.body }, { publicKey }),
      ),
    ).toBe('accepted');
    await expect(
      telnyxSdkAccepts({ publicKey, headers: withUrlSafe, body: texts.body }),
    ).resolves.toBe(false);
  });
});

it('signs what the SDKs accept', () => {
  const request = { method: 'POST', url: 'https://h.example/x', headers: {}, body: 'a=1' };
  const signature = signTwilioWebhook(request, { authToken })['x-twilio-signature'];
  expect(twilioSdkAccepts({ ...request, rawBody: request.body, authToken, signature })).toBe(true);
});
