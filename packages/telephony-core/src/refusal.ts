import { TelephonyError, type TelephonyErrorCode, type TelephonyErrorDetails } from './error.ts';
import { outcomeOfStatus, parseRetryAfter } from './http-failure.ts';

/**
 * Makes the errors of a provider for a request that is wrong in itself: surely nothing was performed, unless `details`
 * says otherwise.
 *
 * @example
 * const refuse = createRefusal('mycarrier');
 * throw refuse('invalid_recipient', 'the recipient is no telephone number');
 */
export function createRefusal(
  provider: string,
): (
  code: TelephonyErrorCode,
  message: string,
  details?: Partial<TelephonyErrorDetails>,
) => TelephonyError {
  return (code, message, details = {}) =>
    new TelephonyError(code, message, { outcome: 'not-performed', ...details, provider });
}

/** An answer that is not 2xx, as far as it decides about more than the error's code. */
export interface AnsweredFailure {
  readonly provider: string;
  readonly status: number;
  /** A `Retry-After` header: see {@link parseRetryAfter}. */
  readonly retryAfter: string | undefined;
  /** The carrier's own error number, where its answer had one. */
  readonly providerCode?: string | undefined;
  readonly now: Date;
  /** True for a request that creates or changes something, false for one that may be repeated. */
  readonly creates: boolean;
}

/**
 * Makes the error for an answer that is not 2xx. The `outcome` is {@link outcomeOfStatus} where the request creates
 * something, and `not-performed` else.
 *
 * @param message - must not repeat the carrier's sentence, which holds telephone numbers
 * @example
 * throw toAnswerError('not_found', `My Carrier answered ${status}`, { provider: 'mycarrier', status, retryAfter, now, creates });
 */
export function toAnswerError(
  code: TelephonyErrorCode,
  message: string,
  { provider, status, retryAfter, providerCode, now, creates }: AnsweredFailure,
): TelephonyError {
  const retryAfterMs = parseRetryAfter(retryAfter, now);
  return new TelephonyError(code, message, {
    provider,
    outcome: creates ? outcomeOfStatus(status) : 'not-performed',
    httpStatus: status,
    ...(providerCode === undefined ? {} : { providerCode }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** What a 4xx status means where the carrier says nothing more: `invalid_request` unless it has a meaning of its own. */
export function codeOfRefusal(status: number): TelephonyErrorCode {
  return codesByStatus.get(status) ?? 'invalid_request';
}

const codesByStatus: ReadonlyMap<number, TelephonyErrorCode> = new Map([
  [401, 'auth_failed'],
  [402, 'account_blocked'],
  [403, 'permission_denied'],
  [404, 'not_found'],
]);
