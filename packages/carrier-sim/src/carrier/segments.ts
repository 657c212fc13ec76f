import { countSegments, detectEncoding, type SmsEncoding } from '@openclaw/sms-encoding';

/** What a text costs: in segments, and in which encoding. A message of pictures alone counts as one. */
export function measure(body: string): {
  readonly numSegments: number;
  readonly encoding: SmsEncoding;
} {
  return { numSegments: Math.max(1, countSegments(body)), encoding: detectEncoding(body) };
}
