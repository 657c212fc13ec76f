import { InvalidArgumentError } from 'commander';

const span = /^\+(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/u;
const date =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?$/u;

/**
 * A moment that is ahead, as a person writes it: `+2h`, `+1h30m`, `2026-11-21T09:00` on the clocks of this machine, or
 * with a zone, `2026-11-21T09:00+01:00`.
 *
 * @throws {InvalidArgumentError} for anything else, for what has passed, and for an hour that the clocks leave out: who names
 * them has made a mistake
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
  if (!isDay || Number.isNaN(at.getTime())) return undefined;
  const isLeftOut =
    zone === '' && time.slice(0, 5) !== '24:00' && !clockOf(at).startsWith(time.slice(0, 5));
  if (!isLeftOut) return at;
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  throw new InvalidArgumentError(
    `There is no ${time} on that day in ${timeZone}: the clocks are put forward then. ${clockOf(at)} would be the same moment.`,
  );
}

/** The hour and the minute on the clocks of this machine. */
const clockOf = (at: Date): string =>
  [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
