/**
 * Encodes a text as UCS-2: two bytes per UTF-16 code unit, the high byte first. Surrogates are carried as they are.
 *
 * Specification: 3GPP TS 23.038 §6.2.3 (ISO/IEC 10646, big-endian).
 *
 * @example
 * ```ts
 * import { encodeUcs2 } from '@openclaw/sms-encoding';
 *
 * encodeUcs2('€'); // Uint8Array [0x20, 0xac]
 * ```
 */
export function encodeUcs2(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++)
    view.setUint16(index * 2, text.charCodeAt(index));
  return bytes;
}

/**
 * Decodes UCS-2 bytes, the high byte first. Never throws: lone surrogates are carried, an odd last byte gives U+FFFD.
 *
 * Specification: 3GPP TS 23.038 §6.2.3.
 *
 * @example
 * ```ts
 * import { decodeUcs2 } from '@openclaw/sms-encoding';
 *
 * decodeUcs2(Uint8Array.of(0x20, 0xac)); // "€"
 * ```
 */
export function decodeUcs2(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wholeBytes = bytes.byteLength & ~1;
  let text = '';
  for (let offset = 0; offset < wholeBytes; offset += 2) {
    text += String.fromCharCode(view.getUint16(offset));
  }
  return wholeBytes === bytes.byteLength ? text : `${text}\ufffd`;
}
