import {
  containerBrands,
  extensions,
  riffForms,
  signatures,
  textBeginnings,
} from './media-type.data.ts';

/**
 * What a file is, by its bytes alone: what a sender or a carrier says of it is a claim. `undefined` for what none of our
 * types fits, and for markup and scripts.
 *
 * @example
 * sniffContentType(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)); // 'image/jpeg'
 */
export function sniffContentType(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return undefined;
  const found = signatures.find(({ at, bytes: wanted }) =>
    wanted.every((byte, index) => bytes[at + index] === byte),
  );
  if (found !== undefined) return found.contentType;
  if (wordAt(bytes, 0) === 'RIFF') return riffForms.get(wordAt(bytes, 8));
  if (wordAt(bytes, 4) === 'ftyp') {
    const brand = wordAt(bytes, 8);
    return containerBrands.find(([pattern]) => pattern.test(brand))?.[1];
  }
  return isMp3Frame(bytes) ? 'audio/mpeg' : textTypeOf(bytes);
}

const wordAt = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + 4));

/** The header of an MPEG audio frame of layer III with a bit rate and a sampling rate (ISO/IEC 11172-3 §2.4.2.3). */
function isMp3Frame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const isSync = first === 0xff && (second & 0xe0) === 0xe0;
  const isLayerThree = (second & 0x18) !== 0x08 && (second & 0x06) === 0x02;
  const hasRates = (third & 0xf0) !== 0xf0 && (third & 0xf0) !== 0 && (third & 0x0c) !== 0x0c;
  return isSync && isLayerThree && hasRates;
}

function textTypeOf(bytes: Uint8Array): string | undefined {
  // A visiting card may be in any old encoding, but its first line is ASCII.
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 512)).replace(/^ï»¿/u, '');
  const known = textBeginnings.find(([pattern]) => pattern.test(start.trimStart()));
  if (known !== undefined) return hasControls(bytes) ? undefined : known[1];
  return !hasControls(bytes) && isUtf8(bytes) ? 'text/plain' : undefined;
}

/** Control characters other than tab, line feed, form feed and carriage return: no text has them. */
function hasControls(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d && byte !== 0x0b));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * A content type as it may stand in a header: without parameters, in lower case; `undefined` for anything else.
 *
 * @example
 * readContentType('Image/JPEG; name=a.jpg'); // 'image/jpeg'
 */
export function readContentType(value: string): string | undefined {
  const [type = ''] = value.toLowerCase().split(';');
  return /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/u.test(type.trim()) ? type.trim() : undefined;
}

/**
 * A file name that is safe in a URL and on a disk: letters, digits, dots and dashes of the wish, and an ending that fits
 * the type.
 *
 * @example
 * toFileName('../my cat.exe', 'image/png', 'media-1'); // 'my-cat.png'
 */
export function toFileName(
  wish: string | undefined,
  contentType: string,
  fallback: string,
): string {
  const last = (wish ?? '').split(/[/\\]/u).at(-1) ?? '';
  const [, stem = last, ending = ''] = /^(.+)\.([^.]+)$/u.exec(last) ?? [];
  const extension =
    extensions.get(contentType) ?? (safe(ending).slice(0, 8).toLowerCase() || 'bin');
  return `${safe(stem) || fallback}.${extension}`;
}

function safe(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[^\w-]+/gu, '-')
    .replaceAll(/^-+|-+$/gu, '')
    .slice(0, 40);
}
