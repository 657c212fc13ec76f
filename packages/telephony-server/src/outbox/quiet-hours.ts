/** When nobody is to be woken: a part of every day, on the clocks of one place. */
export interface QuietHours {
  /** When it begins, `HH:MM`: `22:00`. */
  readonly from: string;
  /** When it ends, `HH:MM`; before `from`, it goes over midnight. */
  readonly to: string;
  /** An IANA name such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** How long it stays quiet from a moment on, in milliseconds; 0 outside of the quiet hours. */
export type QuietFor = (at: Date) => number;

const minuteMs = 60_000;
const minutesOfDay = 24 * 60;
/** No clock is ever set by more than this at once. */
const longestShiftMinutes = 3 * 60;

/**
 * Makes the question how long it stays quiet. It goes by the clock on the wall: when that is set forward over the end, the
 * quiet ends at that moment; when it is set back into the quiet hours, it is quiet again.
 *
 * @throws {RangeError} for a time that is not `HH:MM`, a zone that is unknown, or a beginning that is the end
 * @example
 * const quietFor = createQuietHours({ from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' });
 * quietFor(new Date('2026-11-20T22:30:00Z')); // 27_000_000: until 07:00 in Berlin
 */
export function createQuietHours({ from, to, timeZone }: QuietHours): QuietFor {
  const begin = minuteOf(from, 'from');
  const end = minuteOf(to, 'to');
  if (begin === end) {
    throw new RangeError(
      'outbound.quietHours: "from" and "to" are the same time; leave it out for none',
    );
  }
  const wallClock = createWallClock(timeZone);
  const isQuiet = (minute: number): boolean =>
    begin < end ? minute >= begin && minute < end : minute >= begin || minute < end;

  return (at) => {
    let ms = at.getTime();
    let minute = wallClock(ms);
    if (!isQuiet(minute)) return 0;
    // In steps that cannot jump over the end, whatever the clock does: single minutes near it, and near the beginning too,
    // because a clock that is set back may lead out there.
    ms = Math.floor(ms / minuteMs) * minuteMs;
    while (isQuiet(minute)) {
      const past = (minute - begin + minutesOfDay) % minutesOfDay;
      const left = (end - minute + minutesOfDay) % minutesOfDay;
      const isNear = past < longestShiftMinutes || left <= longestShiftMinutes;
      ms += (isNear ? 1 : left - longestShiftMinutes) * minuteMs;
      minute = wallClock(ms);
    }
    return ms - at.getTime();
  };
}

function minuteOf(time: string, name: keyof QuietHours): number {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/u.exec(time) ?? [];
  if (hour === undefined || minute === undefined) {
    throw new RangeError(`outbound.quietHours.${name} must be a time such as "22:00"`);
  }
  return Number(hour) * 60 + Number(minute);
}

/** The minute of the day that the clocks of a zone show. */
function createWallClock(timeZone: string): (ms: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      hour: '2-digit',
      minute: '2-digit',
    });
  } catch {
    throw new RangeError(
      'outbound.quietHours.timeZone must be the name of a time zone such as "Europe/Berlin"',
    );
  }
  return (ms) => {
    const [hour = '', minute = ''] = format.format(ms).split(':');
    return Number(hour) * 60 + Number(minute);
  };
}
