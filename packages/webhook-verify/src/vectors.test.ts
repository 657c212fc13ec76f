import { describe, expect, it } from 'vitest';
import { plivoRequest, readVectors, twilioRequest, verdictOf } from '../test/vectors.ts';
import { verifyPlivoWebhook } from './plivo.ts';
import { verifyTelnyxWebhook } from './telnyx.ts';
import { verifyTwilioWebhook } from './twilio.ts';

describe('the Twilio vectors', () => {
  const { vectors } = readVectors('twilio');

  it.each(vectors.filter(({ tier }) => tier === 'core'))('$id: $category', (vector) => {
    const verify = () => verifyTwilioWebhook(twilioRequest(vector), vector);
    expect(verdictOf(verify) === 'accepted').toBe(vector.expected);
  });

  it('are refused when only the URL rewriting of the SDK accepts them', () => {
    const lenient = vectors.filter(({ tier }) => tier === 'lenient-sdk-only');
    expect(lenient).toHaveLength(10);
    for (const vector of lenient) {
      const verify = () => verifyTwilioWebhook(twilioRequest(vector), vector);
      expect([vector.id, verdictOf(verify)]).toEqual([vector.id, 'signature_mismatch']);
    }
  });
});

describe('the Telnyx vectors', () => {
  const { vectors } = readVectors('telnyx');
  // The SDK takes a key only as base64 of 32 bytes. SPKI and PEM name the same key, and a key is
  // configuration, not input: we take them.
  const keyFormatsWeAdd = new Set(['telnyx-063', 'telnyx-064']);

  it.each(vectors)('$id: $category', (vector) => {
    const verify = () =>
      verifyTelnyxWebhook(vector, { publicKey: vector.publicKey, now: () => vector.now * 1000 });
    const expected = vector.expected || keyFormatsWeAdd.has(vector.id);
    expect(verdictOf(verify) === 'accepted').toBe(expected);
  });
});

describe('the Plivo vectors', () => {
  const vectors = [...readVectors('plivo-v2').vectors, ...readVectors('plivo-v3').vectors];

  it.each(vectors.filter(({ tier }) => tier === 'core'))('$id: $category', (vector) => {
    const verify = () => verifyPlivoWebhook(plivoRequest(vector), vector);
    expect(verdictOf(verify) === 'accepted').toBe(vector.expected);
  });
});
