import { describe, expect, it } from 'vitest';
import { toAllowEntry, toNumber } from './phone.ts';

describe('a recipient as people write it', () => {
  it.each([
    ['+1 (555) 010-0123', '+15550100123'],
    ['twilio:+15550100123', '+15550100123'],
    ['telephony:+15550100123', '+15550100123'],
  ])('is read: %s', (written, number) => {
    expect(toNumber(written)).toBe(number);
  });

  it.each([
    ['5550100123'],
    ['sms:+15550100123'],
    [''],
    ['+0123456789'],
    ['x+15550100123'],
    ['+15'],
  ])('is not guessed: %j', (written) => {
    expect(toNumber(written)).toBe('');
  });
});

describe('an entry of an allow list', () => {
  it('is a number, everybody, or stays what it is and matches nothing', () => {
    expect(['+1 555 010 0123', '*', 'anonymous'].map(toAllowEntry)).toEqual([
      '+15550100123',
      '*',
      'anonymous',
    ]);
  });
});
