/** Numbers from 0 up to, but without, 1: `Math.random`, or a seeded one for tests that repeat themselves. */
export type Random = () => number;

/** So many hexadecimal digits, in lower case. */
export function randomHex(length: number, random: Random): string {
  let digits = '';
  for (let index = 0; index < length; index += 1) {
    digits += Math.floor(random() * 16).toString(16);
  }
  return digits;
}

/** A version 4 UUID (RFC 9562 §5.4). */
export function randomUuid(random: Random): string {
  const hex = randomHex(30, random);
  const variant = '89ab'.charAt(Math.floor(random() * 4));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}

/** So many decimal digits, the first of them not 0. */
export function randomDigits(length: number, random: Random): string {
  let digits = String(1 + Math.floor(random() * 9));
  while (digits.length < length) digits += String(Math.floor(random() * 10));
  return digits;
}
