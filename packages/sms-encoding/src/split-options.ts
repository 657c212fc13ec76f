import type { Boundary } from './cut-finder.ts';
import { SmsEncodingError } from './errors.ts';
import { segmentLimit } from './segment-limits.ts';
import type { ReferenceBits } from './segment-limits.ts';
import { checkBoundary } from './segment-options.ts';

/** The longest message by its encoding, in UTF-16 code units. */
export interface MaxLength {
  /** For messages in GSM-7; not less than `ucs2`. */
  readonly gsm7: number;
  /** For messages in UCS-2. */
  readonly ucs2: number;
}

/** How a text becomes messages. */
export interface SplitOptions {
  /**
   * `"auto"` (default): one message as long as it may be one (`maxLength`, `maxSegments`), concatenated when it needs
   * several segments; beyond that, separate numbered messages of one segment each. `"multi"`: always separate
   * messages of one segment. `"single"`: one segment, the rest is cut off and `...` marks the cut.
   */
  readonly mode?: 'auto' | 'single' | 'multi';
  /**
   * The longest single message in UTF-16 code units, default 1600; an object where the carrier's limit depends on
   * the encoding. `Infinity` for none. With `overflow` `"truncate"` or `"error"` and no `maxSegments`, it is the bound of
   * the whole text.
   */
  readonly maxLength?: number | MaxLength;
  /** The most segments all messages may take together. Needs `overflow` `"truncate"` or `"error"`. */
  readonly maxSegments?: number;
  /**
   * What happens to a text beyond the bound: `"split"` (default) sends it in more messages, `"truncate"` cuts it and
   * marks the cut with `...`, `"error"` throws. The bound is `maxSegments` when given, else `maxLength`.
   */
  readonly overflow?: 'split' | 'truncate' | 'error';
  /** Whether separate messages begin with `[1/3] `; default true. Its width counts, and a single message has none. */
  readonly numbering?: boolean;
  /** What is not torn: `"grapheme"` (default) or only surrogate pairs, `"code-point"`. */
  readonly boundary?: Boundary;
  /** Bits of the reference of a concatenated message: 8 (default) or 16. */
  readonly reference?: ReferenceBits;
}

/** The options checked and complete. */
export interface ResolvedSplitOptions {
  readonly mode: 'auto' | 'single' | 'multi';
  readonly maxLength: MaxLength;
  readonly maxSegments: number | undefined;
  readonly overflow: 'split' | 'truncate' | 'error';
  readonly numbering: boolean;
  readonly boundary: Boundary;
  readonly reference: ReferenceBits;
}

const defaultMaxLength = 1600;

/** Checks the options; every error names the option and what it takes. */
export function resolveSplitOptions(options: SplitOptions): ResolvedSplitOptions {
  const { mode = 'auto', overflow = 'split', numbering = true, maxSegments } = options;
  const { boundary = 'grapheme', reference = 8 } = options;
  checkOneOf('mode', mode, ['auto', 'single', 'multi']);
  checkOneOf('overflow', overflow, ['split', 'truncate', 'error']);
  checkBoundary(boundary);
  segmentLimit('gsm7', reference);
  if (maxSegments !== undefined) {
    checkCount('maxSegments', maxSegments);
    if (overflow === 'split' && mode !== 'single') {
      throw new SmsEncodingError(
        'invalid-option',
        'maxSegments needs overflow "truncate" or "error": "split" loses nothing, so it can hold no cap',
      );
    }
  }
  const maxLength = resolveMaxLength(options.maxLength ?? defaultMaxLength);
  return { mode, overflow, numbering, boundary, reference, maxSegments, maxLength };
}

function resolveMaxLength(maxLength: number | MaxLength): MaxLength {
  if (typeof maxLength !== 'object') {
    checkCount('maxLength', maxLength);
    return { gsm7: maxLength, ucs2: maxLength };
  }
  const { gsm7, ucs2 } = maxLength;
  checkCount('maxLength.gsm7', gsm7);
  checkCount('maxLength.ucs2', ucs2);
  if (gsm7 < ucs2) {
    throw new SmsEncodingError(
      'invalid-option',
      'maxLength.gsm7 must not be less than maxLength.ucs2',
    );
  }
  return { gsm7, ucs2 };
}

function checkCount(name: string, value: number): void {
  if (value === Infinity || (Number.isSafeInteger(value) && value >= 1)) return;
  throw new SmsEncodingError('invalid-option', `${name} must be a whole number of at least 1`);
}

function checkOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new SmsEncodingError('invalid-option', `${name} must be one of ${allowed.join(', ')}`);
}
