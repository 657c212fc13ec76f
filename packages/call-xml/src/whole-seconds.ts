/**
 * Seconds as the carriers take them, whole and within their bounds.
 *
 * @throws {RangeError} for what is no number: an attribute that says `NaN` fails only while somebody is on the line
 */
export function wholeSeconds(seconds: number, least = 1, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isFinite(seconds)) {
    throw new RangeError(`expected a number of seconds, not ${String(seconds)}`);
  }
  return Math.min(most, Math.max(least, Math.round(seconds)));
}
