/** What carriers put where a number should be when there is none. */
const nobody: ReadonlySet<string> = new Set([
  '',
  'anonymous',
  'blocked',
  'private',
  'restricted',
  'unavailable',
  'unknown',
  'withheld',
]);

/** False for an empty or anonymous sender: nobody may be let in as one. */
export function isIdentity(sender: string): boolean {
  return typeof sender === 'string' && !nobody.has(sender.trim().toLowerCase());
}

/** @throws {TypeError} for an empty or anonymous sender */
export function assertIdentity(sender: string): void {
  if (!isIdentity(sender)) {
    throw new TypeError('a sender must be a real identity, not an empty or anonymous one');
  }
}

/** True for `+` and 7 to 15 digits: what can be texted back, unlike a short code or an alphanumeric sender. */
export const hasE164Shape = (sender: string): boolean => /^\+[1-9]\d{6,14}$/u.test(sender);
