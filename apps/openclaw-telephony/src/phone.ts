/** Prefixes that name this channel or one of its carriers in front of a number. Never `sms:`, which others own. */
export const targetPrefixes = ['telephony', 'tel', 'twilio', 'telnyx', 'plivo'] as const;

const prefix = new RegExp(`^(?:${targetPrefixes.join('|')}):`, 'iu');

/** A number as people write it, in E.164 form; `''` when it cannot be one. */
export function toNumber(written: string): string {
  const bare = written
    .trim()
    .replace(prefix, '')
    .trim()
    .replaceAll(/[\s().-]/gu, '');
  return /^\+[1-9]\d{6,14}$/u.test(bare) ? bare : '';
}

/** An entry of an allow list: a number, or `*` for everybody; anything else as it is, so that it matches nothing. */
export function toAllowEntry(written: string): string {
  const bare = written.trim();
  return bare === '*' ? '*' : toNumber(bare) || bare;
}
