import { isSimpleBoundary } from './simple-characters.ts';
import { isInsidePair } from './surrogates.ts';

/** What may not be torn: user-perceived characters (Unicode Standard Annex #29), or only surrogate pairs. */
export type Boundary = 'grapheme' | 'code-point';

/** A grapheme longer than a message: the only kind that may be cut, between any two code points. */
export interface LongGrapheme {
  readonly start: number;
  readonly end: number;
}

/** Where a text may be cut. */
export interface CutRules {
  readonly boundary: Boundary;
  /** A grapheme of more UTF-16 code units than this fits no message and is cut between code points. */
  readonly room: number;
  /** Whether CR LF is one grapheme, as Unicode has it, or two characters, as it is billed. */
  readonly crlfIsOne: boolean;
}

/** Whether `index` lies between CR and LF. */
export function isInsideLineBreak(text: string, index: number): boolean {
  return text.charCodeAt(index - 1) === 0x0d && text.charCodeAt(index) === 0x0a;
}

/** Finds where a text may be cut. */
export interface CutFinder {
  /**
   * The last permitted cut at or before `limit`, for a message that begins at `start`.
   * `start` is 0 or an earlier result. When `limit - start` is at least the finder's `room`, the result is beyond `start`.
   */
  floor(start: number, limit: number): number;
  /** The long graphemes met so far, in order of their position. */
  readonly longGraphemes: readonly LongGrapheme[];
}

let segmenter: Intl.Segmenter | undefined;

/** The grapheme of `window` that holds `index`. Loaded late: most texts never need it. */
export function graphemeAt(window: string, index: number): { start: number; end: number } {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  const found = segmenter.segment(window).containing(index);
  if (found === undefined) return { start: index, end: window.length };
  return { start: found.index, end: found.index + found.segment.length };
}

/** The end of the code point that begins at `index`. */
export function codePointEnd(text: string, index: number): number {
  return Math.min(text.length, isInsidePair(text, index + 1) ? index + 2 : index + 1);
}

/** The end of the grapheme that begins at `start`, reading the text in windows that double. */
export function graphemeEnd(text: string, start: number, room: number): number {
  for (let size = room + 2; ; size *= 2) {
    const windowEnd = start + size >= text.length ? text.length : codePointEnd(text, start + size);
    const { end } = graphemeAt(text.slice(start, windowEnd), 0);
    // The end of the window always looks like a boundary; it is one only at the end of the text.
    if (start + end < windowEnd || windowEnd === text.length) return start + end;
  }
}

/** The last boundary before `index` that is certain without context, or `lowest`. */
export function safeStart(text: string, lowest: number, index: number): number {
  let start = index - 1;
  while (start > lowest && !isSimpleBoundary(text, start)) start--;
  return Math.max(start, lowest);
}

/** Makes a finder for one pass over a text, from its beginning to its end, in linear time. */
export function createCutFinder(text: string, rules: CutRules): CutFinder {
  const { boundary, room, crlfIsOne } = rules;
  const longGraphemes: LongGrapheme[] = [];

  function floorGrapheme(start: number, limit: number): number {
    const long = longGraphemes.findLast((candidate) => candidate.start < limit);
    if (long !== undefined && limit <= long.end) return limit;
    const from = safeStart(text, Math.max(start, long?.end ?? 0), limit);
    const found = graphemeAt(text.slice(from, codePointEnd(text, limit)), limit - from);
    const graphemeStart = from + found.start;
    if (graphemeStart === limit) return limit;
    const end = graphemeEnd(text, graphemeStart, room);
    if (end - graphemeStart <= room) return graphemeStart;
    longGraphemes.push({ start: graphemeStart, end });
    return limit;
  }

  return {
    longGraphemes,
    floor(start, limit) {
      if (limit >= text.length) return text.length;
      if (isSimpleBoundary(text, limit)) {
        return crlfIsOne && isInsideLineBreak(text, limit) ? limit - 1 : limit;
      }
      const index = isInsidePair(text, limit) ? limit - 1 : limit;
      if (boundary === 'code-point' || isSimpleBoundary(text, index)) return index;
      return floorGrapheme(start, index);
    },
  };
}
