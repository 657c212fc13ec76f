import { defaultAlphabet, defaultExtension } from './alphabet.data.ts';
import { SmsEncodingError } from './errors.ts';
import { countSeptets } from './scan.ts';
import { escapeSeptet } from './septet-cost.ts';

// Each table comes from a function of its own, so that a bundler can see that leaving it out changes nothing.
const septetOf: ReadonlyMap<string, number> = /* @__PURE__ */ mapSeptets();
const escapedSeptetOf: ReadonlyMap<string, number> = /* @__PURE__ */ mapEscapedSeptets();
const extension: ReadonlyMap<number, string> = /* @__PURE__ */ new Map(defaultExtension);

function mapSeptets(): Map<string, number> {
  const entries = Array.from(defaultAlphabet, (character, septet) => [character, septet] as const);
  return new Map(entries.filter(([, septet]) => septet !== escapeSeptet));
}

function mapEscapedSeptets(): Map<string, number> {
  return new Map(defaultExtension.map(([septet, character]) => [character, septet]));
}

/**
 * Encodes a text in the GSM 7-bit default alphabet: one septet per byte, an escaped character as two.
 *
 * To put it into a short message, pack it with {@link packSeptets}. Specification: 3GPP TS 23.038 §6.2.1, §6.2.1.1.
 *
 * @throws {@link SmsEncodingError} `not-gsm7` when a character is not in the alphabet; see {@link toGsm7}.
 * @example
 * ```ts
 * import { encodeGsm7 } from '@openclaw/sms-encoding';
 *
 * encodeGsm7('5 €'); // Uint8Array [0x35, 0x20, 0x1b, 0x65]
 * ```
 */
export function encodeGsm7(text: string): Uint8Array<ArrayBuffer> {
  const length = countSeptets(text);
  if (length < 0) throw notGsm7Error(text);
  const septets = new Uint8Array(length);
  let position = 0;
  for (const character of text) {
    const escaped = escapedSeptetOf.get(character);
    if (escaped !== undefined) septets[position++] = escapeSeptet;
    septets[position++] = escaped ?? septetOf.get(character) ?? 0;
  }
  return septets;
}

function notGsm7Error(text: string): SmsEncodingError {
  const index = Array.from(text).findIndex((character) => countSeptets(character) < 0);
  return new SmsEncodingError(
    'not-gsm7',
    `character ${index + 1} of the text has no GSM-7 form; send it as UCS-2 or pass the text through toGsm7 first`,
  );
}

/**
 * Decodes septets of the GSM 7-bit default alphabet, one per byte; the highest bit of a byte is ignored.
 *
 * Never throws. An escape before a septet without an escaped character gives the character of the default alphabet,
 * an escape before an escape or at the end a space. Specification: 3GPP TS 23.038 §6.2.1, §6.2.1.1 notes.
 *
 * @example
 * ```ts
 * import { decodeGsm7 } from '@openclaw/sms-encoding';
 *
 * decodeGsm7(Uint8Array.of(0x35, 0x20, 0x1b, 0x65)); // "5 €"
 * ```
 */
export function decodeGsm7(septets: Uint8Array): string {
  return decodeSeptets(septets, defaultAlphabet, extension);
}

/** Decodes septets with a given main table and the table that an escape announces. */
export function decodeSeptets(
  septets: Uint8Array,
  main: string,
  escaped: ReadonlyMap<number, string>,
): string {
  let text = '';
  let isEscaped = false;
  for (const byte of septets) {
    const septet = byte & 0x7f;
    if (septet === escapeSeptet) {
      if (isEscaped) text += ' ';
      isEscaped = !isEscaped;
    } else {
      text += (isEscaped ? escaped.get(septet) : undefined) ?? main.charAt(septet);
      isEscaped = false;
    }
  }
  return isEscaped ? `${text} ` : text;
}
