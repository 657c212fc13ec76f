/**
 * Several bytes at a time, which is how a form of a known layout is read and written. All of it is
 * little-endian: the first byte in memory has the lowest bits. Reading and writing may go up to
 * seven bytes too far, so there must be room.
 */

export const spareBytes = 7;

/** The position of the next byte that may not stand for itself in a form. There must be one. */
export function findSpecialByte(view: DataView, from: number): number {
  for (let at = from; ; at += 4) {
    const word = view.getInt32(at, true);
    // The highest bit of each byte below "," (as "%", "&" and "+" are) and of each beyond ASCII.
    // Behind the first of them there may be bits too many, as its subtraction borrows.
    const marks = ((word - 0x2c2c_2c2c) | word) & -0x7f7f_7f80;
    // The lowest bit is that of the first byte.
    if (marks !== 0) return at + ((31 - Math.clz32(marks & -marks)) >> 3);
  }
}

/** Whether `length` bytes of `text` from `from` on stand at a place in memory. */
export function standsAt(
  view: DataView,
  at: number,
  text: DataView,
  from: number,
  length: number,
): boolean {
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    if (view.getInt32(at + index, true) !== text.getInt32(from + index, true)) return false;
  }
  if (index === length) return true;
  const difference = view.getInt32(at + index, true) ^ text.getInt32(from + index, true);
  return difference << (8 * (4 + index - length)) === 0;
}

/** Copies at least `length` bytes. */
export function copyWords(
  source: DataView,
  from: number,
  target: DataView,
  to: number,
  length: number,
): void {
  for (let index = 0; index < length; index += 8) {
    target.setBigInt64(to + index, source.getBigInt64(from + index, true), true);
  }
}
