import { defaultAlphabet, defaultExtension } from './alphabet.data.ts';
import { decodeSeptets } from './gsm7.ts';
import { languages, lockingShiftRows, singleShiftRows } from './national-tables.data.ts';
import type { NationalLanguage } from './national-tables.data.ts';

/** Which national tables a message uses; what is absent is the default. */
export interface NationalTables {
  /** The language whose table replaces the default alphabet. Spanish has no such table and means the default. */
  readonly lockingShift?: NationalLanguage;
  /** The language whose table an escape announces instead of the default extension table. */
  readonly singleShift?: NationalLanguage;
}

const unassigned = '\0';

/** The main table of a language: 128 characters, U+0000 where it has none; the default alphabet without a language. */
export function mainTable(language: NationalLanguage | undefined): string {
  const rows = language === undefined ? undefined : lockingShiftRows[language];
  return rows?.join('') ?? defaultAlphabet;
}

/** The escaped characters of a language by septet; the default extension table without a language. */
export function escapedTable(language: NationalLanguage | undefined): Map<number, string> {
  const rows = language === undefined ? undefined : singleShiftRows[language];
  if (rows === undefined) return new Map(defaultExtension);
  const entries = Array.from(rows.join(''), (character, septet) => [septet, character] as const);
  return new Map(entries.filter(([, character]) => character !== unassigned));
}

/**
 * The language of a national language identifier, as user data header elements 0x24 and 0x25 carry it: 1 (Turkish) to
 * 13 (Urdu), else `undefined`. Specification: 3GPP TS 23.038 §6.2.1.2.4.
 *
 * @example
 * ```ts
 * import { nationalLanguageOf } from '@openclaw/sms-encoding';
 *
 * nationalLanguageOf(1); // "turkish"
 * nationalLanguageOf(14); // undefined
 * ```
 */
export function nationalLanguageOf(identifier: number): NationalLanguage | undefined {
  return languages[identifier - 1];
}

/**
 * Decodes septets, one per byte, of a message that uses national language tables.
 *
 * Never throws. A septet without a character gives a space; an escaped one falls back to the main table.
 * Specification: 3GPP TS 23.038 §6.2.1.2, A.2 (single shift), A.3 (locking shift).
 *
 * @example
 * ```ts
 * import { decodeNationalGsm7 } from '@openclaw/sms-encoding';
 *
 * decodeNationalGsm7(Uint8Array.of(0x1b, 0x67), { singleShift: 'turkish' }); // "ğ"
 * decodeNationalGsm7(Uint8Array.of(0x0c), { lockingShift: 'turkish' }); // "ğ"
 * ```
 */
export function decodeNationalGsm7(septets: Uint8Array, tables: NationalTables): string {
  const main = mainTable(tables.lockingShift).replaceAll(unassigned, ' ');
  return decodeSeptets(septets, main, escapedTable(tables.singleShift));
}
