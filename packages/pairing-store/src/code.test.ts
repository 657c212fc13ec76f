import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCode, cryptoRandomBytes, isSameCode, normalizeCode } from './code.ts';

describe('a code', () => {
  it('has 8 of 32 symbols that nobody confuses', () => {
    for (let round = 0; round < 200; round += 1) {
      expect(createCode(cryptoRandomBytes)).toMatch(/^[A-HJ-NP-Z2-9]{8}$/u);
    }
  });

  it('uses every symbol equally often over all possible bytes', () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte += 1) {
      const symbol = createCode((length) => new Uint8Array(length).fill(byte)).charAt(0);
      counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    }
    expect(counts.size).toBe(32);
    expect(new Set(counts.values())).toEqual(new Set([8]));
  });

  it('is not made of fewer random bytes than it has symbols', () => {
    expect(() => createCode(() => new Uint8Array(3))).toThrow(RangeError);
  });

  it('is recognised however a person writes it', () => {
    for (const typed of ['ABCD2345', ' abcd-2345\n', 'ab cd 23 45', 'ABCD\u20132345']) {
      expect(normalizeCode(typed)).toBe('ABCD2345');
    }
  });

  it('is the same only as itself', () => {
    const text = fc.string({ unit: fc.constantFrom('A', 'B', '\0', '\u0100'), maxLength: 10 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const same = isSameCode(one, other) && isSameCode(other, one);
        // Beyond eight symbols only the length counts, and no code is that long.
        expect(same && one.slice(0, 8) !== other.slice(0, 8)).toBe(false);
        expect(isSameCode(one, one)).toBe(true);
        expect(same && one.length !== other.length).toBe(false);
      }),
    );
  });
});
