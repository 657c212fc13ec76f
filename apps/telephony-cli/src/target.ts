import {
  type Account,
  accountNamed,
  ConfigError,
  type TelephonyConfig,
} from '@openclaw/telephony-config';
import { resolveRecipient } from '@openclaw/telephony-config/recipient';
import type { E164, ShortCode } from '@openclaw/telephony-core';
import { sourceOf, type WorkplaceOptions } from './workplace.ts';

/** Whom to reach, as a person writes it: `+15550100123`, or `twilio:+15550100123` over that carrier. */
export interface Target {
  readonly carrier?: string;
  readonly number: string;
}

const carriers = /^(twilio|telnyx|plivo|mock):/iu;

/** Whether a word says whom to reach, and is not the first word of a text. */
export const isTarget = (word: string): boolean => /^\s*[+(\d]/u.test(word) || carriers.test(word);

/** A number behind a word that is no carrier, as `sms:+15550100123`. A space after the colon makes it a text: `Code: 123456`. */
const unknownTarget = /^\s*[a-z][\w-]*:(?:\s*\+)?[\d(][\d\s().-]{5,}$/iu;

/**
 * Whether a word names nobody, and was meant to: an empty variable of a script, a prefix that nobody knows. Taken for the
 * beginning of a text, it would send that text to somebody else.
 */
export const isMistakenTarget = (word: string): boolean =>
  word.trim() === '' || (!isTarget(word) && unknownTarget.test(word));

/** Takes a target apart. */
export function parseTarget(written: string): Target {
  const [prefix, carrier] = carriers.exec(written) ?? [];
  return prefix === undefined || carrier === undefined
    ? { number: written }
    : { carrier: carrier.toLowerCase(), number: written.slice(prefix.length) };
}

/**
 * Chooses the account that a target is reached over. A carrier in the target must be the account's; when no account was
 * named, the default account goes before the others of that carrier.
 *
 * @throws {ConfigError} when no account, or more than one, could be meant
 */
export function accountFor(
  { carrier }: Target,
  options: WorkplaceOptions,
): (accounts: readonly Account[]) => Account {
  return (accounts) => {
    const named = accountNamed(accounts, options.account, sourceOf(options));
    if (carrier === undefined || named.config.provider === carrier) return named;
    const fitting =
      options.account === undefined
        ? accounts.filter((one) => one.config.provider === carrier && !one.isSwitchedOff)
        : [];
    const [only, ...others] = fitting;
    if (only !== undefined && others.length === 0) return only;
    const ids = fitting.map(({ id }) => id).join(', ');
    throw new ConfigError(
      [
        ids === ''
          ? `${options.account === undefined ? 'no account' : `account "${named.id}" is not one that`} sends over ${carrier}`
          : `several accounts send over ${carrier} (${ids}): say which with --account`,
      ],
      sourceOf(options),
    );
  };
}

/** The number of a target, as the account's settings read it. */
export const numberOf = (target: Target, { defaultCountry }: TelephonyConfig): E164 | ShortCode =>
  resolveRecipient(target.number, defaultCountry);
