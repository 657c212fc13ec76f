import { describe, expect, it } from 'vitest';
import { Dead, Retry } from '../verdict.ts';
import { bury, classOf, settleThrown } from './settlement.ts';

const policy = {
  maxAttempts: 3,
  firstRetryMs: 1000,
  longestRetryMs: 60_000,
  dedupeWindowMs: 1,
  deadRetentionMs: 500,
};
const job = {
  seq: 1,
  id: 'x',
  lane: 'a',
  payload: '""',
  attempt: 9,
  failures: 1,
  addedAtMs: 0,
};

const failed = (afterMs: number): Retry => new Retry(afterMs, 'busy', { isFailure: true });

describe('what becomes of a job whose handler threw', () => {
  it('obeys a Retry without counting it, however often there was one', () => {
    const settlement = settleThrown(new Retry(250.5), job, policy, { nowMs: 1000, random: 0 });
    expect(settlement).toEqual({
      to: 'waiting',
      notBeforeMs: 1251,
      decidedAtMs: 1000,
      failures: 1,
    });
  });

  it('counts a Retry that says that it is a failure, and pauses for the longer of the two', () => {
    const at = { nowMs: 0, random: 1 };
    for (const [afterMs, notBeforeMs] of [
      [0, 2000],
      [9000, 9000],
    ] as const) {
      expect(settleThrown(failed(afterMs), job, policy, at)).toMatchObject({
        to: 'waiting',
        notBeforeMs,
        failures: 2,
      });
    }
    expect(settleThrown(failed(0), { ...job, failures: 2 }, policy, at)).toMatchObject({
      to: 'dead',
      reason: 'given up after 3 failures: busy',
    });
  });

  it('leaves half of the pause to chance', () => {
    for (const [random, notBeforeMs] of [
      [0, 1000],
      [0.5, 1500],
    ] as const) {
      const settlement = settleThrown(new Error('x'), job, policy, { nowMs: 0, random });
      expect(settlement).toMatchObject({ to: 'waiting', notBeforeMs, failures: 2 });
    }
  });

  it('recognises the verdicts of another copy of this package', () => {
    const foreign = Object.assign(new Error('from elsewhere'), {
      [Symbol.for('@openclaw/telephony-store/Dead')]: true,
    });
    expect(Dead.isInstance(foreign)).toBe(true);
    expect(Retry.isInstance(foreign)).toBe(false);
    const settlement = settleThrown(foreign, job, policy, { nowMs: 0, random: 0 });
    expect(settlement).toMatchObject({ to: 'dead', reason: 'from elsewhere', expiresAtMs: 500 });
  });
});

describe('a stored reason', () => {
  it('is cut and storable, whatever it was made of', () => {
    expect(bury(`a\0${'\u{1F600}'.repeat(300)}`, 1, policy, 0).reason).toBe(
      `a\uFFFD${'\u{1F600}'.repeat(249)}`,
    );
  });

  it('names the class and the code of a foreign error, never its message', () => {
    expect(classOf(new RangeError('+15550100123 wrote: hello'))).toBe('RangeError');
    expect(classOf(Object.assign(new Error('hello'), { code: 'ECONNRESET' }))).toBe(
      'Error ECONNRESET',
    );
    expect(classOf(Object.assign(new Error('x'), { name: 'hello, +15550100123!' }))).toBe('Error');
    expect(classOf('hello')).toBe('a thrown string');
  });
});

it('refuses a Retry that says nothing', () => {
  for (const afterMs of [-1, Number.NaN, Infinity]) {
    expect(() => new Retry(afterMs)).toThrow(RangeError);
  }
});
