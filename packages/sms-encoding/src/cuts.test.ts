import { describe, expect, it } from 'vitest';
import { ceilCut } from './ceil-cut.ts';
import { createCutFinder } from './cut-finder.ts';
import type { Boundary, CutRules } from './cut-finder.ts';
import { naiveAtoms } from './naive.testing.ts';
import { createRandom, randomText } from './texts.testing.ts';

const pieces = [
  'a',
  ' ',
  'ж',
  '\r\n',
  '\r',
  '\n',
  '😀',
  '👍🏽',
  '🇩🇪',
  '🇫🇷',
  'e\u0301',
  'a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308',
  '각',
  '中',
  '👨‍👩‍👧',
  'क्षि',
  '\ud83d',
  '\ude00',
  '\u0301',
  '\u200d',
  '\u0600',
];

/** The length of the longest grapheme that is not cut: small, so that long ones are met in a short text. */
const room = 6;
const rulesOf = (boundary: Boundary, crlfIsOne: boolean): CutRules => ({
  boundary,
  room,
  crlfIsOne,
});
const everyRule = [
  rulesOf('grapheme', true),
  rulesOf('grapheme', false),
  rulesOf('code-point', false),
];

/** Every index at which the text may be cut, 0 included, found by cutting it everywhere. */
function permittedCuts(text: string, { boundary, crlfIsOne }: CutRules): number[] {
  let end = 0;
  const ends = naiveAtoms(text, boundary, room, crlfIsOne).map((atom) => (end += atom.length));
  return [0, ...ends];
}

describe.each(everyRule)('cutting with %o', (rules) => {
  const random = createRandom(43);
  const texts = Array.from({ length: 300 }, () =>
    randomText(random, pieces, 1 + Math.floor(random() * 30)),
  );

  it('goes back to the last cut that is permitted', () => {
    for (const text of texts) {
      const cuts = permittedCuts(text, rules);
      // Every step is a start, as the finder is told it: 0, or an earlier result.
      for (const step of [room, room + 1, room + 5, 2 * room]) {
        const finder = createCutFinder(text, rules);
        for (let start = 0; start < text.length;) {
          const limit = start + step;
          const expected = cuts.findLast((cut) => cut <= limit);
          const found = finder.floor(start, limit);
          expect([start, found]).toEqual([start, expected]);
          start = found;
        }
      }
    }
  });

  it('goes on to the first cut that is permitted, given what the way back found', () => {
    for (const text of texts) {
      const cuts = permittedCuts(text, rules);
      const finder = createCutFinder(text, rules);
      const ends: number[] = [];
      for (let start = 0; start < text.length;) {
        start = finder.floor(start, start + room);
        ends.push(start);
      }
      const known = { ends, longGraphemes: finder.longGraphemes };
      const found = Array.from({ length: text.length + 1 }, (_unused, index) =>
        ceilCut(text, rules, known, index),
      );
      const expected = found.map((_cut, index) => cuts.find((cut) => cut >= index));
      expect(found).toEqual(expected);
    }
  });

  it('takes an index outside of the text for a cut', () => {
    const known = { ends: [], longGraphemes: [] };
    expect(ceilCut('ab', rules, known, -1)).toBe(-1);
    expect(ceilCut('ab', rules, known, 3)).toBe(3);
  });
});
