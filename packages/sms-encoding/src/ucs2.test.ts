import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUcs2, encodeUcs2 } from './ucs2.ts';

describe('UCS-2', () => {
  it('is two bytes per UTF-16 code unit, the high byte first', () => {
    expect([...encodeUcs2('a€😀')]).toEqual([0x00, 0x61, 0x20, 0xac, 0xd8, 0x3d, 0xde, 0x00]);
    expect(decodeUcs2(Uint8Array.of(0x00, 0x61, 0x20, 0xac, 0xd8, 0x3d, 0xde, 0x00))).toBe('a€😀');
  });

  it('carries any text, also an ill-formed one', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
        (text) => {
          expect(decodeUcs2(encodeUcs2(text))).toBe(text);
        },
      ),
    );
  });

  it('decodes a view into a larger buffer', () => {
    expect(decodeUcs2(Uint8Array.of(9, 0, 0x61, 9).subarray(1, 3))).toBe('a');
  });

  it('gives a replacement character for an odd last byte', () => {
    expect(decodeUcs2(Uint8Array.of(0x00, 0x61, 0x20))).toBe('a\ufffd');
    expect(decodeUcs2(new Uint8Array())).toBe('');
  });
});
