import { measureText } from './measure.ts';
import { resolveSegmentOptions } from './segment-options.ts';
import type { SegmentOptions } from './segment-options.ts';

/**
 * How many segments a carrier sends and bills for a text as ONE message, concatenated when it is longer than one segment.
 *
 * One segment holds 160 septets or 70 UTF-16 code units; of a concatenated message 153 or 67. The empty text has 0.
 * For a text sent as several messages of their own, use {@link splitMessage}.
 * Specification: 3GPP TS 23.038 §6.2, TS 23.040 §9.2.3.24.1.
 *
 * @throws {@link SmsEncodingError} `invalid-option` when an option has no such value.
 * @example
 * ```ts
 * import { countSegments } from '@openclaw/sms-encoding';
 *
 * countSegments('a'.repeat(160)); // 1
 * countSegments('a'.repeat(161)); // 2
 * countSegments(`${'a'.repeat(160)}’`); // 3: one curly quote, and it is UCS-2
 * ```
 */
export function countSegments(text: string, options?: SegmentOptions): number {
  return measureText(text, resolveSegmentOptions(options)).ends.length;
}
