import type { Form } from './form.ts';

/**
 * Carriers sort by UTF-16 code unit, as Java and JavaScript do. UTF-8 bytes sort the same way but
 * for one thing: characters beyond U+FFFF (lead bytes F0 to F4) come before U+E000 to U+FFFF (EE, EF).
 */
function byteRank(byte: number): number {
  if (byte < 0xee) return byte;
  return byte >= 0xf0 ? byte - 0x02 : byte + 0x10;
}

/** Compares what stands behind two bounds, up to the next one. */
function compareParts({ bytes, bounds }: Form, leftBound: number, rightBound: number): number {
  const left = bounds[leftBound] ?? 0;
  const right = bounds[rightBound] ?? 0;
  const leftLength = (bounds[leftBound + 1] ?? 0) - left;
  const rightLength = (bounds[rightBound + 1] ?? 0) - right;
  const common = leftLength < rightLength ? leftLength : rightLength;
  for (let index = 0; index < common; index += 1) {
    const a = bytes[left + index] ?? 0;
    const b = bytes[right + index] ?? 0;
    if (a !== b) return byteRank(a) - byteRank(b);
  }
  return leftLength - rightLength;
}

/** By name, then by value; 0 only for fields that are the same in both. */
export function compareFields(form: Form, left: number, right: number): number {
  return compareParts(form, 2 * left, 2 * right) || compareParts(form, 2 * left + 1, 2 * right + 1);
}

/** The first three bytes of a name as a number that sorts like them; it decides most comparisons. */
function namePrefix({ bytes, bounds }: Form, field: number): number {
  const start = bounds[2 * field] ?? 0;
  const end = bounds[2 * field + 1] ?? 0;
  const first = start < end ? byteRank(bytes[start] ?? 0) : 0;
  const second = start + 1 < end ? byteRank(bytes[start + 1] ?? 0) : 0;
  const third = start + 2 < end ? byteRank(bytes[start + 2] ?? 0) : 0;
  return (first << 16) | (second << 8) | third;
}

/** Above this many fields insertion sort, which is quadratic, would be a gift to a forger. */
const insertionSortLimit = 48;
/** A name's prefix and, in the lowest six bits, the number of the field. */
const keys = new Int32Array(insertionSortLimit);

/**
 * For each count of fields up to the limit, the order to try first. Any permutation is right; that
 * of the last genuine form is nearly always sorted already.
 */
const guesses: readonly Uint8Array[] = Array.from({ length: insertionSortLimit + 1 }, (_, count) =>
  Uint8Array.from({ length: count }, (__, field) => field),
);

/**
 * Remembers an order as the guess for the next form. Call it only once a signature has matched,
 * or a forger decides how much work the next form makes.
 */
export function learnOrder(order: readonly number[]): void {
  guesses[order.length]?.set(order);
}

/** The numbers of the fields, sorted by name and then by value. */
export function sortFields(form: Form): readonly number[] {
  const { count } = form;
  const guess = guesses[count];
  if (guess === undefined) {
    const fields = Array.from({ length: count }, (_, field) => field);
    return fields.toSorted((left, right) => compareFields(form, left, right));
  }
  for (let index = 0; index < count; index += 1) {
    const field = guess[index] ?? 0;
    const prefix = namePrefix(form, field);
    let position = index;
    while (position > 0) {
      const before = keys[position - 1] ?? 0;
      const prefixBefore = before >> 6;
      if (prefixBefore < prefix) break;
      if (prefixBefore === prefix && compareFields(form, before & 63, field) <= 0) break;
      keys[position] = before;
      position -= 1;
    }
    keys[position] = (prefix << 6) | field;
  }
  const order = form.bounds.slice(0, count);
  for (let index = 0; index < count; index += 1) order[index] = (keys[index] ?? 0) & 63;
  return order;
}
