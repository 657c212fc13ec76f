const loneSurrogateOrNul = /[\0\p{Surrogate}]/u;

/**
 * SQLite keeps UTF-8 and some readers stop at NUL: two texts that differ only there would become one. Both drivers
 * refuse them, so that neither knows a key that the other does not.
 *
 * @throws {TypeError}
 */
export function assertStorable(what: string, text: string): void {
  if (typeof text !== 'string' || loneSurrogateOrNul.test(text)) {
    throw new TypeError(`${what} must be a string of well-formed Unicode without NUL characters`);
  }
}

/** When an entry expires; whole milliseconds, never early. */
export function expiryOf(nowMs: number, ttlMs: number | undefined): number | undefined {
  if (ttlMs === undefined) return undefined;
  if (!(ttlMs > 0 && ttlMs < Infinity)) {
    throw new RangeError('ttlMs must be a number of milliseconds above 0');
  }
  return Math.ceil(nowMs + ttlMs);
}

/** @throws {RangeError} unless it is a whole number from 0 up, or `Infinity` */
export function assertLimit(limit: number): void {
  if (limit !== Infinity && !(Number.isInteger(limit) && limit >= 0)) {
    throw new RangeError('limit must be a whole number from 0 up');
  }
}
