import { describe, expect, it } from 'vitest';
import { naiveAtoms, naiveFitsOne, naiveIsGsm7, naiveSeptets } from './naive.testing.ts';
import { splitMessage } from './split-message.ts';
import type { SplitOptions } from './split-options.ts';
import { allPieces, createRandom, escapedPieces, gsm7Pieces, randomText } from './texts.testing.ts';

const words = [
  'the ',
  'quick ',
  'brown\n',
  'antidisestablishmentarianism ',
  'naïve ',
  '😀 ',
  '中文',
  '[',
];
const sets = [[...gsm7Pieces, ...escapedPieces, ...words], [...gsm7Pieces, ...words], allPieces];

function pick<Item>(random: () => number, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** The fewest separate messages, found by trying every permitted cut: shortest path instead of greedy. */
function fewestMessages(
  text: string,
  numbering: boolean,
  boundary: 'grapheme' | 'code-point',
): number {
  if (naiveFitsOne(text)) return 1;
  for (let digits = 1; ; digits++) {
    const room = numbering ? 70 - 4 - 2 * digits : 70;
    const atoms = naiveAtoms(text, boundary, room, boundary === 'grapheme');
    const costs = atoms.map((atom) => (naiveIsGsm7(atom) ? naiveSeptets(atom) : Infinity));
    let reachable = new Set([0]);
    for (let number = 1; reachable.size > 0; number++) {
      if (numbering && String(number).length > digits) break;
      const prefix = numbering ? `[${number}/${'9'.repeat(digits)}] ` : '';
      const next = new Set<number>();
      for (const from of reachable) {
        let units = prefix.length;
        let septets = naiveSeptets(prefix);
        for (let index = from; index < atoms.length; index++) {
          const atom = atoms[index] ?? '';
          units += atom.length;
          septets += costs[index] ?? Infinity;
          if (units > 70 && septets > 160) break;
          next.add(index + 1);
        }
      }
      if (next.has(atoms.length)) return number;
      reachable = next;
    }
  }
}

function fits(text: string, options: SplitOptions): boolean {
  try {
    splitMessage(text, { ...options, overflow: 'error' });
    return true;
  } catch {
    return false;
  }
}

describe('splitMessage, for any text', () => {
  it('loses nothing, fits every message and tears no grapheme that has room', () => {
    const random = createRandom(11);
    for (let round = 0; round < 400; round++) {
      const text = randomText(random, pick(random, sets), Math.floor(random() * 2500));
      const options: SplitOptions = {
        mode: pick(random, ['auto', 'multi']),
        numbering: random() < 0.7,
        maxLength: pick(random, [40, 300, 1600, Infinity]),
      };
      const result = splitMessage(text, options);
      expect(result.messages.map((message) => message.content).join('')).toBe(text);
      expect(result).toMatchObject({ truncated: false, omittedLength: 0 });
      const count = result.messages.length;
      expect(count > 0).toBe(text !== '');
      const starts = new Set<number>([0, text.length]);
      let position = 0;
      for (const atom of naiveAtoms(text, 'grapheme', 30, true))
        starts.add((position += atom.length));
      let end = 0;
      for (const [index, message] of result.messages.entries()) {
        const number = options.numbering === true && count > 1 ? `[${index + 1}/${count}] ` : '';
        expect(message.text).toBe(number + message.content);
        expect(message.text.length).toBeLessThanOrEqual(Number(options.maxLength));
        expect(message.content).not.toBe('');
        expect(count === 1 || naiveFitsOne(message.text)).toBe(true);
        end += message.content.length;
        expect(starts.has(end)).toBe(true);
      }
    }
  }, 60_000);

  it('needs the fewest messages there can be', () => {
    const random = createRandom(12);
    for (let round = 0; round < 120; round++) {
      const text = randomText(random, pick(random, sets), Math.floor(random() * 900));
      const numbering = random() < 0.7;
      const boundary = random() < 0.8 ? 'grapheme' : 'code-point';
      const { messages } = splitMessage(text, { mode: 'multi', numbering, boundary });
      expect(messages.length).toBe(text === '' ? 0 : fewestMessages(text, numbering, boundary));
    }
  }, 60_000);

  it('needs the fewest also around every change of width and of slack', () => {
    for (let length = 1340; length < 1400; length++) {
      const text = 'wonderful day '.repeat(101).slice(0, length);
      const { messages } = splitMessage(text, { mode: 'multi' });
      expect(messages.length).toBe(length <= 9 * 152 ? 9 : 10);
      expect(messages.map((message) => message.content).join('')).toBe(text);
    }
  }, 60_000);

  it('holds maxSegments, says what is missing, and keeps as much as it can', () => {
    const random = createRandom(13);
    for (let round = 0; round < 250; round++) {
      const text = randomText(random, pick(random, sets), Math.floor(random() * 2000));
      const maxSegments = 1 + Math.floor(random() * 14);
      const options: SplitOptions = {
        mode: pick(random, ['auto', 'multi']),
        numbering: random() < 0.7,
        maxSegments,
        maxLength: pick(random, [200, 1600]),
      };
      const result = splitMessage(text, { ...options, overflow: 'truncate' });
      expect(result.segmentCount).toBeLessThanOrEqual(maxSegments);
      const kept = result.messages.map((message) => message.content).join('');
      expect(text.startsWith(kept)).toBe(true);
      expect(result.omittedLength).toBe(text.length - kept.length);
      expect(result.truncated).toBe(result.omittedLength > 0);
      if (!result.truncated) continue;
      expect(result.messages.at(-1)?.text.endsWith('...')).toBe(true);
      const longer = `${kept}${Array.from(text.slice(kept.length))[0] ?? ''}...`;
      // One code point more does not fit, unless it is only a longer part of a grapheme that is kept whole.
      const hasPlainGraphemes =
        naiveAtoms(text, 'grapheme', 30, true).length === Array.from(text).length;
      expect(hasPlainGraphemes && fits(longer, options)).toBe(false);
    }
  }, 60_000);

  it('is linear: 500,000 characters of anything go through', () => {
    for (const piece of ['a', 'word ', '😀', '🇩🇪', `a${'\u0301'.repeat(99)}`, '\u0301', 'नमस्ते ']) {
      const text = piece.repeat(500_000 / piece.length);
      const { messages } = splitMessage(text);
      expect(messages.map((message) => message.content).join('')).toBe(text);
    }
  }, 60_000);
});
