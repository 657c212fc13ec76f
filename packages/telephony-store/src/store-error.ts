/**
 * Why the store could not do it. The list is closed.
 *
 * - `full`: no room left, on the disk or below the memory store's cap
 * - `locked`: another process kept the write lock for too long
 * - `corrupt`: the file is damaged, or is no database
 * - `readonly`: the file or its folder may not be written
 * - `closed`: the store was closed
 * - `unavailable`: anything else that keeps the file from being used
 */
export type StoreErrorCode = 'full' | 'locked' | 'corrupt' | 'readonly' | 'closed' | 'unavailable';

const marker = Symbol.for('@openclaw/telephony-store/StoreError');

/**
 * The one error of the stores. What was asked for did not happen.
 *
 * Its message names the file, never a key, a value or a payload. Recognise it with {@link StoreError.isInstance},
 * which also works when two copies of this package are installed.
 *
 * @example
 * try {
 *   await inbox.add(job);
 * } catch (error) {
 *   if (StoreError.isInstance(error) && error.code === 'full') console.error(error.message);
 *   throw error;
 * }
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    Object.defineProperty(this, marker, { value: true });
    this.code = code;
  }

  /** True for a `StoreError` of any installed copy of this package. */
  static isInstance(value: unknown): value is StoreError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}

export function closedError(): StoreError {
  return new StoreError('closed', 'the store is closed: open a new one to go on');
}
