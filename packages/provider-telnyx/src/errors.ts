import {
  type CarrierErrorMeaning,
  codeOfRefusal,
  createCarrierErrors,
  createRefusal,
  type JsonObject,
  type TelephonyError,
  type TelephonyErrorCode,
  textIn,
  toAnswerError,
} from '@openclaw/telephony-core';
import { errorRows } from './error-codes.data.ts';

/** The provider's id: in events, in errors, in a configuration. */
export const telnyxProviderId = 'telnyx';

/** What a Telnyx error number means. */
export type TelnyxErrorMeaning = CarrierErrorMeaning;

const documentationOf = (providerCode: string): URL =>
  new URL(`https://developers.telnyx.com/docs/overview/errors/${providerCode}`);

const table = createCarrierErrors(errorRows, documentationOf);

/**
 * Every Telnyx error number that this package knows, sorted by number.
 *
 * @example
 * for (const { providerCode, meaning } of telnyxErrors) console.log(providerCode, meaning);
 */
export const telnyxErrors: readonly TelnyxErrorMeaning[] = table.all;

/**
 * Explains a Telnyx error number, as it stands in an error's `providerCode` or a receipt's `carrierErrorCode`.
 *
 * @returns `undefined` for a number that this package does not know
 * @example
 * describeTelnyxError('40300')?.meaning; // 'the recipient has opted out with STOP'
 */
export function describeTelnyxError(providerCode: string): TelnyxErrorMeaning | undefined {
  return table.describe(providerCode);
}

/** A request that is wrong in itself: nothing left the machine. */
export const refuse = createRefusal(telnyxProviderId);

/** The number of an error, which Telnyx writes as text; nothing else is let through to an error message. */
export function errorNumberIn(error: JsonObject): string | undefined {
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
export function toTelnyxError({ errors, ...answer }: FailedAnswer): TelephonyError {
  const { status } = answer;
  const error = errors.find(({ code }) => describeTelnyxError(code) !== undefined) ?? errors[0];
  const known = error === undefined ? undefined : describeTelnyxError(error.code);
  return toAnswerError(
    codeOf(status, known, error?.about),
    `Telnyx answered ${status}${explain(error?.code, known)}`,
    { ...answer, provider: telnyxProviderId, providerCode: error?.code },
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
  const code = known?.code ?? codeOfRefusal(status);
  if (code !== 'invalid_request' || about === undefined) return code;
  return about === 'sender' ? 'sender_not_allowed' : 'invalid_recipient';
}
