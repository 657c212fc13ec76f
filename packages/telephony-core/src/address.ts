import { TelephonyError } from './error.ts';

declare const brand: unique symbol;

/** A value that only its own parser can make: a plain `T` does not type-check where one is asked for. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A telephone number as `+15550100123`: plus sign, country code, 7 to 15 digits in all (ITU-T E.164 §6). Made by {@link parseE164}. */
export type E164 = Brand<string, 'E164'>;
/** A short code: 3 to 8 digits, no plus sign. It means something only inside its own country. */
export type ShortCode = Brand<string, 'ShortCode'>;
/** A sender name of 1 to 11 letters, digits, spaces, `&`, `+`, `-`, `_` or `.`, with at least one letter. Nobody can reply to it. */
export type AlphanumericSenderId = Brand<string, 'AlphanumericSenderId'>;
/** A SIP address as `sip:user@host`. */
export type SipUri = Brand<string, 'SipUri'>;
/** An address of a channel other than the telephone network, as the carrier writes it: `whatsapp:+15550100123`, `rcs:agent`. */
export type ChannelAddress = Brand<string, 'ChannelAddress'>;

/** Whoever a message may come from. */
export type MessageAddress = E164 | ShortCode | AlphanumericSenderId | ChannelAddress;
/** Whoever is at an end of a call. */
export type CallParty = E164 | ShortCode | SipUri | 'anonymous';

/**
 * Who a message is sent from: one address, or a pool from which the carrier picks one
 * (Messaging Service, messaging profile, Powerpack).
 */
export type Sender =
  | { readonly kind: 'number'; readonly address: E164 | ShortCode | AlphanumericSenderId }
  | { readonly kind: 'pool'; readonly id: string };

/** From JavaScript anything may come, and a pattern alone would read `undefined` as a word of nine letters. */
const isTextLike = (value: unknown, pattern: RegExp): boolean =>
  typeof value === 'string' && pattern.test(value);

/** True for `+` and 7 to 15 digits of which the first is not 0. */
export function isE164(value: string): value is E164 {
  return isTextLike(value, /^\+[1-9]\d{6,14}$/u);
}

/** True for 3 to 8 digits without a plus sign. */
export function isShortCode(value: string): value is ShortCode {
  return isTextLike(value, /^\d{3,8}$/u);
}

/** True for a sender name: 1 to 11 characters with at least one letter. */
export function isAlphanumericSenderId(value: string): value is AlphanumericSenderId {
  return isTextLike(value, /^(?=.*[A-Za-z])[A-Za-z0-9 &+\-_.]{1,11}$/u);
}

/** True for `sip:` or `sips:` followed by an address. */
export function isSipUri(value: string): value is SipUri {
  return isTextLike(value, /^sips?:[^\s<>]+$/u);
}

/** True for a channel prefix and what follows it, as in `whatsapp:+15550100123`. */
export function isChannelAddress(value: string): value is ChannelAddress {
  return isTextLike(value, /^[a-z][a-z0-9]*:[^\s<>]+$/u) && !isSipUri(value);
}

/** True for whatever a message may come from. */
export function isMessageAddress(value: string): value is MessageAddress {
  return (
    isE164(value) || isShortCode(value) || isAlphanumericSenderId(value) || isChannelAddress(value)
  );
}

/**
 * Takes the prefix off a telephone number that wrote over RCS: `rcs:+15550100123` becomes `+15550100123`.
 *
 * A phone changes from SMS to RCS and back by itself, so it is one person, whose approval and whose STOP hold for both, and
 * who is answered with a text. Any other address stays as it is: `whatsapp:` is an account of its own.
 *
 * @example
 * const from = withoutRcs(sender);
 */
export function withoutRcs<Address extends string>(address: Address): Address | E164 {
  const number = address.startsWith('rcs:') ? address.slice('rcs:'.length) : '';
  return isE164(number) ? number : address;
}

/**
 * Reads a telephone number that already has its country code.
 *
 * Nothing is guessed: a number without a plus sign is refused, because `5551234567` is both a number in the
 * United States and the start of one in Brazil.
 *
 * @throws {TelephonyError} `invalid_request`; the message says what is missing and never repeats the number.
 * @example
 * const number = parseE164('+15550100123');
 */
export function parseE164(value: string): E164 {
  if (isE164(value)) return value;
  throw new TelephonyError('invalid_request', `not a telephone number: ${whatIsWrong(value)}`, {
    outcome: 'not-performed',
  });
}

/**
 * Reads anything a text may be sent to: an E.164 number, or a short code.
 *
 * @throws {TelephonyError} `invalid_request`
 */
export function parseRecipient(value: string): E164 | ShortCode {
  return isShortCode(value) ? value : parseE164(value);
}

/**
 * Reads anything a text may be sent from: an E.164 number, a short code or an alphanumeric sender name.
 *
 * @throws {TelephonyError} `invalid_request`
 */
export function parseSenderAddress(value: string): E164 | ShortCode | AlphanumericSenderId {
  if (isShortCode(value) || isAlphanumericSenderId(value)) return value;
  return parseE164(value);
}

function whatIsWrong(value: unknown): string {
  if (typeof value !== 'string') return 'it is no text. Write it as +<country code><number>.';
  if (value.trim() === '') return 'it is empty. Write it as +<country code><number>.';
  if (/^\d{7,15}$/u.test(value)) {
    return `it has ${value.length} digits and no plus sign, so its country is unknown. Write it as +<country code><number>.`;
  }
  if (/^\+?[\d\s().-]+$/u.test(value)) {
    return 'write it as a plus sign and 7 to 15 digits, without spaces, dots, dashes or brackets.';
  }
  return 'expected a plus sign and 7 to 15 digits, and nothing else.';
}

/**
 * Shortens an address for logs and messages: `+15550100123` becomes `+1555•••0123`.
 *
 * Every other address keeps its first and last character at most, so that a log line never identifies a person.
 */
export function redactAddress(value: string): string {
  const number = /^(?<before>(?:[a-z][a-z0-9]*:)?\+?)(?<digits>\d{7,15})$/u.exec(value)?.groups;
  if (number) {
    const { before = '', digits = '' } = number;
    // Of a short number less may be shown, or little would be hidden.
    const kept = digits.length > 10 ? 4 : 2;
    return `${before}${digits.slice(0, kept)}•••${digits.slice(-kept)}`;
  }
  return value.length <= 4 ? '•••' : `${value.slice(0, 1)}•••${value.slice(-1)}`;
}
