import { createCutFinder } from './cut-finder.ts';
import type { Boundary } from './cut-finder.ts';

/** Where the segments of a UCS-2 text end when it is longer than one. Looks only at the places where it cuts. */
export function ucs2SegmentEnds(text: string, boundary: Boundary, room: number): number[] {
  const finder = createCutFinder(text, { boundary, room, crlfIsOne: false });
  const ends: number[] = [];
  for (let start = 0; start < text.length; ) {
    start = finder.floor(start, start + room);
    ends.push(start);
  }
  return ends;
}
