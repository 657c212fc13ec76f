import { describe, expect, it } from 'vitest';
import type { Boundary, CutRules } from './cut-finder.ts';
import type { MessageRoom } from './message-room.ts';
import { naiveAtoms, naiveIsGsm7, naiveSeptets } from './naive.testing.ts';
import { separateEnds } from './separate-ends.ts';
import { createRandom, randomText } from './texts.testing.ts';
import { isWordBoundary } from './word-boundary.ts';

// Messages so small that every rule of cutting matters in a text of forty units, and trying every cut takes no time.
const room: MessageRoom = { septets: 12, gsm7Length: 11, ucs2Length: 6 };
const rulesOf = (boundary: Boundary): CutRules => ({
  boundary,
  room: room.ucs2Length,
  crlfIsOne: boundary === 'grapheme',
});
const pieces = [
  'a',
  'b',
  ' ',
  'word ',
  'ж',
  '€',
  '\r\n',
  '\r',
  '😀',
  '👍🏽',
  '🇩🇪',
  'e\u0301',
  '각',
  '中',
  '。',
  '👨‍👩‍👧',
  'क्षि',
  '\ud83d',
  '\u0301',
];

function fits(part: string): boolean {
  if (!naiveIsGsm7(part)) return part.length <= room.ucs2Length;
  return part.length <= room.gsm7Length && naiveSeptets(part) <= room.septets;
}

/** Every index at which the text may be cut, in ascending order. */
function permittedCuts(text: string, { boundary, room: longest, crlfIsOne }: CutRules): number[] {
  let end = 0;
  return naiveAtoms(text, boundary, longest, crlfIsOne).map((atom) => (end += atom.length));
}

/** The fewest messages, and the fewest words torn by so many, found by trying everything. */
function best(text: string, rules: CutRules): { readonly count: number; readonly torn: number } {
  let reached = new Map([[0, 0]]);
  const cuts = permittedCuts(text, rules);
  for (let count = 1; ; count++) {
    const next = new Map<number, number>();
    for (const [start, torn] of reached) {
      for (const end of cuts) {
        if (end <= start || !fits(text.slice(start, end))) continue;
        const total = torn + (end === text.length || isWordBoundary(text, end) ? 0 : 1);
        next.set(end, Math.min(total, next.get(end) ?? Infinity));
      }
    }
    const torn = next.get(text.length);
    if (torn !== undefined) return { count, torn };
    reached = next;
  }
}

const layoutOf = (boundary: Boundary) => ({ roomOf: () => room, rules: rulesOf(boundary) });

describe('separate messages', () => {
  it('are as few as there can be, fit, and are cut only where a cut is permitted', () => {
    const random = createRandom(41);
    for (let round = 0; round < 400; round++) {
      const text = randomText(random, pieces, 1 + Math.floor(random() * 40));
      const boundary = random() < 0.7 ? 'grapheme' : 'code-point';
      const ends = separateEnds(text, layoutOf(boundary), Infinity) ?? [];
      const allowed = new Set(permittedCuts(text, rulesOf(boundary)));
      expect(ends.filter((end) => !allowed.has(end))).toEqual([]);
      expect(ends.every((end, index) => fits(text.slice(ends[index - 1] ?? 0, end)))).toBe(true);
      expect(ends.at(-1)).toBe(text.length);
      expect(ends).toHaveLength(best(text, rulesOf(boundary)).count);
    }
  });

  it('tear no word of one encoding where as many messages can do without', () => {
    const random = createRandom(42);
    let tearlessCount = 0;
    for (let round = 0; round < 120; round++) {
      const text = randomText(random, ['ab ', 'abc ', 'abcdefghi ', 'a\n'], 60);
      if (best(text, rulesOf('grapheme')).torn > 0) continue;
      tearlessCount += 1;
      const ends = separateEnds(text, layoutOf('grapheme'), Infinity) ?? [];
      expect(ends.filter((end) => end < text.length && !isWordBoundary(text, end))).toEqual([]);
    }
    expect(tearlessCount).toBeGreaterThan(20);
  });

  it('are undefined when there would be too many', () => {
    const layout = layoutOf('grapheme');
    expect(separateEnds('a'.repeat(22), layout, 2)).toEqual([11, 22]);
    expect(separateEnds('a'.repeat(23), layout, 2)).toBeUndefined();
    expect(separateEnds('', layout, 0)).toEqual([]);
  });
});
