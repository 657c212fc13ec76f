import { isInsidePair } from './surrogates.ts';

// Ranges in which Unicode's grapheme rules know no exception: two neighbours from here always have a boundary between
// them (Unicode Standard Annex #29 GB999, GB4, GB5), whatever the version. Everything else is asked of Intl.Segmenter.
const simpleRanges: readonly (readonly [first: number, last: number])[] = [
  [0x0000, 0x02ff], // Latin
  [0x0370, 0x0482], // Greek, Cyrillic
  [0x048a, 0x0590], // Cyrillic, Armenian
  [0x05d0, 0x05ea], // Hebrew letters
  [0x0621, 0x064a], // Arabic letters
  [0x1e00, 0x1fff], // Latin and Greek with accents
  [0x2010, 0x2027], // punctuation
  [0x2030, 0x205f],
  [0x20a0, 0x20bf], // currency
  [0x2100, 0x2bff], // letter-like, arrows, mathematics, symbols
  [0x3000, 0x3029], // CJK punctuation
  [0x3030, 0x3098], // Hiragana
  [0x309b, 0xa48c], // Katakana, CJK, Yi
  [0xac00, 0xd7a3], // Hangul syllables
  [0xf900, 0xfaff], // CJK compatibility
  [0xff01, 0xff9d], // full-width and half-width forms
];

const simple: Uint8Array = /* @__PURE__ */ buildSimple();

function buildSimple(): Uint8Array {
  const table = new Uint8Array(0x1_0000);
  for (const [first, last] of simpleRanges) table.fill(1, first, last + 1);
  return table;
}

// Emoji and ideographs beyond the BMP; the skin tones between the first two ranges attach to what precedes them.
function isSimpleSupplementary(codePoint: number): boolean {
  return (
    (codePoint >= 0x1_f300 && codePoint <= 0x1_f3fa) ||
    (codePoint >= 0x1_f400 && codePoint <= 0x1_faff) ||
    (codePoint >= 0x2_0000 && codePoint <= 0x3_23af)
  );
}

function isSimple(codePoint: number): boolean {
  return codePoint > 0xffff ? isSimpleSupplementary(codePoint) : simple[codePoint] === 1;
}

/** Whether the characters on both sides of `index` are such that a grapheme boundary lies between them for certain. */
export function isSimpleBoundary(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1);
  const after = text.charCodeAt(index);
  if (simple[before] === 1 && simple[after] === 1) return true;
  if (!isSurrogate(before) && !isSurrogate(after)) return false;
  return isSimple(text.codePointAt(index) ?? 0) && isSimple(codePointBefore(text, index));
}

function isSurrogate(codeUnit: number): boolean {
  return (codeUnit & 0xf800) === 0xd800;
}

function codePointBefore(text: string, index: number): number {
  const start = isInsidePair(text, index - 1) ? index - 2 : index - 1;
  return text.codePointAt(start) ?? 0;
}
