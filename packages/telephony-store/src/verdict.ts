const retryMarker = Symbol.for('@openclaw/telephony-store/Retry');
const deadMarker = Symbol.for('@openclaw/telephony-store/Dead');

const isMarked = (value: unknown, marker: symbol): boolean =>
  typeof value === 'object' && value !== null && marker in value;

/** How a {@link Retry} counts. */
export interface RetryOptions {
  /**
   * It counts against `maxAttempts` like any other throw, and `afterMs` is the least pause: the queue's own holds where
   * that is longer. When it was the last try, the reason is stored and shown as it is: nothing personal in it. Default
   * false.
   */
  readonly isFailure?: boolean;
}

/**
 * Thrown by a handler: call me again after `afterMs` milliseconds, as often as I say so. It does not count against
 * `maxAttempts`, unless `isFailure` says so; the job's lane waits.
 *
 * Throws `RangeError` unless `afterMs` is a number from 0 up.
 *
 * @example
 * if (response.status === 429) throw new Retry(5000, 'the carrier asks us to slow down');
 */
export class Retry extends Error {
  override readonly name = 'Retry';
  readonly afterMs: number;
  readonly isFailure: boolean;

  constructor(
    afterMs: number,
    reason = 'the handler asked to be called again',
    { isFailure = false }: RetryOptions = {},
  ) {
    super(reason);
    if (!(afterMs >= 0 && afterMs < Infinity)) {
      throw new RangeError('Retry needs a number of milliseconds from 0 up');
    }
    Object.defineProperty(this, retryMarker, { value: true });
    this.afterMs = afterMs;
    this.isFailure = isFailure;
  }

  /** True for a `Retry` of any installed copy of this package. */
  static isInstance(value: unknown): value is Retry {
    return isMarked(value, retryMarker);
  }
}

/**
 * Thrown by a handler: give this job up. It stays among the dead with this reason until a person retries it.
 *
 * The reason is stored and shown as it is (its first 500 characters): no payload, no number, no secret in it.
 *
 * @example
 * if (!isOurs(job.payload.to)) throw new Dead('the text was sent to a number that is not configured');
 */
export class Dead extends Error {
  override readonly name = 'Dead';

  constructor(reason: string) {
    super(reason);
    Object.defineProperty(this, deadMarker, { value: true });
  }

  /** True for a `Dead` of any installed copy of this package. */
  static isInstance(value: unknown): value is Dead {
    return isMarked(value, deadMarker);
  }
}
