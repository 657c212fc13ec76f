import { SmsEncodingError } from './errors.ts';
import { maxConcatenatedSegmentCount, segmentLimit } from './segment-limits.ts';
import type { ReferenceBits } from './segment-limits.ts';

/** Which part of which concatenated message a short message is. */
export interface Concatenation {
  /** The same in all parts of one message: 0 to 255, or 0 to 65535 with 16 bits. */
  readonly reference: number;
  /** The width of the reference: 8 or 16 bits. */
  readonly referenceBits: ReferenceBits;
  /** How many parts the message has, 1 to 255. */
  readonly total: number;
  /** Which part this is, 1 to `total`. */
  readonly sequence: number;
}

/** One information element of a user data header, known or not. */
export interface InformationElement {
  /** The identifier (3GPP TS 23.040 §9.2.3.24), 0 to 255. */
  readonly id: number;
  /** Its data, without identifier and length; a copy. */
  readonly data: Uint8Array;
}

/** A user data header taken apart. */
export interface UserDataHeader {
  /** Bytes of the header with its length byte: where the text begins, and `headerBytes` for the septets. */
  readonly headerBytes: number;
  /** All elements in order, also unknown ones. */
  readonly elements: readonly InformationElement[];
  /** Absent when the message is not a part of another one. */
  readonly concatenation: Concatenation | undefined;
  /** National language identifier of the locking shift table, when there is one (element 0x25). */
  readonly lockingShift: number | undefined;
  /** National language identifier of the single shift table, when there is one (element 0x24). */
  readonly singleShift: number | undefined;
}

/** Identifiers of the information elements this package understands. */
const elementId = {
  concatenation8: 0x00,
  concatenation16: 0x08,
  singleShift: 0x24,
  lockingShift: 0x25,
};

/**
 * Builds the user data header of one part of a concatenated message: 6 bytes, or 7 with a 16-bit reference.
 *
 * Specification: 3GPP TS 23.040 §9.2.3.24.1 (8 bits), §9.2.3.24.8 (16 bits).
 *
 * @throws {@link SmsEncodingError} `invalid-option` when a number is out of range.
 * @example
 * ```ts
 * import { buildConcatenationHeader } from '@openclaw/sms-encoding';
 *
 * buildConcatenationHeader({ reference: 0xcc, referenceBits: 8, total: 2, sequence: 1 });
 * // Uint8Array [0x05, 0x00, 0x03, 0xcc, 0x02, 0x01]
 * ```
 */
export function buildConcatenationHeader(concatenation: Concatenation): Uint8Array<ArrayBuffer> {
  checkConcatenation(concatenation);
  const { reference, referenceBits, total, sequence } = concatenation;
  return referenceBits === 8
    ? Uint8Array.of(5, elementId.concatenation8, 3, reference, total, sequence)
    : Uint8Array.of(
        6,
        elementId.concatenation16,
        4,
        reference >> 8,
        reference & 0xff,
        total,
        sequence,
      );
}

/**
 * Takes the user data header at the beginning of `userData` apart. Call it only when the message says that it has one (UDHI).
 *
 * Unknown elements are returned as they are. Of an element that comes twice the last one counts. A concatenation with an
 * impossible number is no concatenation. A header whose elements do not fill it exactly is to be ignored as a whole:
 * then the result is `undefined`. Never throws. Specification: 3GPP TS 23.040 §9.2.3.24.
 *
 * @example
 * ```ts
 * import { parseUserDataHeader } from '@openclaw/sms-encoding';
 *
 * const header = parseUserDataHeader(Uint8Array.of(0x05, 0x00, 0x03, 0xcc, 0x02, 0x01, 0x41));
 * header?.concatenation; // { reference: 0xcc, referenceBits: 8, total: 2, sequence: 1 }
 * header?.headerBytes; // 6
 * ```
 */
export function parseUserDataHeader(userData: Uint8Array): UserDataHeader | undefined {
  const headerBytes = (userData[0] ?? 0) + 1;
  if (userData.length < headerBytes) return undefined;
  const elements = readElements(userData.subarray(1, headerBytes));
  if (elements === undefined) return undefined;
  const lastData = (id: number, lengthBytes: number) =>
    elements.findLast((element) => element.id === id && element.data.length === lengthBytes)?.data;
  return {
    headerBytes,
    elements,
    concatenation: elements.map(readConcatenation).findLast((found) => found !== undefined),
    lockingShift: lastData(elementId.lockingShift, 1)?.[0],
    singleShift: lastData(elementId.singleShift, 1)?.[0],
  };
}

function readElements(header: Uint8Array): InformationElement[] | undefined {
  const elements: InformationElement[] = [];
  for (let offset = 0; offset < header.length;) {
    const id = header[offset] ?? 0;
    const lengthBytes = header[offset + 1];
    if (lengthBytes === undefined || offset + 2 + lengthBytes > header.length) return undefined;
    elements.push({ id, data: header.slice(offset + 2, offset + 2 + lengthBytes) });
    offset += 2 + lengthBytes;
  }
  return elements;
}

function readConcatenation({ id, data }: InformationElement): Concatenation | undefined {
  const is8 = id === elementId.concatenation8 && data.length === 3;
  const is16 = id === elementId.concatenation16 && data.length === 4;
  if (!is8 && !is16) return undefined;
  const [total = 0, sequence = 0] = data.subarray(-2);
  if (sequence < 1 || sequence > total) return undefined;
  const [high = 0, low = 0] = data;
  return {
    reference: is8 ? high : (high << 8) | low,
    referenceBits: is8 ? 8 : 16,
    total,
    sequence,
  };
}

/** Throws when a number of a concatenation cannot be. */
export function checkConcatenation(concatenation: Concatenation): void {
  const { reference, referenceBits, total, sequence } = concatenation;
  segmentLimit('gsm7', referenceBits);
  checkRange('reference', reference, 0, referenceBits === 8 ? 0xff : 0xffff);
  checkRange('total', total, 1, maxConcatenatedSegmentCount);
  checkRange('sequence', sequence, 1, total);
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new SmsEncodingError(
    'invalid-option',
    `${name} must be a whole number from ${least} to ${most}`,
  );
}
