import type { Boundary } from './cut-finder.ts';
import { SmsEncodingError } from './errors.ts';
import { segmentLimit } from './segment-limits.ts';
import type { ReferenceBits } from './segment-limits.ts';

/** How a text is cut into the segments of one concatenated message. */
export interface SegmentOptions {
  /**
   * What may not be torn between two segments: `"grapheme"` (default, what Twilio bills) or `"code-point"`.
   * Matters only for UCS-2 texts of more than 70 units.
   */
  readonly boundary?: Boundary;
  /** Bits of the concatenation reference: 8 (default, 153/67 units per segment) or 16 (152/66). */
  readonly reference?: ReferenceBits;
  /** `"auto"` (default), or `"ucs2"` where a carrier or an account setting sends everything as UCS-2. */
  readonly encoding?: 'auto' | 'ucs2';
}

const defaults: Required<SegmentOptions> = { boundary: 'grapheme', reference: 8, encoding: 'auto' };

/** The options with their defaults, checked: callers without types get an error instead of a wrong count. */
export function resolveSegmentOptions(
  options: SegmentOptions | undefined,
): Required<SegmentOptions> {
  if (options === undefined) return defaults;
  const { boundary = 'grapheme', reference = 8, encoding = 'auto' } = options;
  checkBoundary(boundary);
  segmentLimit('gsm7', reference);
  if (encoding !== 'auto' && encoding !== 'ucs2') {
    throw new SmsEncodingError('invalid-option', 'encoding must be "auto" or "ucs2"');
  }
  return { boundary, reference, encoding };
}

/** Throws when a boundary is none of the two. */
export function checkBoundary(boundary: Boundary): void {
  if (boundary !== 'grapheme' && boundary !== 'code-point') {
    throw new SmsEncodingError('invalid-option', 'boundary must be "grapheme" or "code-point"');
  }
}
