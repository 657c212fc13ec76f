/** Why a function of this package refused: a closed list, stable across versions. */
export type SmsEncodingErrorCode =
  /** An option is out of range; the message names it. */
  | 'invalid-option'
  /** The text has a character without a GSM-7 form where GSM-7 was asked for. */
  | 'not-gsm7'
  /** The text needs more than `maxLength` or `maxSegments` allows, and `overflow` is `"error"`. */
  | 'too-long';

// Symbol.for, so that two installed copies of the package recognise each other's errors.
const marker = Symbol.for('@openclaw/sms-encoding/error');

/**
 * The one error class of this package. Its message says what is wrong, where and what to do; it never holds the text.
 *
 * @example
 * ```ts
 * import { encodeGsm7, isSmsEncodingError } from '@openclaw/sms-encoding';
 *
 * try {
 *   encodeGsm7('日本');
 * } catch (error) {
 *   if (isSmsEncodingError(error)) console.log(error.code); // "not-gsm7"
 * }
 * ```
 */
export class SmsEncodingError extends Error {
  /** Always `"SmsEncodingError"`. */
  override readonly name = 'SmsEncodingError';
  /** What kind of refusal it is. */
  readonly code: SmsEncodingErrorCode;

  constructor(code: SmsEncodingErrorCode, message: string) {
    super(message);
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }
}

/**
 * Whether a caught value is a {@link SmsEncodingError}, also one of another installed copy of this package.
 *
 * @example
 * ```ts
 * import { isSmsEncodingError, splitMessage } from '@openclaw/sms-encoding';
 *
 * try {
 *   splitMessage('a'.repeat(2000), { overflow: 'error' });
 * } catch (error) {
 *   if (!isSmsEncodingError(error)) throw error;
 *   console.log(error.code); // "too-long"
 * }
 * ```
 */
export function isSmsEncodingError(value: unknown): value is SmsEncodingError {
  return typeof value === 'object' && value !== null && marker in value;
}
