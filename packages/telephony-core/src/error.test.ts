import { describe, expect, it } from 'vitest';
import { isTelephonyErrorCode, TelephonyError } from './error.ts';

describe('TelephonyError', () => {
  const error = new TelephonyError('rate_limited', 'too fast', {
    provider: 'mock',
    outcome: 'not-performed',
    retryAfterMs: 2000,
    httpStatus: 429,
    providerCode: '20429',
  });

  it('says what happened, and whether it may have happened anyway', () => {
    expect(error).toMatchObject({
      name: 'TelephonyError',
      code: 'rate_limited',
      message: 'too fast',
      provider: 'mock',
      outcome: 'not-performed',
      retryAfterMs: 2000,
      httpStatus: 429,
      providerCode: '20429',
    });
    expect('reason' in error).toBe(false);
  });
  it('is recognised when another copy of the package made it', () => {
    const foreign = { [Symbol.for('@openclaw/telephony-core/TelephonyError')]: true };
    expect(TelephonyError.isInstance(foreign)).toBe(true);
    expect(TelephonyError.isInstance(error)).toBe(true);
    expect(TelephonyError.isInstance(new Error('no'))).toBe(false);
    expect(TelephonyError.isInstance(null)).toBe(false);
  });
  it('has a closed list of codes', () => {
    expect(isTelephonyErrorCode('rate_limited')).toBe(true);
    expect(isTelephonyErrorCode('quota')).toBe(false);
  });
});
