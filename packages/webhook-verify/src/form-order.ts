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

/** The first five bytes of a name as a number that sorts like them; it decides most comparisons. */
function namePrefix({ bytes, bounds }: Form, field: number): number {
  const start = bounds[2 * field] ?? 0;
  const length = (bounds[2 * field + 1] ?? 0) - start;
  const first = length > 0 ? byteRank(bytes[start] ?? 0) : 0;
  const second = length > 1 ? byteRank(bytes[start + 1] ?? 0) : 0;
  const third = length > 2 ? byteRank(bytes[start + 2] ?? 0) : 0;
  const fourth = length > 3 ? byteRank(bytes[start + 3] ?? 0) : 0;
  const fifth = length > 4 ? byteRank(bytes[start + 4] ?? 0) : 0;
  return ((first << 16) | (second << 8) | third) * 0x1_0000 + ((fourth << 8) | fifth);
}

/** Above this many fields insertion sort, which is quadratic, would be a gift to a forger. */
const insertionSortLimit = 48;
/** The prefixes of the names that are sorted so far. */
const prefixes = new Float64Array(insertionSortLimit);

/** The numbers of the fields, sorted by name and then by value. */
export function sortFields(form: Form): readonly number[] {
  const { count } = form;
  const order = Array.from({ length: count }, (_, field) => field);
  if (count > insertionSortLimit) {
    return order.toSorted((left, right) => compareFields(form, left, right));
  }
  for (let field = 0; field < count; field += 1) {
    const prefix = namePrefix(form, field);
    let place = field;
    for (; place > 0; place -= 1) {
      const prefixBefore = prefixes[place - 1] ?? 0;
      const before = order[place - 1] ?? 0;
      if (prefixBefore < prefix) break;
      if (prefixBefore === prefix && compareFields(form, before, field) <= 0) break;
      prefixes[place] = prefixBefore;
      order[place] = before;
    }
    prefixes[place] = prefix;
    order[place] = field;
  }
  return order;
}
