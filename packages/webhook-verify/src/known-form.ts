import { isUtf8 } from 'node:buffer';
import { hexDigit } from './form.ts';
import { maxLayoutFieldCount, type Layout } from './layout.ts';
import { scratch, scratchView } from './scratch.ts';
import { copyWords, findSpecialByte, spareBytes, standsAt } from './words.ts';

/**
 * Reads forms of a known layout in the scratch memory: one pass finds the values, the other writes
 * names and decoded values in the order they are signed. What is not as usual is left to `form.ts`.
 */

const ampersand = 0x26;
const plus = 0x2b;
const percent = 0x25;
const space = 0x20;

/** Where the values of the form at hand start and end in the scratch memory. */
const valueStarts = new Int32Array(maxLayoutFieldCount);
const valueEnds = new Int32Array(maxLayoutFieldCount);
const areEscaped = new Uint8Array(maxLayoutFieldCount);
let formEnd = 0;

/** As in `KnownForm`, until their number is known. */
const foundRanges: number[] = Array.from({ length: maxLayoutFieldCount }, () => 0);
let isAscii = true;

/** Takes a form of at most `maxKnownFormBytes`; answers from where on the memory is free. */
export function loadForm(source: Uint8Array): number {
  // With a separator on both sides every field looks alike.
  scratch[0] = ampersand;
  scratch.set(source, 1);
  formEnd = source.length + 1;
  scratch[formEnd] = ampersand;
  return formEnd + 1 + spareBytes;
}

/**
 * Whether the form that was taken has these fields and no others, in this order. No carrier sends
 * raw bytes beyond ASCII: a form with one is nobody's.
 */
export function isLayoutOf(layout: Layout): boolean {
  const { openings, starts, order } = layout;
  const end = formEnd;
  let at = 0;
  for (let field = 0; field < order.length; field += 1) {
    const start = starts[field] ?? 0;
    const length = (starts[field + 1] ?? 0) - start;
    if (at >= end || !standsAt(scratchView, at, openings, start, length)) return false;
    at += length;
    valueStarts[field] = at;
    let isEscaped = 0;
    for (;;) {
      at = findSpecialByte(scratchView, at);
      const byte = scratch[at] ?? 0;
      if (byte === ampersand) break;
      if (byte >= 0x80) return false;
      if (byte === percent || byte === plus) isEscaped = 1;
      at += 1;
    }
    areEscaped[field] = isEscaped;
    valueEnds[field] = at;
  }
  return at === end;
}

/** A start and a length in one number, as a list of half the length is made in half the time. */
const rangeBits = 15;

/** What was read of a form of a known layout. */
export interface KnownForm {
  readonly layout: Layout;
  /** Where the decoded values stand among the signed fields, by order of arrival: see `sliceRange`. */
  readonly ranges: readonly number[];
  readonly isAscii: boolean;
}

/** Writes a URL; answers the position behind it. */
export function writeKnownUrl(layout: Layout, url: string, at: number): number {
  if (url !== layout.url) return at + scratch.write(url, at, 'utf8');
  scratch.set(layout.urlBytes, at);
  return at + layout.urlBytes.length;
}

/**
 * Writes the fields as they are signed, from `fieldsStart` on; answers the position behind them, or
 * -1 for values that cannot be decoded. Call it once `isLayoutOf` has found the layout.
 */
export function writeKnownFields(layout: Layout, fieldsStart: number): number {
  const { openings, starts, order } = layout;
  let at = fieldsStart;
  isAscii = true;
  for (let place = 0; place < order.length; place += 1) {
    const field = order[place] ?? 0;
    const nameStart = (starts[field] ?? 0) + 1;
    const nameLength = (starts[field + 1] ?? 0) - nameStart - 1;
    copyWords(openings, nameStart, scratchView, at, nameLength);
    at += nameLength;
    const start = at;
    const valueStart = valueStarts[field] ?? 0;
    const valueEnd = valueEnds[field] ?? 0;
    if (areEscaped[field] === 0) {
      copyWords(scratchView, valueStart, scratchView, at, valueEnd - valueStart);
      at += valueEnd - valueStart;
    } else {
      at = decodeValue(valueStart, valueEnd, at);
      if (at < 0) return -1;
    }
    foundRanges[field] = ((start - fieldsStart) << rangeBits) | (at - start);
  }
  return at;
}

/** Answers the position behind the decoded value; -1 when it has a wrong escape or is not UTF-8. */
function decodeValue(from: number, to: number, start: number): number {
  let at = start;
  let isValueAscii = true;
  for (let index = from; ; index += 1) {
    const special = findSpecialByte(scratchView, index);
    copyWords(scratchView, index, scratchView, at, special - index);
    at += special - index;
    index = special;
    if (index === to) break;
    let byte = scratch[index] ?? 0;
    if (byte === plus) {
      byte = space;
    } else if (byte === percent) {
      // Behind the value stands a "&", which is no digit.
      byte = (hexDigit(scratch, index + 1) << 4) | hexDigit(scratch, index + 2);
      if (byte < 0) return -1;
      if (byte >= 0x80) isValueAscii = false;
      index += 2;
    }
    scratch[at] = byte;
    at += 1;
  }
  if (isValueAscii) return at;
  isAscii = false;
  return isUtf8(scratch.subarray(start, at)) ? at : -1;
}

/** What stays of the form once its fields were written. */
export function takeKnownForm(layout: Layout): KnownForm {
  return { layout, ranges: foundRanges.slice(0, layout.names.length), isAscii };
}

/** The text in such a range. */
export function sliceRange(text: string, range: number): string {
  const start = range >> rangeBits;
  return text.slice(start, start + (range & ((1 << rangeBits) - 1)));
}
