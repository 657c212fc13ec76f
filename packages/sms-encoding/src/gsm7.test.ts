import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultAlphabet } from './alphabet.data.ts';
import { decodeGsm7, encodeGsm7 } from './gsm7.ts';
import { escapedPieces, gsm7Pieces } from './texts.testing.ts';

const gsm7Text = fc
  .array(fc.constantFrom(...gsm7Pieces, ...escapedPieces))
  .map((pieces) => pieces.join(''));

describe('encodeGsm7', () => {
  it('gives one septet per character and two per escaped one', () => {
    expect([...encodeGsm7('@5 €\f')]).toEqual([0x00, 0x35, 0x20, 0x1b, 0x65, 0x1b, 0x0a]);
  });

  it('encodes the whole alphabet as 0 to 127 without the escape', () => {
    const alphabet = defaultAlphabet.replace('\u001b', '');
    const expected = Array.from({ length: 128 }, (_unused, septet) => septet);
    expect([...encodeGsm7(alphabet)]).toEqual(expected.filter((septet) => septet !== 0x1b));
  });

  it('encodes the empty text as nothing', () => {
    expect(encodeGsm7('')).toHaveLength(0);
  });

  it('throws for a character without a form, says where, and does not repeat it', () => {
    const text = 'sécret 日';
    const encode = () => encodeGsm7(text);
    expect(encode).toThrow(expect.objectContaining({ code: 'not-gsm7' }));
    expect(encode).toThrow(/^character 8 of the text has no GSM-7 form; .*toGsm7/u);
    expect(encode).not.toThrow(/日/u);
  });

  it('is undone by decodeGsm7', () => {
    fc.assert(
      fc.property(gsm7Text, (text) => {
        expect(decodeGsm7(encodeGsm7(text))).toBe(text);
      }),
    );
  });
});

describe('decodeGsm7', () => {
  it.each([
    ['an escape before a septet without an escaped character', [0x1b, 0x41, 0x42], 'AB'],
    ['an escape before an escape', [0x1b, 0x1b, 0x65], ' e'],
    ['an escape at the end', [0x41, 0x1b], 'A '],
    ['a byte with the highest bit set', [0xc1], 'A'],
    ['an escaped euro sign', [0x1b, 0x65], '€'],
    ['nothing', [], ''],
  ])('decodes %s', (_name, septets, text) => {
    expect(decodeGsm7(Uint8Array.from(septets))).toBe(text);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeGsm7(bytes).length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
