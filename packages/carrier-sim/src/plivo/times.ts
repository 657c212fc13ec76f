/** A time as Plivo's API writes it: `2026-11-20 12:00:00+00:00`. */
export function plivoTime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}+00:00`;
}
