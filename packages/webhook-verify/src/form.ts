import { isUtf8 } from 'node:buffer';
import { WebhookVerificationError } from './error.ts';

/** The fields of an `application/x-www-form-urlencoded` text, decoded, in order of arrival. */
export interface Form {
  /** Names and values, one behind the other. */
  readonly bytes: Buffer;
  /** For each field where its name and where its value starts; last, where the last value ends. */
  readonly bounds: readonly number[];
  readonly count: number;
  readonly isAscii: boolean;
}

/** More fields than any carrier sends; `querystring` stops there too. */
const maxFieldCount = 1000;

/** What each byte means in a form; 0 for the many that stand for themselves. */
const signs = new Uint8Array(256);
const ampersandSign = 1;
const equalsSign = 2;
const plusSign = 3;
const percentSign = 4;
const nonAsciiSign = 5;
signs.fill(nonAsciiSign, 0x80);
signs['&'.charCodeAt(0)] = ampersandSign;
signs['='.charCodeAt(0)] = equalsSign;
signs['+'.charCodeAt(0)] = plusSign;
signs['%'.charCodeAt(0)] = percentSign;

const equals = 0x3d;
const space = 0x20;

/** Positions of the form that is being decoded, until their number is known. */
const foundBounds: number[] = Array.from({ length: 2 * maxFieldCount + 1 }, () => 0);

/** Throws `malformed_body`, or for a query `malformed_request`, unless it can be decoded. */
export function decodeForm(source: Uint8Array, part: 'body' | 'query'): Form {
  const sourceEnd = source.length;
  // No form takes more room than it had before.
  const bytes = Buffer.allocUnsafe(sourceEnd);
  let isAscii = true;
  let boundCount = 0;
  let end = 0;
  let nameStart = 0;
  let valueStart = -1;
  for (let index = 0; index <= sourceEnd; index += 1) {
    let byte = 0;
    let sign = 0;
    // Nearly all bytes stand for themselves.
    while (index < sourceEnd) {
      byte = source[index] ?? 0;
      sign = signs[byte] ?? 0;
      if (sign !== 0) break;
      bytes[end] = byte;
      end += 1;
      index += 1;
    }
    if (index >= sourceEnd || sign === ampersandSign) {
      if (end > nameStart || valueStart >= 0) {
        if (boundCount === 2 * maxFieldCount) {
          throw malformed(part, `has more than ${String(maxFieldCount)} fields`);
        }
        foundBounds[boundCount] = nameStart;
        foundBounds[boundCount + 1] = valueStart < 0 ? end : valueStart;
        boundCount += 2;
      }
      nameStart = end;
      valueStart = -1;
      continue;
    }
    if (sign === equalsSign) {
      if (valueStart < 0) {
        valueStart = end;
        continue;
      }
      byte = equals;
    } else if (sign === plusSign) {
      byte = space;
    } else if (sign === percentSign) {
      byte = (hexDigit(source, index + 1) << 4) | hexDigit(source, index + 2);
      if (byte < 0) throw malformed(part, 'has a "%" without two hexadecimal digits');
      index += 2;
    }
    if (byte >= 0x80) isAscii = false;
    bytes[end] = byte;
    end += 1;
  }
  foundBounds[boundCount] = end;
  const bounds = foundBounds.slice(0, boundCount + 1);
  const form = { bytes, bounds, count: boundCount >> 1, isAscii };
  if (!isAscii && !isEveryPartUtf8(form)) {
    throw malformed(part, 'has a field that is not UTF-8 text');
  }
  return form;
}

export const emptyForm: Form = { bytes: Buffer.alloc(0), bounds: [0], count: 0, isAscii: true };

/** Where the last value ends. */
export function formEnd(form: Form): number {
  return form.bounds[2 * form.count] ?? 0;
}

/** -1 for anything else, and behind the end. */
export function hexDigit(source: Uint8Array, index: number): number {
  const byte = source[index] ?? 0;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** UTF-8 as a whole, and no part starts inside a character: then every part is UTF-8 by itself. */
function isEveryPartUtf8(form: Form): boolean {
  const end = formEnd(form);
  return (
    form.bounds.every((bound) => bound === end || ((form.bytes[bound] ?? 0) & 0xc0) !== 0x80) &&
    isUtf8(form.bytes.subarray(0, end))
  );
}

function malformed(part: 'body' | 'query', complaint: string): WebhookVerificationError {
  const reason = part === 'body' ? 'malformed_body' : 'malformed_request';
  return new WebhookVerificationError(reason, `The ${part} of the request ${complaint}.`);
}
