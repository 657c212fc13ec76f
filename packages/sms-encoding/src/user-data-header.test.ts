import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildConcatenationHeader, parseUserDataHeader } from './user-data-header.ts';
import type { Concatenation } from './user-data-header.ts';

const parse = (...bytes: number[]) => parseUserDataHeader(Uint8Array.from(bytes));

const anyConcatenation = fc
  .record({
    referenceBits: fc.constantFrom<8 | 16>(8, 16),
    reference: fc.nat(0xffff),
    total: fc.integer({ min: 1, max: 255 }),
    sequence: fc.integer({ min: 1, max: 255 }),
  })
  .map(({ referenceBits, reference, total, sequence }): Concatenation => ({
    referenceBits,
    reference: referenceBits === 8 ? reference & 0xff : reference,
    total: Math.max(total, sequence),
    sequence,
  }));

describe('buildConcatenationHeader', () => {
  it('has 6 bytes with an 8-bit reference and 7 with a 16-bit one', () => {
    const part = { reference: 0xcc, total: 2, sequence: 1 };
    expect([...buildConcatenationHeader({ ...part, referenceBits: 8 })]).toEqual([
      0x05, 0x00, 0x03, 0xcc, 0x02, 0x01,
    ]);
    expect([
      ...buildConcatenationHeader({ ...part, reference: 0x12cc, referenceBits: 16 }),
    ]).toEqual([0x06, 0x08, 0x04, 0x12, 0xcc, 0x02, 0x01]);
  });

  it('is undone by parseUserDataHeader', () => {
    fc.assert(
      fc.property(anyConcatenation, fc.uint8Array({ maxLength: 20 }), (concatenation, rest) => {
        const header = buildConcatenationHeader(concatenation);
        const parsed = parseUserDataHeader(Uint8Array.of(...header, ...rest));
        expect(parsed).toMatchObject({ concatenation, headerBytes: header.length });
      }),
    );
  });

  it.each([
    [{ reference: 256 }, 'reference must be a whole number from 0 to 255'],
    [{ reference: -1 }, 'reference must be a whole number from 0 to 255'],
    [
      { reference: 65_536, referenceBits: 16 as const },
      'reference must be a whole number from 0 to 65535',
    ],
    [{ total: 0 }, 'total must be a whole number from 1 to 255'],
    [{ total: 256 }, 'total must be a whole number from 1 to 255'],
    [{ sequence: 0 }, 'sequence must be a whole number from 1 to 2'],
    [{ sequence: 3 }, 'sequence must be a whole number from 1 to 2'],
    [{ sequence: 1.5 }, 'sequence must be a whole number from 1 to 2'],
  ])('refuses %j', (change, message) => {
    const part: Concatenation = {
      reference: 1,
      referenceBits: 8,
      total: 2,
      sequence: 1,
      ...change,
    };
    expect(() => buildConcatenationHeader(part)).toThrow(
      expect.objectContaining({ code: 'invalid-option', message }),
    );
  });
});

describe('parseUserDataHeader', () => {
  it('returns unknown elements as they are', () => {
    expect(parse(0x09, 0x70, 0x02, 1, 2, 0x00, 0x03, 7, 3, 2, 0x41)).toEqual({
      headerBytes: 10,
      elements: [
        { id: 0x70, data: Uint8Array.of(1, 2) },
        { id: 0x00, data: Uint8Array.of(7, 3, 2) },
      ],
      concatenation: { reference: 7, referenceBits: 8, total: 3, sequence: 2 },
      lockingShift: undefined,
      singleShift: undefined,
    });
  });

  it('reads the national language elements', () => {
    expect(parse(0x06, 0x24, 0x01, 0x01, 0x25, 0x01, 0x0d)).toMatchObject({
      singleShift: 1,
      lockingShift: 13,
      concatenation: undefined,
    });
  });

  it('reads an empty header', () => {
    expect(parse(0x00, 0x41)).toMatchObject({ headerBytes: 1, elements: [] });
  });

  it('lets the last of two elements count', () => {
    expect(parse(0x0a, 0x00, 0x03, 1, 2, 1, 0x00, 0x03, 9, 2, 2)?.concatenation?.reference).toBe(9);
    expect(parse(0x06, 0x24, 0x01, 0x01, 0x24, 0x01, 0x02)?.singleShift).toBe(2);
  });

  it.each([
    ['a total of zero', [0x05, 0x00, 0x03, 1, 0, 1]],
    ['a sequence of zero', [0x05, 0x00, 0x03, 1, 2, 0]],
    ['a sequence beyond the total', [0x05, 0x00, 0x03, 1, 2, 3]],
    ['an 8-bit element that is too short', [0x04, 0x00, 0x02, 1, 2]],
    ['a 16-bit element that is too short', [0x05, 0x08, 0x03, 1, 2, 1]],
    ['another element of the same length', [0x05, 0x01, 0x03, 1, 2, 1]],
    ['a 16-bit element of 8-bit length', [0x06, 0x00, 0x04, 1, 2, 2, 1]],
  ])('takes %s for no concatenation', (_name, bytes) => {
    const header = parse(...bytes);
    expect(header?.elements).toHaveLength(1);
    expect(header?.concatenation).toBeUndefined();
  });

  it('keeps an earlier concatenation when a later one is impossible', () => {
    expect(parse(0x0a, 0x00, 0x03, 1, 2, 1, 0x00, 0x03, 9, 0, 0)?.concatenation?.reference).toBe(1);
  });

  it('reads a language element only of the right length', () => {
    expect(parse(0x04, 0x24, 0x02, 0x01, 0x02)?.singleShift).toBeUndefined();
    expect(parse(0x02, 0x25, 0x00)?.lockingShift).toBeUndefined();
  });

  it.each([
    ['no bytes', []],
    ['fewer bytes than the length says', [0x05, 0x00, 0x03, 1, 2]],
    ['an element that is longer than the header', [0x05, 0x00, 0x04, 1, 2, 1, 0x41]],
    ['an element without a length', [0x01, 0x00]],
    ['one byte too many', [0x06, 0x00, 0x03, 1, 2, 1, 0x00]],
  ])('ignores the header with %s', (_name, bytes) => {
    expect(parse(...bytes)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const header = parseUserDataHeader(bytes);
        expect(header === undefined || header.headerBytes <= bytes.length).toBe(true);
      }),
    );
  });
});
