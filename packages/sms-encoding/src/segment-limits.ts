import { SmsEncodingError } from './errors.ts';
import type { SmsEncoding } from './encoding.ts';

/** Bits of the reference number in the concatenation header: 8 is what carriers use, 16 costs one septet or unit more. */
export type ReferenceBits = 8 | 16;

/** How many units one short message holds: septets in GSM-7, UTF-16 code units in UCS-2. */
export interface SegmentLimit {
  /** Without a header: 160 or 70. */
  readonly single: number;
  /** With a concatenation header: 153 or 67; 152 or 66 with a 16-bit reference. */
  readonly concatenated: number;
}

// One object for all who ask: it cannot be changed, and is not made anew for every text.
const limit = (single: number, concatenated: number): SegmentLimit =>
  Object.freeze({ single, concatenated });
const limits: Readonly<Record<ReferenceBits, Readonly<Record<SmsEncoding, SegmentLimit>>>> = {
  8: { gsm7: /* @__PURE__ */ limit(160, 153), ucs2: /* @__PURE__ */ limit(70, 67) },
  16: { gsm7: /* @__PURE__ */ limit(160, 152), ucs2: /* @__PURE__ */ limit(70, 66) },
};

/** The largest number of segments one concatenated message can have: the count is one octet (3GPP TS 23.040 §9.2.3.24.1). */
export const maxConcatenatedSegmentCount = 255;

/**
 * The capacity of one segment, in septets (GSM-7) or UTF-16 code units (UCS-2).
 *
 * Specification: 3GPP TS 23.038 §4 (140 octets), TS 23.040 §9.2.3.24.1 (header of 6 octets) and §9.2.3.24.8 (7 octets).
 *
 * @throws {@link SmsEncodingError} `invalid-option` when `reference` is neither 8 nor 16.
 * @example
 * ```ts
 * import { segmentLimit } from '@openclaw/sms-encoding';
 *
 * segmentLimit('gsm7'); // { single: 160, concatenated: 153 }
 * segmentLimit('ucs2', 16); // { single: 70, concatenated: 66 }
 * ```
 */
export function segmentLimit(encoding: SmsEncoding, reference: ReferenceBits = 8): SegmentLimit {
  if (reference !== 8 && reference !== 16) {
    throw new SmsEncodingError('invalid-option', 'reference must be 8 or 16 (bits)');
  }
  return limits[reference][encoding];
}
