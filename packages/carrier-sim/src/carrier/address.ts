/** True for a number in E.164 (ITU-T E.164 §6.2): a plus sign and 7 to 15 digits. */
export function isE164(value: string): boolean {
  return /^\+[1-9]\d{6,14}$/u.test(value);
}

/** True for a web address that a carrier would take. */
export function isWebUrl(value: string): boolean {
  return /^https?:\/\/[^\s/]/iu.test(value) && URL.canParse(value);
}
