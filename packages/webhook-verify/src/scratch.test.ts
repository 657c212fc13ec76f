import { describe, expect, it } from 'vitest';
import { takeScratch, wipe } from './scratch.ts';
import { signTwilioWebhook, verifyTwilioWebhook } from './twilio.ts';

const options = { authToken: 'a token that must not stay' };
const unsigned = { method: 'POST', url: 'https://a.example/x', headers: {}, body: 'Body=a+text' };

function expectNothingLeft(): void {
  expect(takeScratch(1).every((byte) => byte === 0)).toBe(true);
}

describe('the memory to work in', () => {
  it('is the same each time, and fresh for what it is too small for', () => {
    const memory = takeScratch(1);
    expect(takeScratch(memory.length)).toBe(memory);
    expect(takeScratch(memory.length + 1)).not.toBe(memory);
    expect(takeScratch(memory.length + 1)).toHaveLength(memory.length + 1);
  });

  it('is wiped as far as it was used', () => {
    const memory = Buffer.from('abc');
    wipe(memory, 2);
    expect(memory.toString()).toBe('\0\0c');
  });

  it('keeps nothing of a request, whatever its verdict', () => {
    const headers = signTwilioWebhook(unsigned, options);
    expectNothingLeft();
    const { parameters, replayKey } = verifyTwilioWebhook({ ...unsigned, headers }, options);
    expectNothingLeft();
    expect(() => verifyTwilioWebhook({ ...unsigned, headers, body: 'Body=x' }, options)).toThrow(
      'No configured auth token',
    );
    expectNothingLeft();
    expect(() => verifyTwilioWebhook({ ...unsigned, headers, body: 'Body=x%' }, options)).toThrow(
      'hexadecimal',
    );
    expectNothingLeft();
    // What was handed out before is not in that memory.
    expect([...parameters]).toEqual([['Body', 'a text']]);
    expect(replayKey).toBe(verifyTwilioWebhook({ ...unsigned, headers }, options).replayKey);
  });

  it('serves bodies that are larger than it', () => {
    const large = { ...unsigned, body: `Body=${'x'.repeat(300_000)}` };
    const limits = { ...options, maxBodyBytes: 400_000 };
    const headers = signTwilioWebhook(large, limits);
    const { parameters } = verifyTwilioWebhook({ ...large, headers }, limits);
    expect(parameters.get('Body')).toHaveLength(300_000);
  });
});
