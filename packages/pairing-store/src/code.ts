/** 32 symbols, so that five random bits choose one without bias; without those that people confuse: 0 O 1 I. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const codeLength = 8;

/** `length` random bytes, from a source that nobody can predict. */
export type RandomBytes = (length: number) => Uint8Array;

export const cryptoRandomBytes: RandomBytes = (length) =>
  globalThis.crypto.getRandomValues(new Uint8Array(length));

export function createCode(randomBytes: RandomBytes): string {
  const bytes = randomBytes(codeLength);
  if (bytes.length !== codeLength) {
    throw new RangeError(`randomBytes gave ${bytes.length} bytes instead of ${codeLength}`);
  }
  return Array.from(bytes, (byte) => alphabet.charAt(byte & 31)).join('');
}

/** What a person typed, as the code was issued: `abcd-efgh ` is `ABCDEFGH`. */
export function normalizeCode(typed: string): string {
  return typed.replaceAll(/[\s\-\u2010-\u2015]/gu, '').toUpperCase();
}

/** Compares without stopping at the first difference, so that time does not tell how much of a guess was right. */
export function isSameCode(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < codeLength; index += 1) {
    difference |= (one.charCodeAt(index) | 0) ^ (other.charCodeAt(index) | 0);
  }
  return difference === 0;
}
