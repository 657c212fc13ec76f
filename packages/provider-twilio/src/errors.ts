import {
  outcomeOfStatus,
  parseRetryAfter,
  TelephonyError,
  type TelephonyErrorCode,
  type TelephonyErrorDetails,
} from '@openclaw/telephony-core';
import { errorRows } from './error-codes.data.ts';

/** The provider's id: in events, in errors, in a configuration. */
export const twilioProviderId = 'twilio';

/** What a Twilio error number means. */
export interface TwilioErrorMeaning {
  /** Twilio's number, as a string: the `providerCode` of an error, the `carrierErrorCode` of a receipt. */
  readonly providerCode: string;
  readonly code: TelephonyErrorCode;
  /** True where the same message may be accepted later without anybody changing anything. */
  readonly retryable: boolean;
  readonly meaning: string;
  /** Twilio's own page about it. */
  readonly documentation: URL;
}

const documentationOf = (providerCode: string): URL =>
  new URL(`https://www.twilio.com/docs/api/errors/${providerCode}`);

/**
 * Every Twilio error number that this package knows, sorted by number.
 *
 * @example
 * for (const { providerCode, meaning } of twilioErrors) console.log(providerCode, meaning);
 */
export const twilioErrors: readonly TwilioErrorMeaning[] = errorRows.map(
  ([number, code, retryable, meaning]) => ({
    providerCode: String(number),
    code,
    retryable,
    meaning,
    documentation: documentationOf(String(number)),
  }),
);

const byProviderCode: ReadonlyMap<string, TwilioErrorMeaning> = new Map(
  twilioErrors.map((error) => [error.providerCode, error]),
);

/**
 * Explains a Twilio error number, as it stands in an error's `providerCode` or a receipt's `carrierErrorCode`.
 *
 * @returns `undefined` for a number that this package does not know
 * @example
 * describeTwilioError('21610')?.meaning; // 'the recipient has opted out with STOP'
 */
export function describeTwilioError(providerCode: string): TwilioErrorMeaning | undefined {
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
    provider: twilioProviderId,
  });
}

/** A failed answer, as far as it decides about the error. Twilio's own sentence is left out: it holds numbers. */
export interface FailedAnswer {
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | undefined;
  /** Twilio's `code`, when the answer was one of Twilio's. */
  readonly providerCode: string | undefined;
  readonly now: Date;
  /** True for a request that creates something, false for one that reads. */
  readonly creates: boolean;
}

/** Turns an answer that is not 2xx into the error of the contract. */
export function toTwilioError(answer: FailedAnswer): TelephonyError {
  const { status, retryAfter, providerCode, now, creates } = answer;
  const known = providerCode === undefined ? undefined : describeTwilioError(providerCode);
  const retryAfterMs = parseRetryAfter(retryAfter, now);
  return new TelephonyError(
    codeOf(status, known),
    `Twilio answered ${status}${explain(providerCode, known)}`,
    {
      provider: twilioProviderId,
      outcome: creates ? outcomeOfStatus(status) : 'not-performed',
      httpStatus: status,
      ...(providerCode === undefined ? {} : { providerCode }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}

function explain(providerCode: string | undefined, known: TwilioErrorMeaning | undefined): string {
  if (providerCode === undefined) return '';
  const meaning = known === undefined ? '' : `: ${known.meaning}`;
  return ` with error ${providerCode}${meaning}. See ${documentationOf(providerCode).href}`;
}

function codeOf(status: number, known: TwilioErrorMeaning | undefined): TelephonyErrorCode {
  // A server that is broken may say anything about the request.
  if (status >= 500) return 'provider_unavailable';
  // A proxy on the way gave up on Twilio, whatever it says about the request.
  if (status === 408 || status === 499) return 'timeout';
  if (status === 429) return known?.retryable === true ? known.code : 'rate_limited';
  if (known !== undefined) return known.code;
  if (status < 400) return 'malformed_response';
  return codesByStatus.get(status) ?? 'invalid_request';
}

const codesByStatus: ReadonlyMap<number, TelephonyErrorCode> = new Map([
  [401, 'auth_failed'],
  [402, 'account_blocked'],
  [403, 'permission_denied'],
  [404, 'not_found'],
]);
