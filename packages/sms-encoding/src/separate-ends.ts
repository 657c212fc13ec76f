import { ceilCut } from './ceil-cut.ts';
import type { KnownCuts } from './ceil-cut.ts';
import { createCutFinder } from './cut-finder.ts';
import type { CutFinder, CutRules } from './cut-finder.ts';
import { earliestStart, furthestEnd } from './message-room.ts';
import type { MessageRoom } from './message-room.ts';
import { isWordBoundary } from './word-boundary.ts';

/** How separate messages are laid out: the room of each, the first being number 1. */
export interface SeparateLayout {
  readonly roomOf: (number: number) => MessageRoom;
  readonly rules: CutRules;
}

/**
 * Where separate messages of one segment end: the fewest there can be, and of these, in one pass, ones that keep words whole.
 * Undefined when more than `maxCount` are needed.
 *
 * The fewest: any part of a text that fits a message fits it too, so taking as much as fits each time is optimal.
 */
export function separateEnds(
  text: string,
  layout: SeparateLayout,
  maxCount: number,
): readonly number[] | undefined {
  const fewest = collectEnds(text, layout, maxCount, hardCut);
  if (fewest === undefined) return undefined;
  const count = fewest.ends.length;
  const whole = collectEnds(text, layout, count, wordCut(text, []));
  if (whole !== undefined) return whole.ends;
  // Keeping every word whole would take one message more: give up only the words for which there is no slack.
  const earliest = earliestEnds(text, layout, fewest);
  const mixed = collectEnds(text, layout, count, wordCut(text, earliest));
  return mixed?.ends ?? fewest.ends;
}

/** Where message `number` ends, that begins at `start` and can reach `furthest`. */
type Cut = (finder: CutFinder, number: number, start: number, furthest: number) => number;

function collectEnds(
  text: string,
  layout: SeparateLayout,
  maxCount: number,
  cut: Cut,
): KnownCuts | undefined {
  const finder = createCutFinder(text, layout.rules);
  const ends: number[] = [];
  for (let start = 0; start < text.length;) {
    const number = ends.length + 1;
    if (number > maxCount) return undefined;
    const limit = furthestEnd(text, start, layout.roomOf(number));
    start = cut(finder, number, start, finder.floor(start, limit));
    ends.push(start);
  }
  return { ends, longGraphemes: finder.longGraphemes };
}

const hardCut: Cut = (_finder, _number, _start, furthest) => furthest;

/** Prefers the last word boundary that leaves the rest of the text enough messages. */
function wordCut(text: string, earliest: readonly number[]): Cut {
  return (finder, number, start, furthest) => {
    if (furthest === text.length) return furthest;
    const lowest = Math.max(start + 1, earliest[number - 1] ?? 0);
    for (let index = furthest; index >= lowest; index--) {
      if (!isWordBoundary(text, index)) continue;
      if (finder.floor(start, index) !== index) continue;
      // A word longer than a message is torn anyway: do not waste the room before it.
      return wordEndsBy(text, furthest, index + (furthest - start)) ? index : furthest;
    }
    return furthest;
  };
}

function wordEndsBy(text: string, from: number, limit: number): boolean {
  if (limit >= text.length) return true;
  for (let index = from; index <= limit; index++) if (isWordBoundary(text, index)) return true;
  return false;
}

/** For each message, the earliest end from which the messages after it can still carry the rest. */
function earliestEnds(text: string, layout: SeparateLayout, fewest: KnownCuts): number[] {
  const earliest: number[] = Array.from(fewest.ends);
  for (let number = earliest.length; number > 1; number--) {
    const end = earliest[number - 1] ?? text.length;
    const start = earliestStart(text, end, layout.roomOf(number));
    const known = fewest.ends[number - 2] ?? 0;
    earliest[number - 2] = Math.min(known, ceilCut(text, layout.rules, fewest, start));
  }
  return earliest;
}
