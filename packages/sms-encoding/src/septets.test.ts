import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGsm7, encodeGsm7 } from './gsm7.ts';
import { packSeptets, unpackSeptets } from './septets.ts';

const septetArray = fc.array(fc.nat(127), { maxLength: 200 }).map((list) => Uint8Array.from(list));

/** The definition: the septets' bits in a row, the lowest first, cut into bytes. */
function packByDefinition(septets: Uint8Array, fillBits: number): number[] {
  const bits = [
    ...Array.from({ length: fillBits }, () => 0),
    ...Array.from(septets).flatMap((septet) =>
      Array.from({ length: 7 }, (_unused, bit) => (septet >> bit) & 1),
    ),
  ];
  return Array.from({ length: Math.ceil(bits.length / 8) }, (_unused, index) =>
    bits
      .slice(index * 8, index * 8 + 8)
      .reduce((byte, bit, position) => byte | (bit << position), 0),
  );
}

describe('packSeptets', () => {
  it('packs the examples everybody knows', () => {
    expect([...packSeptets(encodeGsm7('hello'))]).toEqual([0xe8, 0x32, 0x9b, 0xfd, 0x06]);
    expect([...packSeptets(encodeGsm7('hellohello'))]).toEqual([
      0xe8, 0x32, 0x9b, 0xfd, 0x46, 0x97, 0xd9, 0xec, 0x37,
    ]);
    expect([...packSeptets(new Uint8Array())]).toEqual([]);
  });

  it('fits 160 septets into 140 bytes, and 153 behind a header of 6 bytes', () => {
    expect(packSeptets(new Uint8Array(160))).toHaveLength(140);
    expect(packSeptets(new Uint8Array(153), { headerBytes: 6 })).toHaveLength(134);
    expect(packSeptets(new Uint8Array(152), { headerBytes: 7 })).toHaveLength(133);
  });

  it('puts one fill bit after a header of 6 bytes and none after one of 7', () => {
    expect([...packSeptets(Uint8Array.of(0x7f), { headerBytes: 6 })]).toEqual([0xfe]);
    expect([...packSeptets(Uint8Array.of(0x7f), { headerBytes: 7 })]).toEqual([0x7f]);
    expect([...packSeptets(Uint8Array.of(0x7f), { headerBytes: 1 })]).toEqual([0xc0, 0x1f]);
  });

  it('is what the definition says, for any header', () => {
    fc.assert(
      fc.property(septetArray, fc.nat(139), (septets, headerBytes) => {
        const fillBits = (Math.ceil((headerBytes * 8) / 7) * 7 - headerBytes * 8) % 7;
        const packed = packSeptets(septets, { headerBytes });
        expect([...packed]).toEqual(packByDefinition(septets, fillBits));
        expect(unpackSeptets(packed, septets.length, { headerBytes })).toEqual(septets);
      }),
    );
  });

  it('ignores the highest bit of a byte', () => {
    expect([...packSeptets(Uint8Array.of(0xff, 0x80))]).toEqual([0x7f, 0x00]);
  });

  it.each([-1, 1.5, Number.NaN, Infinity])('refuses a header of %d bytes', (headerBytes) => {
    expect(() => packSeptets(new Uint8Array(), { headerBytes })).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: 'headerBytes must be a whole number of at least 0',
      }),
    );
  });
});

describe('unpackSeptets', () => {
  it('does not mistake spare bits for an @', () => {
    const packed = packSeptets(encodeGsm7('1234567'));
    expect(packed).toHaveLength(7);
    expect(decodeGsm7(unpackSeptets(packed, 7))).toBe('1234567');
    expect(decodeGsm7(unpackSeptets(packed, 8))).toBe('1234567@');
  });

  it.each([-1, 1.5, Number.NaN, 9])('refuses %d septets from 7 bytes', (septetCount) => {
    expect(() => unpackSeptets(new Uint8Array(7), septetCount)).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: 'septetCount must be a whole number from 0 to 8, which is what the bytes hold',
      }),
    );
  });

  it('counts the fill bits out of what the bytes hold', () => {
    expect(unpackSeptets(new Uint8Array(7), 7, { headerBytes: 6 })).toHaveLength(7);
    expect(() => unpackSeptets(new Uint8Array(7), 8, { headerBytes: 6 })).toThrow('from 0 to 7');
  });

  it('refuses septets from no bytes behind fill bits', () => {
    expect(unpackSeptets(new Uint8Array(), 0, { headerBytes: 1 })).toEqual(new Uint8Array());
    expect(() => unpackSeptets(new Uint8Array(), 1, { headerBytes: 1 })).toThrow('from 0 to 0');
  });
});
