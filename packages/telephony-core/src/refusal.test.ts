import { describe, expect, it } from 'vitest';
import { TelephonyError } from './error.ts';
import { codeOfRefusal, createRefusal, toAnswerError } from './refusal.ts';

const now = new Date('2026-01-01T00:00:00Z');
const plain = { provider: 'mock', retryAfter: undefined, now, creates: true };

describe('a refusal', () => {
  it('is of its provider, and surely nothing was performed', () => {
    const refusal = createRefusal('mock')('invalid_recipient', 'no telephone number');
    expect(refusal).toBeInstanceOf(TelephonyError);
    expect(refusal).toMatchObject({
      code: 'invalid_recipient',
      message: 'no telephone number',
      provider: 'mock',
      outcome: 'not-performed',
    });
  });
  it('carries what it is told, but for another provider', () => {
    const details = { provider: 'other', outcome: 'unknown', httpStatus: 400 } as const;
    expect(createRefusal('mock')('invalid_request', 'no', details)).toMatchObject({
      provider: 'mock',
      outcome: 'unknown',
      httpStatus: 400,
    });
  });
});

describe('an answer that is not 2xx', () => {
  it.each([
    [302, 'unknown'],
    [400, 'not-performed'],
    [408, 'unknown'],
    [429, 'not-performed'],
    [499, 'unknown'],
    [500, 'unknown'],
  ] as const)(
    'with status %i leaves what was to be created %s, and what was read not performed',
    (status, outcome) => {
      const created = toAnswerError('network', 'no', { ...plain, status });
      expect(created).toMatchObject({ provider: 'mock', outcome, httpStatus: status });
      const read = toAnswerError('network', 'no', { ...plain, status, creates: false });
      expect(read.outcome).toBe('not-performed');
    },
  );
  it("carries the carrier's number and how long to wait, where it has them", () => {
    const answer = { ...plain, status: 429, retryAfter: '7', providerCode: '4001' };
    expect(toAnswerError('rate_limited', 'no', answer)).toMatchObject({
      code: 'rate_limited',
      message: 'no',
      providerCode: '4001',
      retryAfterMs: 7000,
    });
    const bare = toAnswerError('rate_limited', 'no', { ...plain, status: 429 });
    expect(bare).not.toHaveProperty('providerCode');
    expect(bare).not.toHaveProperty('retryAfterMs');
  });
  it.each([
    [400, 'invalid_request'],
    [401, 'auth_failed'],
    [402, 'account_blocked'],
    [403, 'permission_denied'],
    [404, 'not_found'],
    [422, 'invalid_request'],
  ] as const)('with nothing but status %i is %s', (status, code) => {
    expect(codeOfRefusal(status)).toBe(code);
  });
});
