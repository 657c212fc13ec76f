import type { SmsEncoding } from './encoding.ts';

/** One message to hand to the carrier. */
export interface SplitPart {
  /** What to send: the numbering, the content and, where the text was cut, the mark. */
  readonly text: string;
  /** The slice of the input in this message. */
  readonly content: string;
  /** Each message has the cheaper encoding that its own text allows. */
  readonly encoding: SmsEncoding;
  /** Septets (GSM-7) or UTF-16 code units (UCS-2) of `text`. */
  readonly unitCount: number;
  /** Segments this message takes: 1, or more when it is concatenated. */
  readonly segmentCount: number;
}

/** What a text became. */
export interface SplitResult {
  /** The messages, in the order in which to send them. */
  readonly messages: readonly SplitPart[];
  /** Segments of all messages together: what the carrier bills. */
  readonly segmentCount: number;
  /** Whether a part of the text was cut off. When false, the contents joined are the text. */
  readonly truncated: boolean;
  /** UTF-16 code units of the text that are in no message. */
  readonly omittedLength: number;
}
