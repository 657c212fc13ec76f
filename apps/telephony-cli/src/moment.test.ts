import { InvalidArgumentError } from 'commander';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseMoment } from './moment.ts';

const now = new Date('2026-11-20T12:00:00Z');
const at = (written: string): string => parseMoment(written, now).toISOString();

describe('a moment that is ahead', () => {
  it('is a time from now', () => {
    expect(at('+90s')).toBe('2026-11-20T12:01:30.000Z');
    expect(at('+30m')).toBe('2026-11-20T12:30:00.000Z');
    expect(at('+2h')).toBe('2026-11-20T14:00:00.000Z');
    expect(at('+1d2h3m4s')).toBe('2026-11-21T14:03:04.000Z');
  });
  it('is a date with a zone, or on the clocks of this machine', () => {
    expect(at('2026-11-21T09:00Z')).toBe('2026-11-21T09:00:00.000Z');
    expect(at('2026-11-21T09:00:30.5+01:00')).toBe('2026-11-21T08:00:30.500Z');
    expect(at('2026-11-21 09:00-0500')).toBe('2026-11-21T14:00:00.000Z');
    expect(at('2026-11-22T09:00')).toBe(new Date(2026, 10, 22, 9).toISOString());
  });
  it.each([
    '',
    '+',
    '+0m',
    '2h',
    '+2 h',
    'tomorrow',
    '2026-11-21',
    '2027-02-30T09:00',
    '2026-13-01T09:00Z',
    '2026-11-21T25:00Z',
    '09:00',
    '2026-11-20T11:59Z',
  ])('is not %j', (written) => {
    expect(() => parseMoment(written, now)).toThrow(InvalidArgumentError);
  });
  it('is none that the clocks of this machine leave out', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(() => at('2027-03-28T02:30')).toThrow(
      'There is no 02:30 on that day in Europe/Berlin: the clocks are put forward then. 03:30 would be the same moment.',
    );
    expect(at('2027-03-28T02:30Z')).toBe('2027-03-28T02:30:00.000Z');
    expect(at('2027-03-28T03:00')).toBe('2027-03-28T01:00:00.000Z');
    expect(at('2027-03-27T24:00')).toBe('2027-03-27T23:00:00.000Z');
    expect(at('2027-10-31T02:30:15')).toBe('2027-10-31T00:30:15.000Z');
  });
});
