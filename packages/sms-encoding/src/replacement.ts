import { costOf, notGsm7 } from './septet-cost.ts';
import { replacements } from './transliteration.data.ts';

// Latin only: no other letter loses nothing but an accent.
const latinLetter = /^[A-Za-zÆØæø]$/u;
// A word has two marks on a letter at most; whoever writes a thousand gets the first few considered.
const mostMarks = 8;
// Marks above and below a letter. Strokes through a sign are not here: they turn = into ≠.
const droppable = /^[\u0300-\u0333\u0339-\u036f]+$/u;
const marksAfter = /\p{M}*/uy;
const fraction = /[¼½¾]/u;
const digit = /\p{Nd}/u;
const fullWidthShift = 0xff01 - 0x21;

const table: ReadonlyMap<string, string> = /* @__PURE__ */ mapReplacements();

function mapReplacements(): Map<string, string> {
  return new Map(
    replacements.flatMap(([to, characters]) =>
      Array.from(characters, (from) => [from, to] as const),
    ),
  );
}

/** The code point at `index` with the combining marks after it, and its GSM-7 form when it has one. */
export function stretchAt(text: string, index: number): { from: string; to: string | undefined } {
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
  marksAfter.lastIndex = index + character.length;
  const marks = marksAfter.exec(text)?.[0] ?? '';
  const from = character + marks;
  if (marks === '') return { from, to: replaceCharacter(text, index, character) };
  return { from, to: dropMarks(character, marks) };
}

function replaceCharacter(text: string, index: number, character: string): string | undefined {
  if (isGsm7(character)) return character;
  const form = table.get(character) ?? fullWidth(character) ?? dropMarks(character, '');
  if (form === undefined || !fraction.test(character)) return form;
  // "1½" is one and a half, not eleven halves.
  return digit.test(text.charAt(index - 1)) ? ` ${form}` : form;
}

/** Full-width forms are the ASCII characters at a fixed distance. */
function fullWidth(character: string): string | undefined {
  if (!/^[\uff01-\uff5e]$/u.test(character)) return undefined;
  const ascii = String.fromCharCode(character.charCodeAt(0) - fullWidthShift);
  return isGsm7(ascii) ? ascii : table.get(ascii);
}

/** A letter without the accents that GSM-7 has no letter for, keeping the one that it has: ǻ becomes å, not a. */
function dropMarks(character: string, following: string): string | undefined {
  const decomposed = character.normalize('NFD');
  const base = decomposed.charAt(0);
  const marks = decomposed.slice(1) + following;
  if (!latinLetter.test(base) || !droppable.test(marks)) return undefined;
  for (const mark of marks.slice(0, mostMarks)) {
    const composed = (base + mark).normalize('NFC');
    if (isGsm7(composed)) return composed;
  }
  return base;
}

function isGsm7(character: string): boolean {
  return character.length === 1 && costOf(character.charCodeAt(0)) !== notGsm7;
}
