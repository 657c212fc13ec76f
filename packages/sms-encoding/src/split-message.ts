import { countSegments } from './count-segments.ts';
import { SmsEncodingError } from './errors.ts';
import { resolveSegmentOptions } from './segment-options.ts';
import { measureText } from './measure.ts';
import { maxConcatenatedSegmentCount, segmentLimit } from './segment-limits.ts';
import { separateLayout, separateMessages } from './separate-messages.ts';
import { resolveSplitOptions } from './split-options.ts';
import type { ResolvedSplitOptions, SplitOptions } from './split-options.ts';
import type { SplitPart, SplitResult } from './split-result.ts';
import { cutMark, truncateToLength, truncateToMessages, truncateToSegments } from './truncate.ts';

/**
 * Turns a text into the messages that carry it, in the fewest segments the mode allows.
 *
 * Nothing is lost unless `overflow: "truncate"` or `mode: "single"` asks for it, and then the result says so. Separate
 * messages choose their encoding each for itself, end at word boundaries where that costs no message more, and never
 * tear a grapheme that has room in a message. The empty text becomes no message, any other at least one. Linear time.
 *
 * @throws {@link SmsEncodingError} `invalid-option` for an option out of range, `too-long` when `overflow` is `"error"`.
 * @example
 * ```ts
 * import { splitMessage } from '@openclaw/sms-encoding';
 *
 * const { messages } = splitMessage('word '.repeat(50), { mode: 'multi' });
 * messages.map((message) => message.segmentCount); // [1, 1]
 * messages[0]?.text.startsWith('[1/2] word'); // true
 * ```
 */
export function splitMessage(text: string, options: SplitOptions = {}): SplitResult {
  const resolved = resolveSplitOptions(options);
  if (text === '') return { messages: [], segmentCount: 0, truncated: false, omittedLength: 0 };
  if (resolved.mode === 'single') return splitToOne(text, resolved);
  const bounded = resolved.maxSegments === undefined ? boundLength : boundSegments;
  return bounded(text, resolved);
}

function splitToOne(text: string, options: ResolvedSplitOptions): SplitResult {
  if (isWithin(text, 1, options)) return whole([oneMessage(text, options)]);
  if (options.overflow === 'error') throw tooLong('one segment (mode "single")');
  return cutToOne(text, truncateToSegments(text, 1, options), options);
}

/** The bound is `maxLength`, or there is none. */
function boundLength(text: string, options: ResolvedSplitOptions): SplitResult {
  const limit = options.maxLength[measure(text, options).encoding];
  if (options.overflow === 'split' || text.length <= limit) {
    return whole(splitWhole(text, Infinity, options));
  }
  if (options.overflow === 'error') throw tooLong(`maxLength (${limit} UTF-16 code units)`);
  const end = truncateToLength(text, options);
  return cut(text, end, splitWhole(text.slice(0, end) + cutMark, Infinity, options));
}

/** The bound is `maxSegments`: whatever form loses nothing, else the one that loses least. */
function boundSegments(text: string, options: ResolvedSplitOptions): SplitResult {
  const maxSegments = options.maxSegments ?? Infinity;
  const messages = splitWhole(text, maxSegments, options);
  if (sumSegments(messages) <= maxSegments) return whole(messages);
  if (options.overflow === 'error') throw tooLong(`maxSegments (${maxSegments})`);

  const count = Math.min(maxSegments, maxConcatenatedSegmentCount);
  const oneEnd = options.mode === 'auto' ? truncateToSegments(text, count, options) : 0;
  const layout = separateLayout(options, maxSegments);
  const separateEnd = truncateToMessages(text, maxSegments, layout);
  if (oneEnd >= separateEnd) return cutToOne(text, oneEnd, options);
  const marked = text.slice(0, separateEnd) + cutMark;
  return cut(text, separateEnd, separateMessages(marked, options));
}

/** All of a text: as one message where the mode, the length and `maxSegments` allow it, else as separate ones. */
function splitWhole(text: string, maxSegments: number, options: ResolvedSplitOptions): SplitPart[] {
  const most = options.mode === 'auto' ? Math.min(maxSegments, maxConcatenatedSegmentCount) : 1;
  return isWithin(text, most, options)
    ? [oneMessage(text, options)]
    : separateMessages(text, options);
}

function isWithin(text: string, maxSegments: number, options: ResolvedSplitOptions): boolean {
  const { encoding, unitCount } = measure(text, options);
  if (text.length > options.maxLength[encoding]) return false;
  if (maxSegments === 1) return unitCount <= segmentLimit(encoding).single;
  return countSegments(text, options) <= maxSegments;
}

function measure(text: string, { boundary, reference }: ResolvedSplitOptions) {
  return measureText(text, resolveSegmentOptions({ boundary, reference }));
}

function oneMessage(text: string, options: ResolvedSplitOptions): SplitPart {
  const { encoding, unitCount } = measure(text, options);
  const { boundary, reference } = options;
  const segmentCount = countSegments(text, { boundary, reference });
  return { text, content: text, encoding, unitCount, segmentCount };
}

function cutToOne(text: string, end: number, options: ResolvedSplitOptions): SplitResult {
  return cut(text, end, [oneMessage(text.slice(0, end) + cutMark, options)]);
}

function whole(messages: readonly SplitPart[]): SplitResult {
  return { messages, segmentCount: sumSegments(messages), truncated: false, omittedLength: 0 };
}

/** Takes the mark out of the content of the last messages, where it is not part of the input. */
function cut(text: string, end: number, marked: readonly SplitPart[]): SplitResult {
  let start = 0;
  const messages = marked.map((message) => {
    const content = text.slice(start, Math.min(end, start + message.content.length));
    start += message.content.length;
    return { ...message, content };
  });
  const omittedLength = text.length - end;
  return { messages, segmentCount: sumSegments(messages), truncated: true, omittedLength };
}

function sumSegments(messages: readonly SplitPart[]): number {
  return messages.reduce((sum, message) => sum + message.segmentCount, 0);
}

function tooLong(bound: string): SmsEncodingError {
  return new SmsEncodingError(
    'too-long',
    `the text needs more than ${bound}; shorten it, raise the bound, or choose overflow "truncate"`,
  );
}
