import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQuietHours } from './quiet-hours.ts';

const minuteMs = 60_000;
const berlin = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
const endOf = (iso: string, hours: Partial<typeof berlin> = {}): string => {
  const at = new Date(iso);
  return new Date(at.getTime() + createQuietHours({ ...berlin, ...hours })(at)).toISOString();
};

describe('quiet hours', () => {
  it.each([
    ['before they begin', '2026-11-20T20:59:59.999Z', '2026-11-20T20:59:59.999Z'],
    ['from their first moment', '2026-11-20T21:00:00.000Z', '2026-11-21T06:00:00.000Z'],
    ['after midnight', '2026-11-21T03:12:34.567Z', '2026-11-21T06:00:00.000Z'],
    ['in their last moment', '2026-11-21T05:59:59.999Z', '2026-11-21T06:00:00.000Z'],
    ['after them', '2026-11-21T06:00:00.000Z', '2026-11-21T06:00:00.000Z'],
    [
      'in the night that is an hour shorter',
      '2026-03-28T22:30:00.000Z',
      '2026-03-29T05:00:00.000Z',
    ],
    ['in the night that is an hour longer', '2026-10-24T21:30:00.000Z', '2026-10-25T06:00:00.000Z'],
  ])('last until they end, asked %s', (_when, at, end) => {
    expect(endOf(at)).toBe(end);
  });
  it('end where the clock jumps over their end', () => {
    expect(endOf('2026-03-29T00:30:00.000Z', { to: '02:30' })).toBe('2026-03-29T01:00:00.000Z');
  });
  it('come again where the clock is set back into them', () => {
    // 02:30 comes twice: at 00:30 UTC in summer time, at 01:30 UTC in winter time.
    expect(endOf('2026-10-25T00:10:00.000Z', { to: '02:30' })).toBe('2026-10-25T00:30:00.000Z');
    expect(endOf('2026-10-25T01:10:00.000Z', { to: '02:30' })).toBe('2026-10-25T01:30:00.000Z');
  });
  it('may lie within a day', () => {
    expect(endOf('2026-11-20T12:30:00.000Z', { from: '13:00', to: '14:00' })).toBe(
      '2026-11-20T13:00:00.000Z',
    );
    expect(endOf('2026-11-20T13:00:00.000Z', { from: '13:00', to: '14:00' })).toBe(
      '2026-11-20T13:00:00.000Z',
    );
  });
  it.each([
    [{ from: '22' }, 'outbound.quietHours.from must be a time such as "22:00"'],
    [{ to: '24:00' }, 'outbound.quietHours.to must be a time such as "22:00"'],
    [{ timeZone: 'Mars/Olympus' }, 'outbound.quietHours.timeZone must be the name of a time zone'],
    [{ from: '07:00' }, '"from" and "to" are the same time'],
  ])('refuse %j', (wrong, message) => {
    expect(() => createQuietHours({ ...berlin, ...wrong })).toThrow(message);
  });

  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'Pacific/Apia',
    'Africa/Casablanca',
    'UTC',
  ];
  // Around the days on which clocks are set, and the one that Apia left out.
  const days = [
    '2026-03-08',
    '2026-03-29',
    '2026-04-05',
    '2026-10-04',
    '2026-10-25',
    '2026-11-01',
    '2026-02-15',
    '2011-12-30',
  ];
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));

  it('end where a clock that is set back leads out of them at their beginning', () => {
    const quietFor = createQuietHours({ from: '01:31', to: '01:30', timeZone: 'America/New_York' });
    // 01:40 in summer; 01:30 in winter comes 50 minutes later.
    expect(quietFor(new Date('2026-11-01T05:40:00Z'))).toBe(50 * minuteMs);
  });

  it('end at the first minute that is not quiet on the wall, on every day of every zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...days),
        fc.integer({ min: -1440, max: 2880 }),
        fc.integer({ min: 0, max: minuteMs - 1 }),
        time,
        time,
        (timeZone, day, minute, ms, from, to) => {
          fc.pre(from !== to);
          const wall = new Intl.DateTimeFormat('en-GB', {
            timeZone,
            hourCycle: 'h23',
            timeStyle: 'short',
          });
          const isQuiet = (at: number): boolean => {
            const clock = wall.format(at);
            return from < to ? clock >= from && clock < to : clock >= from || clock < to;
          };
          const at = Date.parse(`${day}T00:00:00Z`) + minute * minuteMs + ms;
          const end = at + createQuietHours({ from, to, timeZone })(new Date(at));
          // Every full minute from now to the end, the end not counted.
          const between: number[] = [];
          for (let one = end - minuteMs; one > at; one -= minuteMs) between.push(one);
          expect(isQuiet(end)).toBe(false);
          expect(isQuiet(at)).toBe(end > at);
          expect(end === at || end % minuteMs === 0).toBe(true);
          expect(between.filter((one) => !isQuiet(one))).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
