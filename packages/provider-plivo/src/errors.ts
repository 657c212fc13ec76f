import {
  outcomeOfStatus,
  parseRetryAfter,
  TelephonyError,
  type TelephonyErrorCode,
  type TelephonyErrorDetails,
} from '@openclaw/telephony-core';
import { errorRows, partyRows, type RefusalRow, refusalRows } from './error-codes.data.ts';

/** The provider's id: in events, in errors, in a configuration. */
export const plivoProviderId = 'plivo';

/** What a Plivo error number means. */
export interface PlivoErrorMeaning {
  /** Plivo's number, as a string: the `carrierErrorCode` of a receipt or of a message that was asked for. */
  readonly providerCode: string;
  readonly code: TelephonyErrorCode;
  /** True where the same message may arrive later without anybody changing anything. */
  readonly retryable: boolean;
  readonly meaning: string;
  /** Plivo's page about its error numbers; it has one for all. */
  readonly documentation: URL;
}

const documentation = new URL('https://www.plivo.com/docs/messaging/troubleshooting/error-codes');

/**
 * Every Plivo error number that this package knows, sorted by number.
 *
 * @example
 * for (const { providerCode, meaning } of plivoErrors) console.log(providerCode, meaning);
 */
export const plivoErrors: readonly PlivoErrorMeaning[] = errorRows.map(
  ([number, code, retryable, meaning]) => ({
    providerCode: String(number),
    code,
    retryable,
    meaning,
    documentation,
  }),
);

const byProviderCode: ReadonlyMap<string, PlivoErrorMeaning> = new Map(
  plivoErrors.map((error) => [error.providerCode, error]),
);

/**
 * Explains a Plivo error number, as it stands in a receipt's `carrierErrorCode`.
 *
 * @returns `undefined` for a number that this package does not know
 * @example
 * describePlivoError('200')?.meaning; // 'the recipient has opted out with STOP'
 */
export function describePlivoError(providerCode: string): PlivoErrorMeaning | undefined {
  return byProviderCode.get(providerCode);
}

/** A request that is wrong in itself, or that Plivo surely did not perform. */
export function refuse(
  code: TelephonyErrorCode,
  message: string,
  details: Partial<TelephonyErrorDetails> = {},
): TelephonyError {
  return new TelephonyError(code, message, {
    outcome: 'not-performed',
    ...details,
    provider: plivoProviderId,
  });
}

/** A failed answer, as far as it decides about the error. */
export interface FailedAnswer {
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | undefined;
  /** Plivo's sentence, when there is one: only looked at, never repeated, because it holds telephone numbers. */
  readonly sentence: string | undefined;
  readonly now: Date;
  /** True for a request that creates or changes something, false for one that reads. */
  readonly creates: boolean;
}

/** Turns an answer that is not 2xx into the error of the contract. */
export function toPlivoError(answer: FailedAnswer): TelephonyError {
  const { status, retryAfter, sentence, now, creates } = answer;
  const retryAfterMs = parseRetryAfter(retryAfter, now);
  const { code, meaning } = explain(status, sentence);
  return new TelephonyError(
    code,
    `Plivo answered ${status}${meaning === undefined ? '' : `: ${meaning}`}`,
    {
      provider: plivoProviderId,
      outcome: creates ? outcomeOfStatus(status) : 'not-performed',
      httpStatus: status,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}

function explain(
  status: number,
  sentence = '',
): { readonly code: TelephonyErrorCode; readonly meaning?: string } {
  if (status >= 500) return { code: 'provider_unavailable' };
  if (status < 400) return { code: 'malformed_response' };
  const known = meaningsByStatus.get(status);
  if (known !== undefined) return { code: known[0], meaning: known[1] };
  const refusal = refusalRows.find(([words]) => words.test(sentence)) ?? partyIn(sentence);
  return refusal === undefined
    ? { code: 'invalid_request' }
    : { code: refusal[1], meaning: refusal[2] };
}

/** Which of both the sentence is about: what it names first. */
function partyIn(sentence: string): RefusalRow | undefined {
  const at = ([words]: RefusalRow): number => sentence.search(words);
  return partyRows.filter((row) => at(row) >= 0).toSorted((one, other) => at(one) - at(other))[0];
}

const meaningsByStatus: ReadonlyMap<number, readonly [TelephonyErrorCode, string]> = new Map([
  [401, ['auth_failed', 'the auth ID or auth token is wrong']],
  [402, ['account_blocked', 'the account has not enough credit']],
  [403, ['permission_denied', 'the account may not do this, or not text to that country']],
  [404, ['not_found', 'there is no such resource on this account']],
  [408, ['timeout', 'the request took too long']],
  [429, ['rate_limited', 'too many requests']],
  [499, ['timeout', 'somebody on the way stopped waiting']],
]);
