import { codeUnits, fillCodeUnits } from './code-units.ts';
import { segmentLimit } from './segment-limits.ts';
import { blockLength, costOf, notGsm7, septetCost } from './septet-cost.ts';

/** A GSM-7 text counted and, as if it was longer than one segment, cut, in one pass. */
export interface Gsm7Scan {
  readonly septetCount: number;
  /** UTF-16 indexes at which the segments end. */
  readonly ends: number[];
  /** Septets of each segment. */
  readonly units: number[];
}

/** Counts and cuts a text into segments of `room` septets, tearing no escape pair; undefined when it is not GSM-7. */
export function scanGsm7(text: string, room: number): Gsm7Scan | undefined {
  const ends: number[] = [];
  const units: number[] = [];
  let septetCount = 0;
  let start = 0;
  while (start < text.length) {
    const count = Math.min(text.length - start, blockLength);
    const isLast = start + count === text.length;
    fillCodeUnits(text, start, start + count);
    let offset = 0;
    // A segment that reaches beyond the block is left to the next one.
    while (isLast ? offset < count : offset + room <= count) {
      let end = Math.min(offset + room, count);
      let sum = sumCosts(offset, end);
      if (sum >= notGsm7) return undefined;
      // There are as many septets too many as there are escapes.
      while (sum > room) sum -= costOf(codeUnits[--end] ?? 0);
      septetCount += sum;
      offset = end;
      ends.push(start + end);
      units.push(sum);
    }
    start += offset;
  }
  return { septetCount, ends, units };
}

function sumCosts(start: number, end: number): number {
  let sum = 0;
  for (let index = start; index < end; index++) {
    // `| 0` keeps the sum in an integer register; it cannot overflow within one block.
    sum = (sum + (septetCost[codeUnits[index] ?? 0] ?? 0)) | 0;
  }
  return sum;
}

/** The number of septets of a text in the default alphabet, or -1 when it is not GSM-7. */
export function countSeptets(text: string): number {
  return scanGsm7(text, segmentLimit('gsm7').concatenated)?.septetCount ?? -1;
}
