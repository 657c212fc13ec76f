import { checkConcatenation } from './user-data-header.ts';
import type { Concatenation } from './user-data-header.ts';

/** One received part of a concatenated message. */
export interface MessagePart extends Concatenation {
  /** The decoded text of this part. */
  readonly text: string;
}

/** A concatenated message as far as its parts have come. */
export interface ReassembledMessage {
  /** The number its parts share. */
  readonly reference: number;
  /** The width of that number. */
  readonly referenceBits: 8 | 16;
  /** How many parts it has. */
  readonly total: number;
  /** The whole text, or `undefined` while parts are missing. */
  readonly text: string | undefined;
  /** Sequence numbers of the parts that have not come, ascending. */
  readonly missing: readonly number[];
}

/**
 * Puts the parts of concatenated messages together, in whatever order and however often they came.
 *
 * Pass parts of ONE sender to ONE recipient only, and of a limited time: references repeat after 256 messages.
 * Parts belong together when reference, its width and total agree; of a part that came twice the first counts. Messages
 * come in the order of their first part. A surrogate pair torn between two parts is whole again.
 * Specification: 3GPP TS 23.040 §9.2.3.24.1.
 *
 * @throws {@link SmsEncodingError} `invalid-option` when a part has impossible numbers.
 * @example
 * ```ts
 * import { reassemble } from '@openclaw/sms-encoding';
 *
 * const [message] = reassemble([
 *   { reference: 7, referenceBits: 8, total: 2, sequence: 2, text: 'world' },
 *   { reference: 7, referenceBits: 8, total: 2, sequence: 1, text: 'hello ' },
 * ]);
 * message?.text; // "hello world"
 * ```
 */
export function reassemble(parts: readonly MessagePart[]): ReassembledMessage[] {
  const groups = new Map<string, { first: MessagePart; texts: Map<number, string> }>();
  for (const part of parts) {
    checkConcatenation(part);
    const key = `${part.referenceBits}/${part.reference}/${part.total}`;
    const group = groups.get(key) ?? { first: part, texts: new Map<number, string>() };
    if (!group.texts.has(part.sequence)) group.texts.set(part.sequence, part.text);
    groups.set(key, group);
  }
  return Array.from(groups.values(), ({ first, texts }) => join(first, texts));
}

function join(first: MessagePart, texts: ReadonlyMap<number, string>): ReassembledMessage {
  const { reference, referenceBits, total } = first;
  const sequences = Array.from({ length: total }, (_unused, index) => index + 1);
  const missing = sequences.filter((sequence) => !texts.has(sequence));
  const whole = sequences.map((sequence) => texts.get(sequence) ?? '').join('');
  return {
    reference,
    referenceBits,
    total,
    text: missing.length === 0 ? whole : undefined,
    missing,
  };
}
