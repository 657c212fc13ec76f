// The rules of segmentation written down as plainly as possible, slow and obviously right: what the fast code is held to.
import { defaultAlphabet, defaultExtension } from './alphabet.data.ts';

const escaped = new Set(defaultExtension.map(([, character]) => character));
const single = new Set(Array.from(defaultAlphabet).filter((character) => character !== '\u001b'));

export function naiveIsGsm7(text: string): boolean {
  return Array.from(text).every((character) => single.has(character) || escaped.has(character));
}

export function naiveSeptets(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (escaped.has(character) ? 2 : 1), 0);
}

/** The pieces of a text between which it may be cut, given that a grapheme longer than `room` may be cut anywhere. */
export function naiveAtoms(
  text: string,
  boundary: 'grapheme' | 'code-point',
  room: number,
  crlfIsOne: boolean,
): string[] {
  if (boundary === 'code-point') return Array.from(text);
  const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment).flatMap((grapheme) => {
    if (grapheme === '\r\n') return crlfIsOne ? [grapheme] : ['\r', '\n'];
    return grapheme.length > room ? Array.from(grapheme) : [grapheme];
  });
}

/** The segments of one concatenated message. */
export function naiveSegments(
  text: string,
  boundary: 'grapheme' | 'code-point',
  reference: 8 | 16,
): string[] {
  if (text === '') return [];
  const gsm7 = naiveIsGsm7(text);
  const size = (part: string) => (gsm7 ? naiveSeptets(part) : part.length);
  if (size(text) <= (gsm7 ? 160 : 70)) return [text];
  const room = (gsm7 ? 153 : 67) - (reference === 8 ? 0 : 1);
  const segments = [''];
  for (const atom of naiveAtoms(text, boundary, room, false)) {
    const last = segments.at(-1) ?? '';
    if (size(last + atom) > room) segments.push(atom);
    else segments[segments.length - 1] = last + atom;
  }
  return segments;
}

/** Whether a text is one segment on its own. */
export function naiveFitsOne(text: string): boolean {
  return naiveIsGsm7(text) ? naiveSeptets(text) <= 160 : text.length <= 70;
}
