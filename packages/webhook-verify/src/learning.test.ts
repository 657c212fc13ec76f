import { afterEach, describe, expect, it, vi } from 'vitest';
import { verdictOf } from '../test/vectors.ts';
import { Layouts } from './layouts.ts';
import { signPlivoV2Webhook, signPlivoV3Webhook, verifyPlivoWebhook } from './plivo.ts';
import { maxKnownFormBytes, maxKnownUrlLength } from './scratch.ts';
import { signTwilioWebhook, verifyTwilioWebhook, withBodyDigest } from './twilio.ts';

/** Sixteen genuine requests of one layout: one of them is learned from, whatever came before. */
function teach(verify: () => unknown): void {
  const learning = vi.spyOn(Layouts.prototype, 'learn').mockClear();
  for (let time = 0; time < 16; time += 1) verify();
  expect(learning).toHaveBeenCalled();
  learning.mockClear();
  verify();
  expect(learning).not.toHaveBeenCalled();
}

/** Other characters, whose last bytes are the same. */
function spoil(signature = ''): string {
  return String.fromCharCode(...Array.from(signature, (letter) => letter.charCodeAt(0) + 0x100));
}

describe('learning', () => {
  const options = { authToken: 'secret' };
  const request = { method: 'POST', url: 'https://a.example/x', headers: {}, body: 'Learning=1' };

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('waits until a Twilio signature has matched', () => {
    const learning = vi.spyOn(Layouts.prototype, 'learn');
    const headers = signTwilioWebhook(request, options);
    const forged = { ...request, headers, body: 'Learning=2' };
    expect(() => verifyTwilioWebhook(forged, options)).toThrow('No configured auth token');
    expect(learning).not.toHaveBeenCalled();
    teach(() => verifyTwilioWebhook({ ...request, headers }, options));
    expect(() => verifyTwilioWebhook(forged, options)).toThrow('No configured auth token');
    const get = { ...request, method: 'GET', body: '' };
    verifyTwilioWebhook({ ...get, headers: signTwilioWebhook(get, options) }, options);
    expect(learning).not.toHaveBeenCalled();
  });

  it('waits until a Plivo V3 signature has matched', () => {
    const learning = vi.spyOn(Layouts.prototype, 'learn');
    const headers = signPlivoV3Webhook(request, options);
    const forged = { ...request, headers, body: 'Learning=2' };
    expect(() => verifyPlivoWebhook(forged, options)).toThrow('No configured auth token');
    verifyPlivoWebhook({ ...request, headers: signPlivoV2Webhook(request, options) }, options);
    const get = { ...request, method: 'GET', url: 'https://a.example/x?Learning=1', body: '' };
    verifyPlivoWebhook({ ...get, headers: signPlivoV3Webhook(get, options) }, options);
    expect(learning).not.toHaveBeenCalled();
    teach(() => verifyPlivoWebhook({ ...request, headers }, options));
    expect(() => verifyPlivoWebhook(forged, options)).toThrow('No configured auth token');
    expect(learning).not.toHaveBeenCalled();
  });

  it('is of use for any URL that is signed as it is, and for no other', () => {
    const body = 'Anywhere=1';
    const sign = (target: string, token = 'secret'): typeof request => {
      const unsigned = { ...request, url: target, body };
      return { ...unsigned, headers: signPlivoV3Webhook(unsigned, { authToken: token }) };
    };
    const learning = vi.spyOn(Layouts.prototype, 'learn');
    const unlike = ['https://u@a.example/', 'https://a.example/?q=1', 'https://a.example/#f'];
    for (const target of [...unlike, 'wss://a.example/https://b', 'HTTPS://a.example/']) {
      verifyPlivoWebhook(sign(target), options);
      expect(learning).not.toHaveBeenCalled();
    }
    const genuine = sign('https://a.example/');
    teach(() => verifyPlivoWebhook(genuine, options));
    const unsigned = { ...request, url: 'http://a.example/', body: 'Unencrypted=1' };
    const local = { ...unsigned, headers: signPlivoV3Webhook(unsigned, options) };
    teach(() => verifyPlivoWebhook(local, options));
    const others = [
      'http://b.example:8080/\u20ac',
      'https://a.example/y',
      'https://a',
      'https://b/',
    ];
    for (const target of others) {
      verifyPlivoWebhook(sign(target), options);
      expect(() => verifyPlivoWebhook(sign(target, 'x'), options)).toThrow('No configured');
    }
    expect(learning).not.toHaveBeenCalled();
    expect(
      verdictOf(() => verifyPlivoWebhook({ ...sign('https://a/'), url: 'https:///a' }, options)),
    ).toBe('malformed_request');
    for (const target of unlike) {
      const webhook = verifyPlivoWebhook(sign(target), options);
      expect([...webhook.parameters]).toEqual([['Anywhere', '1']]);
    }
  });

  it('never excuses what Plivo requests must have', () => {
    const unsigned = { ...request, body: 'Excuse=1' };
    const good = { ...unsigned, headers: signPlivoV3Webhook(unsigned, options) };
    teach(() => verifyPlivoWebhook(good, options));
    const name = 'x-plivo-signature-v3';
    const verdicts = [
      { ...good, body: 'Excuse=2' },
      { ...good, body: 'Excuse=%' },
      { ...good, method: 'GET' },
      { ...good, url: 'nowhere' },
      { ...good, headers: { ...good.headers, [name]: 'x'.repeat(44) } },
      { ...good, headers: { ...good.headers, [name]: 'x'.repeat(44) }, body: 'Other=%' },
    ].map((bad) => verdictOf(() => verifyPlivoWebhook(bad, options)));
    expect(verdicts).toEqual([
      'signature_mismatch',
      'malformed_body',
      'malformed_request',
      'malformed_request',
      'malformed_header',
      'malformed_header',
    ]);
  });

  it.each([
    [maxKnownFormBytes, 30, true],
    [maxKnownFormBytes + 1, 30, false],
    [30, maxKnownUrlLength, true],
    [30, maxKnownUrlLength + 1, false],
  ])('is of use for %d bytes and a URL of %d characters: %s', (bytes, characters, isOfUse) => {
    const unsigned = {
      ...request,
      url: 'https://a.example/'.padEnd(characters, 'x'),
      body: 'Bounds='.padEnd(bytes, 'x'),
    };
    const twilio = { ...unsigned, headers: signTwilioWebhook(unsigned, options) };
    const plivo = { ...unsigned, headers: signPlivoV3Webhook(unsigned, options) };
    const learning = vi.spyOn(Layouts.prototype, 'learn');
    for (const verify of [
      () => verifyTwilioWebhook(twilio, options),
      () => verifyPlivoWebhook(plivo, options),
    ]) {
      for (let time = 0; time < 16; time += 1) verify();
      learning.mockClear();
      verify();
      expect(learning.mock.calls.length === 0).toBe(isOfUse);
    }
  });

  it('is not undone by forgers, whatever layouts they invent', () => {
    const learning = vi.spyOn(Layouts.prototype, 'learn');
    const twilio = { ...request, body: 'Undo=1', headers: {} };
    const plivo = { ...request, body: 'Undo=1', headers: {} };
    const genuine = [
      { ...twilio, headers: signTwilioWebhook(twilio, options) },
      { ...plivo, headers: signPlivoV3Webhook(plivo, options) },
    ] as const;
    teach(() => verifyTwilioWebhook(genuine[0], options));
    teach(() => verifyPlivoWebhook(genuine[1], options));
    for (let layout = 0; layout < 100; layout += 1) {
      const body = `Forged${String(layout)}=1`;
      expect(verdictOf(() => verifyTwilioWebhook({ ...genuine[0], body }, options))).toBe(
        'signature_mismatch',
      );
      expect(verdictOf(() => verifyPlivoWebhook({ ...genuine[1], body }, options))).toBe(
        'signature_mismatch',
      );
      // V2 headers that are genuine excuse any body.
      const old = signPlivoV2Webhook(plivo, options);
      verifyPlivoWebhook({ ...plivo, headers: old, body }, options);
    }
    verifyTwilioWebhook(genuine[0], options);
    verifyPlivoWebhook(genuine[1], options);
    expect(learning).not.toHaveBeenCalled();
  });

  it('excuses no other spelling of a signature', () => {
    const unsigned = { ...request, body: 'Spelling=1' };
    const twilio = signTwilioWebhook(unsigned, options);
    const plivo = signPlivoV3Webhook(unsigned, options);
    const verifyTwilio = (headers: Record<string, string>) =>
      verifyTwilioWebhook({ ...unsigned, headers }, options);
    const verifyPlivo = (headers: Record<string, string>) =>
      verifyPlivoWebhook({ ...unsigned, headers }, options);
    vi.spyOn(Layouts.prototype, 'learn');
    teach(() => verifyTwilio(twilio));
    teach(() => verifyPlivo(plivo));
    const [twilioName, plivoName] = ['x-twilio-signature', 'x-plivo-signature-v3'] as const;
    expect(verdictOf(() => verifyTwilio({ [twilioName]: spoil(twilio[twilioName]) }))).toBe(
      'malformed_header',
    );
    expect(verdictOf(() => verifyPlivo({ ...plivo, [plivoName]: spoil(plivo[plivoName]) }))).toBe(
      'malformed_header',
    );
  });

  it('never excuses what Twilio requests must have', () => {
    const body = 'Excuse=1';
    const signed = (changes: Partial<typeof request>): typeof request => {
      const unsigned = { ...request, body, ...changes };
      return {
        ...unsigned,
        headers: { ...changes.headers, ...signTwilioWebhook(unsigned, options) },
      };
    };
    const learning = vi.spyOn(Layouts.prototype, 'learn');
    teach(() => verifyTwilioWebhook(signed({}), options));
    verifyTwilioWebhook(signed({ url: 'https://b.example/y' }), options);
    const withDigest = withBodyDigest('https://a.example/x', body);
    expect(verifyTwilioWebhook(signed({ url: withDigest }), options).signedUrl).toBe(withDigest);
    expect(learning).not.toHaveBeenCalled();
    const good = signed({});
    const verdicts = [
      { ...good, url: 'https://a.example/x#f' },
      { ...good, url: 'nowhere' },
      { ...good, method: 'GET' },
      { ...good, headers: { ...good.headers, 'content-type': 'text/plain' } },
      { ...good, headers: { 'x-twilio-signature': 'x'.repeat(28) } },
      { ...good, body: 'Excuse=2' },
      { ...good, body: 'Excuse=%' },
      { ...good, headers: { 'x-twilio-signature': 'x' }, body: 'Other=%' },
      { ...good, url: 'https://a.example/x?bodySHA256=0' },
    ].map((bad) => verdictOf(() => verifyTwilioWebhook(bad, options)));
    expect(verdicts).toEqual([
      'malformed_request',
      'malformed_request',
      'malformed_request',
      'body_digest_mismatch',
      'malformed_header',
      'signature_mismatch',
      'malformed_body',
      'malformed_header',
      'signature_mismatch',
    ]);
  });
});
