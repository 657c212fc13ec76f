import {
  type E164,
  isShortCode,
  parseE164,
  type ShortCode,
  TelephonyError,
} from '@openclaw/telephony-core';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * Reads a recipient as a person writes it. A number with a plus sign may have spaces and brackets; one without is refused,
 * unless a default country is configured, and then it is a national number of that country.
 *
 * @throws {TelephonyError} `invalid_request`; the message never repeats the number
 * @example
 * resolveRecipient('(555) 010-0123', 'US'); // '+15550100123'
 */
export function resolveRecipient(written: string, defaultCountry?: string): E164 | ShortCode {
  const text = written.trim();
  if (isShortCode(text)) return text;
  if (text.startsWith('+')) return parseE164(text.replaceAll(/[\s().-]/gu, ''));
  if (defaultCountry === undefined || !isSupportedCountry(defaultCountry)) return parseE164(text);
  const found = parsePhoneNumberFromString(text, { defaultCountry, extract: false });
  if (found?.isPossible() === true) return parseE164(found.number);
  throw new TelephonyError(
    'invalid_request',
    `not a telephone number of ${defaultCountry}: write it as +<country code><number>`,
    { outcome: 'not-performed' },
  );
}
