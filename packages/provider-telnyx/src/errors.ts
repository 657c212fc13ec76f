import {
  outcomeOfStatus,
  parseRetryAfter,
  TelephonyError,
  type TelephonyErrorCode,
  type TelephonyErrorDetails,
} from '@openclaw/telephony-core';
import { errorRows } from './error-codes.data.ts';
import { type JsonRecord, textIn } from './json.ts';

/** The provider's id: in events, in errors, in a configuration. */
export const telnyxProviderId = 'telnyx';

/** What a Telnyx error number means. */
export interface TelnyxErrorMeaning {
  /** Telnyx's number, as a string: the `providerCode` of an error, the `carrierErrorCode` of a receipt. */
  readonly providerCode: string;
  readonly code: TelephonyErrorCode;
  /**
   * True where the same message may be accepted later without anybody changing anything: after waiting, and longer
   * each time, where the code is `rate_limited` or `limit_reached`.
   */
  readonly retryable: boolean;
  readonly meaning: string;
  /** Telnyx's own page about it. */
  readonly documentation: URL;
}

const documentationOf = (providerCode: string): URL =>
  new URL(`https://developers.telnyx.com/docs/overview/errors/${providerCode}`);

/**
 * Every Telnyx error number that this package knows, sorted by number.
 *
 * @example
 * for (const { providerCode, meaning } of telnyxErrors) console.log(providerCode, meaning);
 */
export const telnyxErrors: readonly TelnyxErrorMeaning[] = errorRows.map(
  ([number, code, retryable, meaning]) => ({
    providerCode: String(number),
    code,
    retryable,
    meaning,
    documentation: documentationOf(String(number)),
  }),
);

const byProviderCode: ReadonlyMap<string, TelnyxErrorMeaning> = new Map(
  telnyxErrors.map((error) => [error.providerCode, error]),
);

/**
 * Explains a Telnyx error number, as it stands in an error's `providerCode` or a receipt's `carrierErrorCode`.
 *
 * @returns `undefined` for a number that this package does not know
 * @example
 * describeTelnyxError('40300')?.meaning; // 'the recipient has opted out with STOP'
 */
export function describeTelnyxError(providerCode: string): TelnyxErrorMeaning | undefined {
  return byProviderCode.get(providerCode);
}

/** A request that is wrong in itself: nothing left the machine. */
export function refuse(
  code: TelephonyErrorCode,
  message: string,
  details: Partial<TelephonyErrorDetails> = {},
): TelephonyError {
  return new TelephonyError(code, message, {
    outcome: 'not-performed',
    ...details,
    provider: telnyxProviderId,
  });
}

/** The number of an error, which Telnyx writes as text; nothing else is let through to an error message. */
export function errorNumberIn(error: JsonRecord): string | undefined {
  const code = typeof error['code'] === 'number' ? String(error['code']) : textIn(error, 'code');
  return code !== undefined && /^[1-9]\d{3,8}$/u.test(code) ? code : undefined;
}

/** One entry of the `errors` in an answer. Its title and detail are left out: they hold numbers. */
export interface CarrierError {
  readonly code: string;
  /** Which end of the message it is about, when Telnyx says so. */
  readonly about: 'sender' | 'recipient' | undefined;
}

/** A failed answer, as far as it decides about the error. */
export interface FailedAnswer {
  readonly status: number;
  /** The `Retry-After` header, or else Telnyx's `x-ratelimit-reset`: seconds. */
  readonly retryAfter: string | undefined;
  /** Empty when the answer was not one of Telnyx's. */
  readonly errors: readonly CarrierError[];
  readonly now: Date;
  /** True for a request that creates or changes something, false for one that reads. */
  readonly creates: boolean;
}

/** Turns an answer that is not 2xx into the error of the contract. */
export function toTelnyxError(answer: FailedAnswer): TelephonyError {
  const { status, retryAfter, errors, now, creates } = answer;
  const error = errors.find(({ code }) => byProviderCode.has(code)) ?? errors[0];
  const known = error === undefined ? undefined : describeTelnyxError(error.code);
  const retryAfterMs = parseRetryAfter(retryAfter, now);
  return new TelephonyError(
    codeOf(status, known, error?.about),
    `Telnyx answered ${status}${explain(error?.code, known)}`,
    {
      provider: telnyxProviderId,
      outcome: creates ? outcomeOfStatus(status) : 'not-performed',
      httpStatus: status,
      ...(error === undefined ? {} : { providerCode: error.code }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}

function explain(providerCode: string | undefined, known: TelnyxErrorMeaning | undefined): string {
  if (providerCode === undefined) return '';
  const meaning = known === undefined ? '' : `: ${known.meaning}`;
  return ` with error ${providerCode}${meaning}. See ${documentationOf(providerCode).href}`;
}

function codeOf(
  status: number,
  known: TelnyxErrorMeaning | undefined,
  about: CarrierError['about'],
): TelephonyErrorCode {
  // A server that is broken may say anything about the request.
  if (status >= 500) return 'provider_unavailable';
  if (status < 400) return 'malformed_response';
  // Telnyx, or a proxy on the way, stopped waiting.
  if (status === 408 || status === 499) return 'timeout';
  if (status === 429 && known?.code !== 'limit_reached') return 'rate_limited';
  const code = known?.code ?? codesByStatus.get(status) ?? 'invalid_request';
  if (code !== 'invalid_request' || about === undefined) return code;
  return about === 'sender' ? 'sender_not_allowed' : 'invalid_recipient';
}

const codesByStatus: ReadonlyMap<number, TelephonyErrorCode> = new Map([
  [401, 'auth_failed'],
  [402, 'account_blocked'],
  [403, 'permission_denied'],
  [404, 'not_found'],
  [429, 'rate_limited'],
]);
