import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareCodePoints } from './code-point-order.ts';

it('orders well-formed text as its UTF-8 bytes are ordered', () => {
  const character = fc
    .integer({ min: 0, max: 0x10ffff })
    .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
    .map((codePoint) => String.fromCodePoint(codePoint));
  const text = fc.string({ unit: fc.oneof(character, fc.constant('a')), maxLength: 4 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      const byBytes = Buffer.compare(Buffer.from(one), Buffer.from(other));
      expect(Math.sign(compareCodePoints(one, other))).toBe(byBytes);
    }),
  );
  expect(compareCodePoints('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
});
