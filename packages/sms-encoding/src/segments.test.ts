import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billedCases } from './billed-segments.testing.ts';
import { countSegments } from './count-segments.ts';
import { detectEncoding } from './encoding.ts';
import { naiveIsGsm7, naiveSegments, naiveSeptets } from './naive.testing.ts';
import { segmentLimit } from './segment-limits.ts';
import { segmentMessage } from './segment-message.ts';
import { allPieces, createRandom, escapedPieces, gsm7Pieces, randomText } from './texts.testing.ts';

describe('detectEncoding', () => {
  it.each([
    ['', 'gsm7'],
    ['Grüße, 5 €', 'gsm7'],
    ['¿Qué?', 'gsm7'],
    ['\f\r\n', 'gsm7'],
    ['`', 'ucs2'],
    ['a\tb', 'ucs2'],
    ['ç', 'ucs2'],
    [`${'a'.repeat(5000)}’`, 'ucs2'],
    [`’${'a'.repeat(5000)}`, 'ucs2'],
    [`${'a'.repeat(4095)}’${'a'.repeat(4096)}`, 'ucs2'],
    ['a'.repeat(9000), 'gsm7'],
  ])('says what %j needs', (text, encoding) => {
    expect(detectEncoding(text)).toBe(encoding);
  });
});

