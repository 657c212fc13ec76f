import {
  type CarrierErrorMeaning,
  createCarrierErrors,
  createRefusal,
  type TelephonyError,
  type TelephonyErrorCode,
  toAnswerError,
} from '@openclaw/telephony-core';
import { errorRows, partyRows, type RefusalRow, refusalRows } from './error-codes.data.ts';

/** The provider's id: in events, in errors, in a configuration. */
export const plivoProviderId = 'plivo';

/** What a Plivo error number means: of a receipt, or of a message that was asked for, never of a request. */
export type PlivoErrorMeaning = CarrierErrorMeaning;

const documentation = new URL('https://www.plivo.com/docs/messaging/troubleshooting/error-codes');

const table = createCarrierErrors(errorRows, () => documentation);

/**
 * Every Plivo error number that this package knows, sorted by number.
 *
 * @example
 * for (const { providerCode, meaning } of plivoErrors) console.log(providerCode, meaning);
 */
export const plivoErrors: readonly PlivoErrorMeaning[] = table.all;

/**
 * Explains a Plivo error number, as it stands in a receipt's `carrierErrorCode`.
 *
 * @returns `undefined` for a number that this package does not know
 * @example
 * describePlivoError('200')?.meaning; // 'the recipient has opted out with STOP'
 */
export function describePlivoError(providerCode: string): PlivoErrorMeaning | undefined {
  return table.describe(providerCode);
}

/** A request that is wrong in itself, or that Plivo surely did not perform. */
export const refuse = createRefusal(plivoProviderId);

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
export function toPlivoError({ sentence, ...answer }: FailedAnswer): TelephonyError {
  const { code, meaning } = explain(answer.status, sentence);
  return toAnswerError(
    code,
    `Plivo answered ${answer.status}${meaning === undefined ? '' : `: ${meaning}`}`,
    { ...answer, provider: plivoProviderId },
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
