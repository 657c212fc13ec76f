import { createCutFinder } from './cut-finder.ts';
import type { Boundary, CutFinder } from './cut-finder.ts';
import { isSimpleBoundary } from './simple-characters.ts';

/** Where the segments of a UCS-2 text end when it is longer than one. Looks only at the places where it cuts. */
export function ucs2SegmentEnds(text: string, boundary: Boundary, room: number): number[] {
  let finder: CutFinder | undefined;
  const ends: number[] = [];
  let start = 0;
  while (start + room < text.length) {
    const limit = start + room;
    if (isSimpleBoundary(text, limit)) {
      start = limit;
    } else {
      finder ??= createCutFinder(text, { boundary, room, crlfIsOne: false });
      start = finder.floor(start, limit);
    }
    ends.push(start);
  }
  ends.push(text.length);
  return ends;
}
