import { countSegments } from './count-segments.ts';
import { stretchAt } from './replacement.ts';
import { countSeptets } from './scan.ts';

/** One replacement: what stood where, and what stands there now. */
export interface Gsm7Replacement {
  /** UTF-16 index into the input. */
  readonly index: number;
  /** A character of the input, with the combining marks after it. */
  readonly from: string;
  /** Its GSM-7 form; empty for invisible characters. */
  readonly to: string;
}

/** A text with GSM-7 forms in place of characters that have one. */
export interface TransliteratedText {
  /** The text with the replacements made. */
  readonly text: string;
  /** Every change, in order; empty when the text is as it was. */
  readonly replacements: readonly Gsm7Replacement[];
}

/**
 * Replaces characters that have a GSM-7 form: quotes, dashes, the ellipsis, spaces, ligatures, full-width forms,
 * letters with accents GSM-7 lacks. A character without a form stays as it is, and with it the text stays UCS-2.
 *
 * Applying it twice changes nothing more. The result never takes more segments than the text: a replacement
 * that is longer than what it replaces is left out where it would cost one.
 *
 * @example
 * ```ts
 * import { toGsm7 } from '@openclaw/sms-encoding';
 *
 * toGsm7('It’s 5 €…').text; // "It's 5 €..."
 * toGsm7('naïve').replacements; // [{ index: 2, from: "ï", to: "i" }]
 * ```
 */
export function toGsm7(text: string): TransliteratedText {
  const unchanged: TransliteratedText = { text, replacements: [] };
  if (countSeptets(text) >= 0) return unchanged;
  const segmentCount = countSegments(text);
  const full = replaceAll(text, Infinity);
  if (countSegments(full.text) <= segmentCount) return full;
  const compact = replaceAll(text, 0);
  return countSegments(compact.text) <= segmentCount ? compact : unchanged;
}

/** Replaces what has a form at most `growth` UTF-16 code units longer than itself. */
function replaceAll(text: string, growth: number): TransliteratedText {
  const replacements: Gsm7Replacement[] = [];
  let result = '';
  for (let index = 0; index < text.length;) {
    const { from, to } = stretchAt(text, index);
    const replaced = to !== undefined && to !== from && to.length - from.length <= growth;
    result += replaced ? to : from;
    if (replaced) replacements.push({ index, from, to });
    index += from.length;
  }
  return { text: result, replacements };
}
