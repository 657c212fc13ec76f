import { splitMessage, toGsm7 } from '@openclaw/sms-encoding';
import { type MessagingCapabilities, TelephonyError } from '@openclaw/telephony-core';
import { flattenMarkdown } from '../plain-text/flatten-markdown.ts';
import { toPrintable } from '../plain-text/printable-text.ts';
import type { Cost } from './spend.ts';

/** How a text becomes messages. */
export interface SmsOptions {
  /**
   * `auto` (default): one concatenated message while the carrier takes it in one, else numbered messages of one
   * segment. `multi`: always the latter. `single`: cut to one segment.
   */
  readonly chunkMode?: 'auto' | 'single' | 'multi';
  /** Longest single message in UTF-16 code units; default 1600, and never more than the carrier takes. */
  readonly maxLength?: number;
  /** Whether several messages are numbered `[1/3]`; default true. */
  readonly segmentNumbering?: boolean;
  /** The most that one text may cost; default 30 segments. */
  readonly maxSegmentsPerReply?: number;
  /** Replace what has a GSM-7 form, so that a curly quote does not double the price; default false. */
  readonly transliterate?: boolean;
  /** Beyond `maxSegmentsPerReply`: `split` (default) and `error` refuse, `truncate` cuts. */
  readonly overflow?: 'split' | 'truncate' | 'error';
  /** Take markdown for markdown and send the plain words, links as `label (url)`; default false. A send may differ. */
  readonly flattenMarkdown?: boolean;
}

/** One message as it will be handed to the carrier. */
export interface ComposedMessage {
  readonly text: string;
  readonly segmentCount: number;
}

/** @throws {RangeError} for a length or a limit that is no whole number from 1 up */
export function assertSmsOptions({ maxLength = 1, maxSegmentsPerReply = 1 }: SmsOptions): void {
  for (const [name, value] of Object.entries({ maxLength, maxSegmentsPerReply })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`sms.${name} must be a whole number from 1 up`);
    }
  }
}

/**
 * Turns a text into the messages that carry it, in the fewest segments. What a telephone cannot show, such as colours of
 * a terminal, is taken out of every text.
 *
 * @throws {TelephonyError} `limit_reached` when it would cost more than `maxSegmentsPerReply`
 */
export function composeText(
  text: string,
  capabilities: MessagingCapabilities,
  options: SmsOptions = {},
): readonly ComposedMessage[] {
  const { maxLength = 1600, maxSegmentsPerReply = 30, overflow = 'split' } = options;
  const plain = toPrintable(options.flattenMarkdown === true ? flattenMarkdown(text) : text);
  const wording = options.transliterate === true ? toGsm7(plain).text : plain;
  const { gsm7, ucs2 } = capabilities.maxTextLength;
  const { messages, segmentCount } = splitMessage(wording, {
    mode: options.chunkMode ?? 'auto',
    maxLength: { gsm7: Math.min(maxLength, gsm7), ucs2: Math.min(maxLength, ucs2) },
    numbering: options.segmentNumbering ?? true,
    ...(overflow === 'truncate' ? { maxSegments: maxSegmentsPerReply, overflow } : {}),
  });
  if (segmentCount > maxSegmentsPerReply) {
    throw new TelephonyError(
      'limit_reached',
      `the text would cost ${segmentCount} segments and the limit is ${maxSegmentsPerReply} (sms.maxSegmentsPerReply)`,
      { outcome: 'not-performed' },
    );
  }
  return messages.map((message) => ({ text: message.text, segmentCount: message.segmentCount }));
}

/** What messages cost together. */
export function costOf(messages: readonly ComposedMessage[]): Cost {
  const segmentCount = messages.reduce((sum, message) => sum + message.segmentCount, 0);
  return { messageCount: messages.length, segmentCount };
}
