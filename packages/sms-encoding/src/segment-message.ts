import type { SmsEncoding } from './encoding.ts';
import { measureText } from './measure.ts';
import type { Measure } from './measure.ts';
import { resolveSegmentOptions } from './segment-options.ts';
import type { SegmentOptions } from './segment-options.ts';
import { explainUcs2 } from './ucs2-reason.ts';
import type { Ucs2Reason } from './ucs2-reason.ts';

/** One segment of a message: what one short message carries beside its header. */
export interface Segment {
  /** The slice of the text in this segment; all slices joined are the text. */
  readonly text: string;
  /** Septets (GSM-7) or UTF-16 code units (UCS-2). */
  readonly unitCount: number;
  /** Units this segment has room for beyond its text. Only the last one can be filled by appending to the text. */
  readonly unitsLeft: number;
}

/** A text as one message: its encoding, its segments, and why it is UCS-2. */
export interface SegmentedMessage {
  /** What every segment of the message is encoded in. */
  readonly encoding: SmsEncoding;
  /** The segments in order. */
  readonly segments: readonly Segment[];
  /** How many segments there are: what the carrier bills. */
  readonly segmentCount: number;
  /** Septets (GSM-7) or UTF-16 code units (UCS-2) of the whole text, headers not counted. */
  readonly unitCount: number;
  /**
   * Why the message is UCS-2; `undefined` for GSM-7. A getter, worked out when first read: it is not an own property, so
   * a spread or `JSON.stringify` leaves it out.
   */
  readonly ucs2Reason: Ucs2Reason | undefined;
}

/**
 * Cuts a text into the segments of ONE message, as the carrier will: concatenated when it is longer than one segment.
 *
 * A GSM-7 escape pair and a surrogate pair are never torn, a grapheme only when it alone is longer than a segment.
 * CR and LF are two characters, as they are billed. Ill-formed text (a lone surrogate) is counted and carried.
 * Linear time. The empty text has no segment. Specification: 3GPP TS 23.038 §6.2, TS 23.040 §9.2.3.24.1.
 *
 * @throws {@link SmsEncodingError} `invalid-option` when an option has no such value.
 * @example
 * ```ts
 * import { segmentMessage } from '@openclaw/sms-encoding';
 *
 * const message = segmentMessage(`${'a'.repeat(100)}’`);
 * message.encoding; // "ucs2"
 * message.segments.map((segment) => segment.unitCount); // [67, 34]
 * message.ucs2Reason?.characters; // [{ character: "’", indexes: [100], unitCount: 1 }]
 * message.ucs2Reason?.extraSegmentCount; // 1
 * ```
 */
export function segmentMessage(text: string, options?: SegmentOptions): SegmentedMessage {
  const resolved = resolveSegmentOptions(options);
  const measure = measureText(text, resolved);
  return new CutMessage(text, resolved, measure);
}

// A class for its getter: on a literal, a getter costs more than all the rest of a short text.
class CutMessage implements SegmentedMessage {
  readonly encoding: SmsEncoding;
  readonly segments: readonly Segment[];
  readonly segmentCount: number;
  readonly unitCount: number;
  readonly #text: string;
  readonly #options: Required<SegmentOptions>;
  #reason: Ucs2Reason | undefined;

  constructor(text: string, options: Required<SegmentOptions>, measure: Measure) {
    this.encoding = measure.encoding;
    this.segments = cutSegments(text, measure);
    this.segmentCount = measure.ends.length;
    this.unitCount = measure.unitCount;
    this.#text = text;
    this.#options = options;
  }

  get ucs2Reason(): Ucs2Reason | undefined {
    if (this.encoding === 'gsm7') return undefined;
    this.#reason ??= explainUcs2(this.#text, this.segmentCount, this.#options);
    return this.#reason;
  }
}

function cutSegments(text: string, { ends, units, room }: Measure): Segment[] {
  let start = 0;
  // A list that is made in its full length, as `map` makes it, is not copied while it grows.
  return ends.map((end, index) => {
    const unitCount = units?.[index] ?? end - start;
    const segment = { text: text.slice(start, end), unitCount, unitsLeft: room - unitCount };
    start = end;
    return segment;
  });
}
