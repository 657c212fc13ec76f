import { countSegments } from './count-segments.ts';
import type { SegmentOptions } from './segment-options.ts';
import { costOf, notGsm7 } from './septet-cost.ts';

/** One character that has no GSM-7 form, with every place where it stands. */
export interface Ucs2Character {
  /** One code point, which may be a lone surrogate, a combining mark or a joiner. */
  readonly character: string;
  /** UTF-16 indexes into the text, ascending. */
  readonly indexes: readonly number[];
  /** UTF-16 code units all its occurrences take together. */
  readonly unitCount: number;
}

/** Why a text is UCS-2, and what that costs. */
export interface Ucs2Reason {
  /** The characters without a GSM-7 form, in order of their first appearance. Empty when UCS-2 was asked for. */
  readonly characters: readonly Ucs2Character[];
  /** Segments the message takes more than it would if each of these characters was one septet. */
  readonly extraSegmentCount: number;
}

/** The characters of a text that have no GSM-7 form, in order of their first appearance. */
function findUcs2Characters(text: string): Ucs2Character[] {
  const found = new Map<string, number[]>();
  for (let index = 0; index < text.length; index++) {
    if (costOf(text.charCodeAt(index)) !== notGsm7) continue;
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    const indexes = found.get(character);
    if (indexes === undefined) found.set(character, [index]);
    else indexes.push(index);
    index += character.length - 1;
  }
  return Array.from(found, ([character, indexes]) => ({
    character,
    indexes,
    unitCount: indexes.length * character.length,
  }));
}

/** The reason for a text known to be sent as UCS-2 in `segmentCount` segments. */
export function explainUcs2(
  text: string,
  segmentCount: number,
  options: Required<SegmentOptions>,
): Ucs2Reason {
  const characters = findUcs2Characters(text);
  const lone = new Set(characters.map(({ character }) => character));
  let inGsm7 = '';
  for (const character of text) inGsm7 += lone.has(character) ? ' ' : character;
  const cheapest = countSegments(inGsm7, { ...options, encoding: 'auto' });
  return { characters, extraSegmentCount: segmentCount - cheapest };
}
