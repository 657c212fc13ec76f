import { countSeptets } from './scan.ts';

/** The two alphabets a text message travels in: the GSM 7-bit default alphabet, or UCS-2 (in practice UTF-16). */
export type SmsEncoding = 'gsm7' | 'ucs2';

/**
 * The encoding a text needs: `"gsm7"` when every character is in the default alphabet or its extension table, else `"ucs2"`.
 *
 * One character outside is enough: a backtick, a tab or a curly quote turns the whole message into UCS-2.
 * National language tables are not considered. Specification: 3GPP TS 23.038 §6.2.1, §6.2.1.1, §6.2.3.
 *
 * @example
 * ```ts
 * import { detectEncoding } from '@openclaw/sms-encoding';
 *
 * detectEncoding('Price: 5 €'); // "gsm7"
 * detectEncoding('It’s here'); // "ucs2"
 * ```
 */
export function detectEncoding(text: string): SmsEncoding {
  return countSeptets(text) < 0 ? 'ucs2' : 'gsm7';
}
