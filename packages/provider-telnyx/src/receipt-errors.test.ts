import { expect, it } from 'vitest';
import { create } from './fake-telnyx.testing.ts';

it('tells from a receipt that somebody has opted out, and nothing from a number that nobody knows', () => {
  const { errorCodeOf } = create().messaging;
  expect(errorCodeOf('40300')).toBe('recipient_opted_out');
  expect(errorCodeOf('1')).toBeUndefined();
});
