import {
  type CarrierErrorMeaning,
  codeOfRefusal,
  createCarrierErrors,
  createRefusal,
  type TelephonyError,
  type TelephonyErrorCode,
  toAnswerError,
} from '@openclaw/telephony-core';
import { errorRows } from './error-codes.data.ts';

/** The provider's id: in events, in errors, in a configuration. */
export const twilioProviderId = 'twilio';

/** What a Twilio error number means. */
export type TwilioErrorMeaning = CarrierErrorMeaning;

const documentationOf = (providerCode: string): URL =>
  new URL(`https://www.twilio.com/docs/api/errors/${providerCode}`);

const table = createCarrierErrors(errorRows, documentationOf);

/**
 * Every Twilio error number that this package knows, sorted by number.
 *
 * @example
 * for (const { providerCode, meaning } of twilioErrors) console.log(providerCode, meaning);
 */
export const twilioErrors: readonly TwilioErrorMeaning[] = table.all;

/**
 * Explains a Twilio error number, as it stands in an error's `providerCode` or a receipt's `carrierErrorCode`.
 *
 * @returns `undefined` for a number that this package does not know
 * @example
 * describeTwilioError('21610')?.meaning; // 'the recipient has opted out with STOP'
 */
export function describeTwilioError(providerCode: string): TwilioErrorMeaning | undefined {
  return table.describe(providerCode);
}

/** A request that is wrong in itself: nothing left the machine. */
export const refuse = createRefusal(twilioProviderId);

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
  const { status, providerCode } = answer;
  const known = providerCode === undefined ? undefined : describeTwilioError(providerCode);
  return toAnswerError(
    codeOf(status, known),
    `Twilio answered ${status}${explain(providerCode, known)}`,
    { ...answer, provider: twilioProviderId },
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
  return codeOfRefusal(status);
}
