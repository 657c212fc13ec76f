import { InvalidArgumentError } from 'commander';

const span = /^\+(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/u;
const date =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?$/u;

/**
 * A moment that is ahead, as a person writes it: `+2h`, `+1h30m`, `2026-11-21T09:00` on the clocks of this machine, or
 * with a zone, `2026-11-21T09:00+01:00`.
 *
 * @throws {InvalidArgumentError} for anything else, and for what has passed: who names the past has made a mistake
 */
export function parseMoment(written: string, now: Date = new Date()): Date {
  const ms = spanMs(written);
  const at = ms === undefined ? parseDate(written) : new Date(now.getTime() + ms);
  if (at === undefined) {
    throw new InvalidArgumentError(
      'It must be +2h, +30m or +1d, or 2026-11-21T09:00, with Z or +01:00 behind it for another zone than this machine has.',
    );
  }
  if (at.getTime() > now.getTime()) return at;
  throw new InvalidArgumentError(`That was ${at.toISOString()}, and has passed.`);
}

function spanMs(written: string): number | undefined {
  const parts = span.exec(written)?.slice(1);
  if (parts === undefined || written === '+') return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

function parseDate(written: string): Date | undefined {
  const [, day = '', time = '', zone = ''] = date.exec(written) ?? [];
  if (day === '') return undefined;
  const at = new Date(`${day}T${time}${zone.replace(/^([+-]\d{2})(\d{2})$/u, '$1:$2')}`);
  // A day that there is not, such as 30 February, would become another one.
  const midnight = new Date(`${day}T00:00Z`);
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  return isDay && !Number.isNaN(at.getTime()) ? at : undefined;
}