describe('countSegments', () => {
  it.each([
    ['nothing', '', 0],
    ['160 septets', 'a'.repeat(160), 1],
    ['161 septets', 'a'.repeat(161), 2],
    ['306 septets', 'a'.repeat(306), 2],
    ['307 septets', 'a'.repeat(307), 3],
    ['70 units', 'я'.repeat(70), 1],
    ['71 units', 'я'.repeat(71), 2],
    ['134 units', 'я'.repeat(134), 2],
    ['135 units', 'я'.repeat(135), 3],
    ['80 escaped characters', '€'.repeat(80), 1],
    ['81 escaped characters', '€'.repeat(81), 2],
    ['160 septets, the last one escaped', `${'a'.repeat(158)}€`, 1],
    ['161 septets, the last one escaped', `${'a'.repeat(159)}€`, 2],
    ['an escape pair across the boundary', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
    ['a surrogate pair across the boundary', `${'я'.repeat(66)}😀${'я'.repeat(66)}`, 3],
    ['a family across the boundary', `${'я'.repeat(66)}👨‍👩‍👧${'я'.repeat(60)}`, 3],
    ['CR LF across the boundary', `${'a'.repeat(152)}\r\n${'a'.repeat(152)}`, 2],
    ['a grapheme of three segments', `a${'\u0301'.repeat(200)}`, 3],
  ])('counts %s', (_name, text, count) => {
    expect(countSegments(text)).toBe(count);
  });

  it.each([
    ['160 septets', 'a'.repeat(160), 1],
    ['304 septets', 'a'.repeat(304), 2],
    ['305 septets', 'a'.repeat(305), 3],
    ['70 units', 'я'.repeat(70), 1],
    ['132 units', 'я'.repeat(132), 2],
    ['133 units', 'я'.repeat(133), 3],
  ])('counts %s with a 16-bit reference', (_name, text, count) => {
    expect(countSegments(text, { reference: 16 })).toBe(count);
  });

  it('splits a family between code points when asked to', () => {
    const text = `${'я'.repeat(64)}👨‍👩‍👧${'я'.repeat(62)}`;
    expect(countSegments(text)).toBe(3);
    expect(countSegments(text, { boundary: 'code-point' })).toBe(2);
  });

  it('counts everything as UCS-2 when asked to', () => {
    expect(countSegments('a'.repeat(71), { encoding: 'ucs2' })).toBe(2);
    expect(countSegments('a'.repeat(71), { encoding: 'auto' })).toBe(1);
  });

  it.each(billedCases)('agrees with the bill: $name', ({ text, encoding, billedSegments }) => {
    expect(countSegments(text)).toBe(billedSegments);
    expect(segmentMessage(text)).toMatchObject({ encoding, segmentCount: billedSegments });
  });

  it.each([
    ['a', 'boundary must be "grapheme" or "code-point"', { boundary: 'word' }],
    ['a', 'reference must be 8 or 16 (bits)', { reference: 4 }],
    ['a', 'encoding must be "auto" or "ucs2"', { encoding: 'gsm7' }],
  ])('refuses options that do not exist', (text, message, options) => {
    // As a caller without types can pass them.
    const untyped: object = options;
    expect(() => countSegments(text, untyped)).toThrow(
      expect.objectContaining({ code: 'invalid-option', message }),
    );
  });
});

const cost = (text: string, reference: 8 | 16) =>
  segmentMessage(text, { reference }).ucs2Reason?.extraSegmentCount;

describe('segmentMessage', () => {
  it('gives every segment its text, its units and the units left', () => {
    expect(segmentMessage(`${'a'.repeat(152)}€bc`)).toEqual({
      encoding: 'gsm7',
      unitCount: 156,
      segmentCount: 1,
      ucs2Reason: undefined,
      segments: [{ text: `${'a'.repeat(152)}€bc`, unitCount: 156, unitsLeft: 4 }],
    });
    expect(segmentMessage(`${'a'.repeat(152)}€${'b'.repeat(9)}`).segments).toEqual([
      { text: 'a'.repeat(152), unitCount: 152, unitsLeft: 1 },
      { text: `€${'b'.repeat(9)}`, unitCount: 11, unitsLeft: 142 },
    ]);
    expect(segmentMessage('c'.repeat(161)).segments).toEqual([
      { text: 'c'.repeat(153), unitCount: 153, unitsLeft: 0 },
      { text: 'c'.repeat(8), unitCount: 8, unitsLeft: 145 },
    ]);
    expect(
      segmentMessage(`${'я'.repeat(66)}😀${'я'.repeat(3)}`, { reference: 16 }).segments,
    ).toEqual([
      { text: 'я'.repeat(66), unitCount: 66, unitsLeft: 0 },
      { text: '😀яяя', unitCount: 5, unitsLeft: 61 },
    ]);
  });

  it('has no segment for the empty text', () => {
    expect(segmentMessage('')).toEqual({
      encoding: 'gsm7',
      unitCount: 0,
      segmentCount: 0,
      ucs2Reason: undefined,
      segments: [],
    });
  });

  it('says which characters make it UCS-2, where they are and what they cost', () => {
    const text = `It’s ${'a'.repeat(60)} 😀 isn’t it`;
    expect(segmentMessage(text).ucs2Reason).toEqual({
      characters: [
        { character: '’', indexes: [2, 72], unitCount: 2 },
        { character: '😀', indexes: [66], unitCount: 2 },
      ],
      extraSegmentCount: 1,
    });
  });

  it('names lone surrogates and combining marks as they are', () => {
    expect(segmentMessage('e\u0301\ud83d').ucs2Reason).toEqual({
      characters: [
        { character: '\u0301', indexes: [1], unitCount: 1 },
        { character: '\ud83d', indexes: [2], unitCount: 1 },
      ],
      extraSegmentCount: 0,
    });
  });

  it('names no character when UCS-2 was asked for, only the cost', () => {
    expect(segmentMessage('a'.repeat(160), { encoding: 'ucs2' }).ucs2Reason).toEqual({
      characters: [],
      extraSegmentCount: 2,
    });
  });

  it('compares the cost with one septet for each of the characters', () => {
    expect(cost(`${'a'.repeat(306)}’`, 8)).toBe(2);
    expect(cost(`${'a'.repeat(305)}’`, 8)).toBe(3);
    expect(cost(`${'a'.repeat(304)}’`, 16)).toBe(2);
    expect(cost(`${'a'.repeat(303)}’`, 16)).toBe(3);
  });

  it('gives no reason for GSM-7', () => {
    expect(segmentMessage('a').ucs2Reason).toBeUndefined();
  });

  it('works the reason out once', () => {
    const message = segmentMessage('’');
    expect(message.ucs2Reason).toBe(message.ucs2Reason);
  });

  it('agrees with the rules written down plainly, for any text', () => {
    const random = createRandom(7);
    const sets = [[...gsm7Pieces, ...escapedPieces], allPieces];
    for (let round = 0; round < 1500; round++) {
      const text = randomText(random, sets[round % 2] ?? allPieces, Math.floor(random() * 420));
      const boundary = random() < 0.7 ? 'grapheme' : 'code-point';
      const reference = random() < 0.7 ? 8 : 16;
      const message = segmentMessage(text, { boundary, reference });
      const expected = naiveSegments(text, boundary, reference);
      expect(message.segments.map((segment) => segment.text)).toEqual(expected);
      expect(message.encoding).toBe(naiveIsGsm7(text) ? 'gsm7' : 'ucs2');
      expect(countSegments(text, { boundary, reference })).toBe(expected.length);
      const size = (part: string) =>
        message.encoding === 'gsm7' ? naiveSeptets(part) : part.length;
      expect(message.unitCount).toBe(size(text));
      const { single, concatenated } = segmentLimit(message.encoding, reference);
      const room = expected.length > 1 ? concatenated : single;
      for (const segment of message.segments) {
        expect(segment.unitCount).toBe(size(segment.text));
        expect(segment.unitsLeft).toBe(room - segment.unitCount);
        expect(segment.unitsLeft).toBeGreaterThanOrEqual(0);
      }
    }
  }, 60_000);

  it('carries any string of UTF-16 code units', () => {
    const anyText = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...allPieces),
        fc.nat(0xffff).map((code) => String.fromCharCode(code)),
      ),
      maxLength: 300,
    });
    fc.assert(
      fc.property(anyText, (text) => {
        const { segments } = segmentMessage(text);
        expect(segments.map((segment) => segment.text).join('')).toBe(text);
      }),
    );
  });
});

describe('a text of 200,000 characters', () => {
  it.each([
    ['GSM-7', 'a', 1308],
    ['escaped', '€', 2632],
    ['one script', 'я', 2986],
    ['emoji', '😀', 3031],
    ['flags', '🇩🇪', 3125],
    ['families', '👨‍👩‍👧', 3125],
    ['combining marks without end', '\u0301', 2986],
    ['conjoining letters without end', '\u1100', 2986],
    ['lone surrogates', '\ud800', 2986],
    ['long graphemes', `a${'\u0301'.repeat(99)}`, 2986],
  ])('of %s is counted in one go', (_name, piece, count) => {
    expect(countSegments(piece.repeat(200_000 / piece.length))).toBe(count);
  });
});
