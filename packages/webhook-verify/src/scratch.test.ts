import { describe, expect, it } from 'vitest';
import { signPlivoV3Webhook, verifyPlivoWebhook } from './plivo.ts';
import { maxKnownFormBytes, maxKnownUrlLength, scratch, wipeScratch } from './scratch.ts';
import { signTwilioWebhook, verifyTwilioWebhook } from './twilio.ts';

const options = { authToken: 'a token that must not stay' };
const unsigned = { method: 'POST', url: 'https://a.example/x', headers: {}, body: 'Body=a+text' };

function expectNothingLeft(): void {
  expect(scratch.every((byte) => byte === 0)).toBe(true);
}

describe('the memory to work in', () => {
  it('is wiped as far as a form and a URL can have been written', () => {
    scratch.fill(1);
    wipeScratch(1, 1);
    expect(scratch.indexOf(1)).toBe(2 + 3 + 512);
    wipeScratch(maxKnownFormBytes + 1, 1);
    wipeScratch(1, maxKnownUrlLength + 1);
    expect(scratch.indexOf(1)).toBe(2 + 3 + 512);
    wipeScratch(maxKnownFormBytes, maxKnownUrlLength);
    expectNothingLeft();
  });

  it('keeps nothing of a Twilio request, whatever its verdict', () => {
    const headers = signTwilioWebhook(unsigned, options);
    for (let time = 0; time < 17; time += 1) {
      const { parameters, replayKey } = verifyTwilioWebhook({ ...unsigned, headers }, options);
      expectNothingLeft();
      for (const body of ['Body=x', 'Body=x%', 'Body=x%FF', 'Body=\u00fc', 'Bodx=a+text']) {
        expect(() => verifyTwilioWebhook({ ...unsigned, headers, body }, options)).toThrow();
        expectNothingLeft();
      }
      // What was handed out before is not in that memory.
      expect([...parameters]).toEqual([['Body', 'a text']]);
      expect(replayKey).toBe(verifyTwilioWebhook({ ...unsigned, headers }, options).replayKey);
    }
  });

  it('keeps nothing of a Plivo request, whatever its verdict', () => {
    const headers = signPlivoV3Webhook(unsigned, { ...options, nonce: '12345' });
    for (let time = 0; time < 17; time += 1) {
      const { parameters } = verifyPlivoWebhook({ ...unsigned, headers }, options);
      expectNothingLeft();
      const forged = { ...unsigned, headers, body: 'Body=x' };
      expect(() => verifyPlivoWebhook(forged, options)).toThrow('No configured auth token');
      expectNothingLeft();
      expect([...parameters]).toEqual([['Body', 'a text']]);
    }
  });

  it('is not needed for bodies and URLs that are larger', () => {
    const limits = { ...options, maxBodyBytes: 400_000 };
    for (const length of [maxKnownFormBytes - 5, maxKnownFormBytes - 4, 300_000]) {
      const large = { ...unsigned, body: `Body=${'x'.repeat(length)}` };
      const headers = signTwilioWebhook(large, limits);
      const { parameters } = verifyTwilioWebhook({ ...large, headers }, limits);
      expect(parameters.get('Body')).toHaveLength(length);
    }
    for (const length of [maxKnownUrlLength, maxKnownUrlLength + 1]) {
      const long = { ...unsigned, url: 'https://a.example/'.padEnd(length, '\u20ac') };
      const headers = signTwilioWebhook(long, options);
      for (let time = 0; time < 17; time += 1) {
        expect(verifyTwilioWebhook({ ...long, headers }, options).signedUrl).toBe(long.url);
      }
      expectNothingLeft();
    }
  });
});
