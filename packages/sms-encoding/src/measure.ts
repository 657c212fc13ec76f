import type { SmsEncoding } from './encoding.ts';
import { scanGsm7 } from './scan.ts';
import { ucs2SegmentEnds } from './segment-ends.ts';
import { segmentLimit } from './segment-limits.ts';
import type { SegmentOptions } from './segment-options.ts';

/** A text measured and cut into the segments of one message. */
export interface Measure {
  readonly encoding: SmsEncoding;
  readonly unitCount: number;
  /** Units per segment: the single limit for one segment, the concatenated limit for more. */
  readonly room: number;
  /** UTF-16 indexes at which the segments end; empty for an empty text. */
  readonly ends: readonly number[];
  /** Units of each segment; absent where they are the code units. */
  readonly units: readonly number[] | undefined;
}

/** Measures a text as one message. */
export function measureText(text: string, options: Required<SegmentOptions>): Measure {
  const limit = segmentLimit('gsm7', options.reference);
  const scan = options.encoding === 'ucs2' ? undefined : scanGsm7(text, limit.concatenated);
  if (scan === undefined) return measureUcs2(text, options);
  const { septetCount, ends, units } = scan;
  if (septetCount > limit.single) {
    return { encoding: 'gsm7', unitCount: septetCount, room: limit.concatenated, ends, units };
  }
  return oneSegment(text, 'gsm7', septetCount, limit.single);
}

function measureUcs2(text: string, options: Required<SegmentOptions>): Measure {
  const { single, concatenated } = segmentLimit('ucs2', options.reference);
  if (text.length <= single) return oneSegment(text, 'ucs2', text.length, single);
  return {
    encoding: 'ucs2',
    unitCount: text.length,
    room: concatenated,
    ends: ucs2SegmentEnds(text, options.boundary, concatenated),
    units: undefined,
  };
}

function oneSegment(text: string, encoding: SmsEncoding, unitCount: number, room: number): Measure {
  const ends = text === '' ? [] : [text.length];
  return { encoding, unitCount, room, ends, units: [unitCount] };
}
