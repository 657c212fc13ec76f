import { type E164, isE164, isShortCode, type ShortCode } from '@openclaw/telephony-core';
import type { TelephonyConfig } from './schema.ts';

/**
 * Whom a text is for when nobody is named: `defaultTo`, else the only number in `allowFrom`; `undefined` when neither says
 * so.
 *
 * @example
 * const to = defaultRecipient(await loadConfig({ file: 'telephony.json5' }));
 */
export function defaultRecipient({
  defaultTo,
  allowFrom,
}: Pick<TelephonyConfig, 'defaultTo' | 'allowFrom'>): E164 | ShortCode | undefined {
  const [only, ...others] = allowFrom;
  const number = defaultTo ?? (others.length === 0 ? only : undefined);
  return number !== undefined && (isE164(number) || isShortCode(number)) ? number : undefined;
}
