import { describe, expect, it } from 'vitest';
import { isSmsEncodingError, SmsEncodingError } from './errors.ts';

describe('SmsEncodingError', () => {
  const error = new SmsEncodingError('too-long', 'what to do');

  it('has a name, a code and a message', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'SmsEncodingError',
      code: 'too-long',
      message: 'what to do',
    });
  });

  it('is recognised, also when another copy of the package made it', () => {
    const foreign = Object.assign(new Error('x'), {
      [Symbol.for('@openclaw/sms-encoding/error')]: true,
    });
    expect([error, foreign].map(isSmsEncodingError)).toEqual([true, true]);
    expect([new Error('x'), null, undefined, 'x', {}].some(isSmsEncodingError)).toBe(false);
  });

  it('does not show its mark', () => {
    expect(Object.keys(error).toSorted()).toEqual(['code', 'name']);
  });
});
