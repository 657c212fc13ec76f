import { createCutFinder } from './cut-finder.ts';
import type { Boundary } from './cut-finder.ts';
import { furthestEnd, shrinkRoom } from './message-room.ts';
import type { MessageRoom } from './message-room.ts';
import { costOf, notGsm7 } from './septet-cost.ts';
import { segmentLimit } from './segment-limits.ts';
import type { SeparateLayout } from './separate-ends.ts';
import type { ResolvedSplitOptions } from './split-options.ts';

/** The mark of a cut. Three full stops, because the one-character ellipsis would turn a GSM-7 text into UCS-2. */
export const cutMark = '...';

/** Where to cut a text so that it and the mark are no longer than `maxLength`. */
export function truncateToLength(text: string, options: ResolvedSplitOptions): number {
  const { gsm7Length, ucs2Length } = shrinkRoom(wholeRoom(options), cutMark.length);
  const gsm7End = Math.min(gsm7Length, firstUcs2Index(text));
  return floorLast(text, 0, Math.max(ucs2Length, gsm7End), options.boundary);
}

function wholeRoom({ maxLength }: ResolvedSplitOptions): MessageRoom {
  return { septets: Infinity, gsm7Length: maxLength.gsm7, ucs2Length: maxLength.ucs2 };
}

/** Where to cut a text so that it and the mark make ONE message of at most `maxSegments` segments. */
export function truncateToSegments(
  text: string,
  maxSegments: number,
  options: ResolvedSplitOptions,
): number {
  const byLength = truncateToLength(text, options);
  const firstUcs2 = firstUcs2Index(text);
  const ucs2End = Math.min(byLength, ucs2Reach(text, maxSegments, options));
  if (ucs2End > firstUcs2) return ucs2End;
  const gsm7End = Math.min(byLength, firstUcs2, gsm7Reach(text, maxSegments, options));
  return Math.max(ucs2End, floorLast(text, 0, gsm7End, options.boundary));
}

/** Where to cut a text so that it and the mark make `maxCount` separate messages of one segment. */
export function truncateToMessages(
  text: string,
  maxCount: number,
  { roomOf, rules }: SeparateLayout,
): number {
  const finder = createCutFinder(text, rules);
  let start = 0;
  for (let number = 1; number < maxCount; number++) {
    start = finder.floor(start, furthestEnd(text, start, roomOf(number)));
  }
  const last = shrinkRoom(roomOf(maxCount), cutMark.length);
  return floorLast(text, start, furthestEnd(text, start, last), rules.boundary);
}

function ucs2Reach(text: string, maxSegments: number, options: ResolvedSplitOptions): number {
  const limit = segmentLimit('ucs2', options.reference);
  const room = maxSegments === 1 ? limit.single : limit.concatenated;
  const finder = createCutFinder(text, { boundary: options.boundary, room, crlfIsOne: false });
  let start = 0;
  for (let number = 1; number < maxSegments; number++) start = finder.floor(start, start + room);
  return floorLast(text, start, start + room - cutMark.length, options.boundary);
}

function gsm7Reach(text: string, maxSegments: number, options: ResolvedSplitOptions): number {
  const limit = segmentLimit('gsm7', options.reference);
  const room = maxSegments === 1 ? limit.single : limit.concatenated;
  let segment = 1;
  let used = 0;
  for (let index = 0; index < text.length; index++) {
    const cost = costOf(text.charCodeAt(index));
    const roomHere = segment === maxSegments ? room - cutMark.length : room;
    if (used + cost > roomHere) {
      if (segment === maxSegments) return index;
      segment++;
      used = 0;
    }
    used += cost;
  }
  return text.length;
}

/** The cut at or before `limit` in the last message: it may tear a grapheme only when that has no room even alone. */
function floorLast(text: string, start: number, limit: number, boundary: Boundary): number {
  const rules = { boundary, room: limit - start, crlfIsOne: boundary === 'grapheme' };
  return createCutFinder(text, rules).floor(start, limit);
}

function firstUcs2Index(text: string): number {
  for (let index = 0; index < text.length; index++) {
    if (costOf(text.charCodeAt(index)) === notGsm7) return index;
  }
  return text.length;
}
