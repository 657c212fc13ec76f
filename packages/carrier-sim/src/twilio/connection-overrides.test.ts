import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConnectionPolicy, retryReason } from './connection-overrides.ts';

const defaults = { connectTimeoutMs: 5_000, readTimeoutMs: 15_000, totalTimeoutMs: 15_000 };
const read = (fragment: string): ReturnType<typeof readConnectionPolicy> =>
  readConnectionPolicy(`https://hooks.example.com/sms?a=1${fragment}`, defaults);
const ordinary = { ...defaults, retryCount: 1, retryOn: new Set(['ct']) };

describe('the fragment of a webhook URL', () => {
  it('left out means one retry after a failed connection', () => {
    expect(read('')).toEqual(ordinary);
    expect(read('#')).toEqual(ordinary);
  });

  it('sets time-outs, the number of retries and their reasons', () => {
    expect(read('#ct=200&rt=4000&tt=9000&rc=3&rp=rt,5xx')).toEqual({
      connectTimeoutMs: 200,
      readTimeoutMs: 4_000,
      totalTimeoutMs: 9_000,
      retryCount: 3,
      retryOn: new Set(['rt', '5xx']),
    });
    expect(read('#rp=all').retryOn).toEqual(new Set(['ct', 'rt', '4xx', '5xx']));
    expect(read('#rc=0').retryCount).toBe(0);
  });

  it('counts as not given where a value is out of its range', () => {
    expect(read('#ct=99&rt=15001&tt=x&rc=6&rp=never')).toEqual(ordinary);
    expect(read('#ct=10001&rt=99&tt=99&rc=-1&rp=')).toEqual(ordinary);
    expect(read('#ct=100&rt=15000&tt=100&rc=5')).toEqual({
      ...ordinary,
      connectTimeoutMs: 100,
      totalTimeoutMs: 100,
      retryCount: 5,
    });
  });

  it('may be anything without doing harm', () => {
    fc.assert(
      fc.property(fc.string(), (fragment) => {
        const policy = read(`#${fragment.replaceAll('#', '')}`);
        expect(policy.retryCount).toBeLessThanOrEqual(5);
        expect(policy.retryOn.size).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the reason to try again', () => {
  it('is the connection, the wait, or the status', () => {
    const attempt = { url: '', durationMs: 0, replyBody: '' };
    expect(retryReason({ ...attempt, error: 'connect-failed' })).toBe('ct');
    expect(retryReason({ ...attempt, error: 'connect-timeout' })).toBe('ct');
    expect(retryReason({ ...attempt, error: 'read-timeout' })).toBe('rt');
    expect(retryReason({ ...attempt, error: 'connection-lost' })).toBe('rt');
    expect(retryReason({ ...attempt, error: 'hung-up' })).toBeUndefined();
    expect(
      [200, 302, 399, 400, 499, 500, 599].map((status) => retryReason({ ...attempt, status })),
    ).toEqual([undefined, undefined, undefined, '4xx', '4xx', '5xx', '5xx']);
  });
});
