import { escapedTable, mainTable } from './national-language.ts';
import { languages } from './national-tables.data.ts';
import type { NationalLanguage } from './national-tables.data.ts';
import { segmentLimit } from './segment-limits.ts';
import type { ReferenceBits } from './segment-limits.ts';
import { escapeSeptet } from './septet-cost.ts';

/** What a text would take with the tables of one language. */
export interface NationalEstimate {
  /** The language whose tables these are. */
  readonly language: NationalLanguage;
  /** Whether the language's locking shift table is used. */
  readonly lockingShift: boolean;
  /** Whether the language's single shift table is used. */
  readonly singleShift: boolean;
  /** Septets, escapes included and headers not. */
  readonly unitCount: number;
  /** Segments of the whole text, each with the header that names the tables. */
  readonly segmentCount: number;
}

/** Options of an estimate. */
export interface NationalEstimateOptions {
  /** Bits of the concatenation reference: 8 (default) or 16. */
  readonly reference?: ReferenceBits;
}

const segmentBytes = 140;
const lengthByte = 1;
// Identifier, length and language: one element per table in use.
const tableElementBytes = 3;

/**
 * What a text would take with national language tables, the cheapest choice of tables per language, fewest segments first.
 *
 * An estimate: a carrier must be asked to send it so, and most do not offer it. Languages that lack a character of the text
 * are not in the result. Every table in use takes 3 bytes of every segment.
 * Specification: 3GPP TS 23.038 §6.2.1.2 and Annex A, TS 23.040 §9.2.3.24.15 and §9.2.3.24.16.
 *
 * @throws {@link SmsEncodingError} `invalid-option` when `reference` is neither 8 nor 16.
 * @example
 * ```ts
 * import { countSegments, estimateNationalLanguages } from '@openclaw/sms-encoding';
 *
 * const text = 'Işığı görüyor musun? '.repeat(7).trim();
 * countSegments(text); // 3
 * estimateNationalLanguages(text)[0]; // { language: "turkish", lockingShift: true, ..., segmentCount: 1 }
 * ```
 */
export function estimateNationalLanguages(
  text: string,
  options: NationalEstimateOptions = {},
): NationalEstimate[] {
  const { reference = 8 } = options;
  segmentLimit('gsm7', reference);
  if (text === '') return [];
  return languages
    .map((language) => cheapestOf(text, language, reference))
    .filter((found) => found !== undefined)
    .toSorted(byCost);
}

function cheapestOf(
  text: string,
  language: NationalLanguage,
  reference: ReferenceBits,
): NationalEstimate | undefined {
  const choices = [
    { language, lockingShift: false, singleShift: true },
    { language, lockingShift: true, singleShift: false },
    { language, lockingShift: true, singleShift: true },
  ];
  // Spanish has no locking shift table: its choices with one would be the default alphabet for 3 bytes more.
  const possible = language === 'spanish' ? choices.slice(0, 1) : choices;
  return possible
    .map((choice) => estimate(text, choice, reference))
    .filter((found) => found !== undefined)
    .toSorted(byCost)[0];
}

interface Choice {
  readonly language: NationalLanguage;
  readonly lockingShift: boolean;
  readonly singleShift: boolean;
}

function estimate(
  text: string,
  choice: Choice,
  reference: ReferenceBits,
): NationalEstimate | undefined {
  const costs = septetCosts(choice);
  const sequence: number[] = [];
  for (const character of text) {
    const cost = costs.get(character);
    if (cost === undefined) return undefined;
    sequence.push(cost);
  }
  const unitCount = sequence.reduce((sum, cost) => sum + cost, 0);
  const tables = Number(choice.lockingShift) + Number(choice.singleShift);
  const headerBytes = lengthByte + tables * tableElementBytes;
  const concatenationBytes = reference === 8 ? 5 : 6;
  const segmentCount =
    unitCount <= septetRoom(headerBytes)
      ? 1
      : countFilled(sequence, septetRoom(headerBytes + concatenationBytes));
  return { ...choice, unitCount, segmentCount };
}

function septetRoom(headerBytes: number): number {
  return Math.floor(((segmentBytes - headerBytes) * 8) / 7);
}

function septetCosts({ language, lockingShift, singleShift }: Choice): Map<string, number> {
  const costs = new Map<string, number>();
  const escaped = escapedTable(singleShift ? language : undefined);
  for (const [septet, character] of escaped) {
    if (septet !== escapeSeptet) costs.set(character, 2);
  }
  Array.from(mainTable(lockingShift ? language : undefined), (character, septet) => {
    if (septet !== escapeSeptet && character !== '\0') costs.set(character, 1);
  });
  return costs;
}

function countFilled(costs: readonly number[], room: number): number {
  let count = 1;
  let used = 0;
  for (const cost of costs) {
    if (used + cost > room) {
      count++;
      used = 0;
    }
    used += cost;
  }
  return count;
}

function byCost(left: NationalEstimate, right: NationalEstimate): number {
  return left.segmentCount - right.segmentCount || left.unitCount - right.unitCount;
}
