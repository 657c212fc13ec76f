import { SmsEncodingError } from './errors.ts';

/** Where packed septets stand in the user data. */
export interface SeptetPacking {
  /**
   * Bytes of the user data header before the septets, its length byte included; default 0 for none. The septets
   * begin at the next septet boundary counted from the beginning of the header, so up to 6 fill bits come first.
   */
  readonly headerBytes?: number;
}

/**
 * Packs septets into bytes, least significant bits first, as a short message carries them.
 *
 * The result is what follows the header, fill bits included, without the header itself.
 * Specification: 3GPP TS 23.038 §6.1.2.1, TS 23.040 §9.2.3.24 (fill bits).
 *
 * @throws {@link SmsEncodingError} `invalid-option` when `headerBytes` is not a whole number of at least 0.
 * @example
 * ```ts
 * import { encodeGsm7, packSeptets } from '@openclaw/sms-encoding';
 *
 * packSeptets(encodeGsm7('hello')); // Uint8Array [0xe8, 0x32, 0x9b, 0xfd, 0x06]
 * ```
 */
export function packSeptets(
  septets: Uint8Array,
  packing: SeptetPacking = {},
): Uint8Array<ArrayBuffer> {
  const fillBits = fillBitsAfter(packing.headerBytes ?? 0);
  const bytes = new Uint8Array(Math.ceil((fillBits + septets.length * 7) / 8));
  let bit = fillBits;
  for (const septet of septets) {
    const shifted = (septet & 0x7f) << (bit % 8);
    const index = bit >> 3;
    bytes[index] = (bytes[index] ?? 0) | shifted;
    if (shifted > 0xff) bytes[index + 1] = shifted >> 8;
    bit += 7;
  }
  return bytes;
}

/**
 * Unpacks septets, one per byte, from what follows the user data header.
 *
 * `septetCount` is how many septets the text has: the user data length minus the septets the header and its fill bits
 * take. It is needed because seven spare bits at the end would look like one more septet, an `@`.
 * Specification: 3GPP TS 23.038 §6.1.2.1, TS 23.040 §9.2.3.16.
 *
 * @throws {@link SmsEncodingError} `invalid-option` when the bytes hold fewer septets, or an option is out of range.
 * @example
 * ```ts
 * import { decodeGsm7, unpackSeptets } from '@openclaw/sms-encoding';
 *
 * decodeGsm7(unpackSeptets(Uint8Array.of(0xe8, 0x32, 0x9b, 0xfd, 0x06), 5)); // "hello"
 * ```
 */
export function unpackSeptets(
  bytes: Uint8Array,
  septetCount: number,
  packing: SeptetPacking = {},
): Uint8Array<ArrayBuffer> {
  const fillBits = fillBitsAfter(packing.headerBytes ?? 0);
  const available = Math.max(0, Math.floor((bytes.length * 8 - fillBits) / 7));
  if (!Number.isSafeInteger(septetCount) || septetCount < 0 || septetCount > available) {
    throw new SmsEncodingError(
      'invalid-option',
      `septetCount must be a whole number from 0 to ${available}, which is what the bytes hold`,
    );
  }
  const septets = new Uint8Array(septetCount);
  for (let position = 0; position < septetCount; position++) {
    const bit = fillBits + position * 7;
    const index = bit >> 3;
    const pair = (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8);
    septets[position] = (pair >> (bit % 8)) & 0x7f;
  }
  return septets;
}

function fillBitsAfter(headerBytes: number): number {
  if (!Number.isSafeInteger(headerBytes) || headerBytes < 0) {
    throw new SmsEncodingError(
      'invalid-option',
      'headerBytes must be a whole number of at least 0',
    );
  }
  return (7 - ((headerBytes * 8) % 7)) % 7;
}
