import { describe, expect, it } from 'vitest';
import { isSimpleBoundary } from './simple-characters.ts';
import { allPieces, createRandom, randomText } from './texts.testing.ts';

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

describe('a simple boundary', () => {
  it.each([
    ['ab', 1, true],
    ['中文', 1, true],
    ['😀😀', 2, true],
    ['a😀', 1, true],
    ['😀a', 2, true],
    ['𠀀𠀀', 2, true],
    ['😀😀', 1, false],
    ['😀😀', 3, false],
    ['👍🏽', 2, false],
    ['a\u0301', 1, false],
    ['a\ud800', 1, false],
    ['🇩🇪', 2, false],
  ])('in %j at %i: %s', (text, index, expected) => {
    expect(isSimpleBoundary(text, index)).toBe(expected);
  });

  it.each([
    [0x1_f300, true],
    [0x1_f3fa, true],
    [0x1_f400, true],
    [0x1_faff, true],
    [0x2_0000, true],
    [0x3_23af, true],
    [0x1_f2ff, false],
    [0x1_f3fb, false],
    [0x1_f3ff, false],
    [0x1_fb00, false],
    [0x1_ffff, false],
    [0x3_23b0, false],
  ])('between two of the code point %i beyond the BMP: %s', (codePoint, expected) => {
    expect(isSimpleBoundary(String.fromCodePoint(codePoint, codePoint), 2)).toBe(expected);
  });

  it('lies between any two neighbours of the ranges, whatever they are', () => {
    const known = Array.from({ length: 0x3_2400 }, (_unused, code) =>
      String.fromCodePoint(code),
    ).filter((character) => isSimpleBoundary(`a${character}`, 1));
    expect(known.length).toBeGreaterThan(110_000);
    const random = createRandom(3);
    const sample = Array.from(
      { length: 30_000 },
      () => known[Math.floor(random() * known.length)] ?? '',
    );
    // CR LF is the exception that the callers know of.
    const text = [...known, ...sample].join('').replaceAll('\r\n', '\n');
    expect(Array.from(segmenter.segment(text)).length).toBe(Array.from(text).length);
  }, 60_000);

  it('is never inside a grapheme, except in CR LF', () => {
    const random = createRandom(4);
    for (let round = 0; round < 500; round++) {
      const text = randomText(random, allPieces, 100).replaceAll('\r\n', '\n');
      const boundaries = new Set(Array.from(segmenter.segment(text), ({ index }) => index));
      const simple = Array.from({ length: text.length - 1 }, (_unused, index) => index + 1).filter(
        (index) => isSimpleBoundary(text, index),
      );
      expect(simple.filter((index) => !boundaries.has(index))).toEqual([]);
    }
  });
});
