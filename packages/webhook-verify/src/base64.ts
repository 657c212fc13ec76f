const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The value of each character code of both alphabets of RFC 4648; -1 for any other. */
const values = new Int8Array(128).fill(-1);
for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value;
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;

/**
 * Decodes padded base64 or base64url (RFC 4648 §4, §5); undefined for anything else, including the
 * spellings that only a lenient decoder reads: bits left over, white space, missing padding.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  const digits = text.length - padding;
  const bytes = new Uint8Array((digits * 6) >> 3);
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (let index = 0; index < digits; index += 1) {
    const value = values[text.charCodeAt(index)] ?? -1;
    if (value < 0) return undefined;
    bits = (bits << 6) | value;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes[at] = bits >> bitCount;
      at += 1;
      bits &= (1 << bitCount) - 1;
    }
  }
  return bits === 0 ? bytes : undefined;
}

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
