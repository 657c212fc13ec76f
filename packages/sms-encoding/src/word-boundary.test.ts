import { describe, expect, it } from 'vitest';
import { isWordBoundary } from './word-boundary.ts';

describe('a word boundary', () => {
  it.each(['a b', 'a\tb', 'a\rb', 'a\nb', 'a\u2000b', 'a\u200ab', 'a\u3000b'])(
    'is on both sides of the white space in %j',
    (text) => {
      expect([1, 2].map((index) => isWordBoundary(text, index))).toEqual([true, true]);
    },
  );

  it.each([
    ['ab', 'a word'],
    ['a\u2007b', 'a figure space, which does not break'],
    ['a\u00a0b', 'a no-break space'],
    ['a\bb', 'a control character before white space'],
    ['a\u000eb', 'a control character after white space'],
    ['a\u1fffb', 'what comes before the spaces'],
    ['a\u200bb', 'what comes after the spaces'],
    ['a-b', 'a hyphen'],
    ['éß', 'letters with accents'],
    ['яж', 'Cyrillic'],
    ['가각', 'Hangul, which has spaces'],
    ['\ud83d\ude00', 'a surrogate pair'],
  ])('is not in %j: %s', (text) => {
    const inside = Array.from({ length: text.length - 1 }, (_unused, index) => index + 1);
    expect(inside.filter((index) => isWordBoundary(text, index))).toEqual([]);
  });

  it.each([
    '文字',
    'かな',
    'カナ',
    'a文',
    '文a',
    '文、文'.slice(1),
    '）文',
    '文（',
    'Ａ文',
    '㐀鿿',
    '豈文',
  ])('is in the middle of %j', (text) => {
    expect(isWordBoundary(text, 1)).toBe(true);
  });

  it.each([
    '文、',
    '文。',
    '文！',
    '文）',
    '文」',
    '文』',
    '文】',
    '文ー',
    '（文',
    '「文',
    '『文',
    '【文',
    '《文',
  ])('is not in the middle of %j', (text) => {
    expect(isWordBoundary(text, 1)).toBe(false);
  });
});
