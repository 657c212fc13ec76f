import {
  codePointEnd,
  graphemeAt,
  graphemeEnd,
  isInsideLineBreak,
  safeStart,
} from './cut-finder.ts';
import type { CutRules, LongGrapheme } from './cut-finder.ts';
import { isSimpleBoundary } from './simple-characters.ts';
import { isInsidePair } from './surrogates.ts';

/** Cuts that were found from the beginning of a text to its end, and the long graphemes that were met on the way. */
export interface KnownCuts {
  readonly ends: readonly number[];
  readonly longGraphemes: readonly LongGrapheme[];
}

/** The first permitted cut at or after `index`. */
export function ceilCut(text: string, rules: CutRules, known: KnownCuts, index: number): number {
  if (index <= 0 || index >= text.length) return index;
  if (rules.crlfIsOne && isInsideLineBreak(text, index)) return index + 1;
  if (isSimpleBoundary(text, index)) return index;
  const long = lastWhere(known.longGraphemes, (candidate) => candidate.start < index);
  const insideLong = long !== undefined && index < long.end;
  if (rules.boundary === 'code-point' || insideLong) {
    return isInsidePair(text, index) ? index + 1 : index;
  }
  const lowest = Math.max(lastWhere(known.ends, (end) => end <= index) ?? 0, long?.end ?? 0);
  const from = safeStart(text, lowest, index);
  const found = graphemeAt(text.slice(from, codePointEnd(text, index)), index - from);
  if (from + found.start === index) return index;
  return graphemeEnd(text, from + found.start, rules.room);
}

/** The last item for which a condition holds, where it holds for all items up to that one. */
function lastWhere<Item>(items: readonly Item[], holds: (item: Item) => boolean): Item | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
}
