/** Bytes that a file of a type has at a place. */
export interface Signature {
  readonly contentType: string;
  readonly at: number;
  readonly bytes: readonly number[];
}

const ascii = (text: string): readonly number[] =>
  Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));

/** Beginnings that belong to one type each. Containers, which hold several, are in {@link containerBrands}. */
export const signatures: readonly Signature[] = [
  { contentType: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { contentType: 'image/png', at: 0, bytes: [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a] },
  { contentType: 'image/gif', at: 0, bytes: ascii('GIF87a') },
  { contentType: 'image/gif', at: 0, bytes: ascii('GIF89a') },
  { contentType: 'audio/mpeg', at: 0, bytes: ascii('ID3') },
  { contentType: 'audio/amr', at: 0, bytes: ascii('#!AMR\n') },
  { contentType: 'audio/amr-wb', at: 0, bytes: ascii('#!AMR-WB\n') },
  { contentType: 'audio/ogg', at: 0, bytes: ascii('OggS') },
  { contentType: 'application/pdf', at: 0, bytes: ascii('%PDF-') },
];

/** Forms of a `RIFF` file, by the four bytes at 8. */
export const riffForms: ReadonlyMap<string, string> = new Map([
  ['WEBP', 'image/webp'],
  ['WAVE', 'audio/wav'],
]);

/** Major brands of an ISO base media file (ISO/IEC 14496-12 §4.3), the four bytes behind `ftyp`; the first match counts. */
export const containerBrands: readonly (readonly [RegExp, string])[] = [
  [/^(?:heic|heix|heim|heis|hevc|hevx|mif1|msf1)$/u, 'image/heic'],
  [/^avi[fs]$/u, 'image/avif'],
  [/^3g/u, 'video/3gpp'],
  [/^M4[AB] $/u, 'audio/mp4'],
  [/^qt {2}$/u, 'video/quicktime'],
  [/^(?:iso\w|mp4\w|avc1|dash|M4V |MSNV|f4v )$/u, 'video/mp4'],
];

/** Text that says by its first words what it is. `undefined`: it would be run, or rendered, by whoever opens it. */
export const textBeginnings: readonly (readonly [RegExp, string | undefined])[] = [
  [/^begin:vcard\b/iu, 'text/vcard'],
  [/^begin:vcalendar\b/iu, 'text/calendar'],
  [/^(?:<\?xml[^>]*>\s*)?(?:<!doctype smil[^>]*>\s*)?<smil\b/iu, 'application/smil'],
  [/^(?:<!|<\?|<[a-z][\w-]*[\s>/]|#!)/iu, undefined],
];

/** The ending of a file name for each type that is known here. */
export const extensions: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['image/heic', 'heic'],
  ['image/avif', 'avif'],
  ['video/mp4', 'mp4'],
  ['video/3gpp', '3gp'],
  ['video/quicktime', 'mov'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp4', 'm4a'],
  ['audio/amr', 'amr'],
  ['audio/amr-wb', 'awb'],
  ['audio/ogg', 'ogg'],
  ['audio/wav', 'wav'],
  ['application/pdf', 'pdf'],
  ['application/smil', 'smil'],
  ['text/vcard', 'vcf'],
  ['text/calendar', 'ics'],
  ['text/plain', 'txt'],
]);
