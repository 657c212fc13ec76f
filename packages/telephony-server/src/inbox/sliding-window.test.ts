import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSlidingWindow } from './sliding-window.ts';

function windowAt(perMinute: number) {
  const clock = { ms: 0 };
  return { clock, window: createSlidingWindow({ perMinute, now: () => new Date(clock.ms) }) };
}

describe('a limit per minute', () => {
  it('holds in every minute, wherever it begins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 80 }),
        (perMinute, pauses) => {
          const { clock, window } = windowAt(perMinute);
          const passed: number[] = [];
          for (const pause of pauses) {
            clock.ms += pause;
            if (window.waitMs('a') > 0) continue;
            window.add('a');
            passed.push(clock.ms);
          }
          for (const from of passed) {
            const within = passed.filter((ms) => ms >= from && ms < from + 60_000);
            expect(within.length).toBeLessThanOrEqual(perMinute);
          }
        },
      ),
    );
  });
  it('tells the first who waits when there is room, and those behind him a later minute', () => {
    const { clock, window } = windowAt(2);
    window.add('a');
    clock.ms = 1000;
    window.add('a');
    clock.ms = 2000;
    expect([1, 2, 3, 4, 5].map(() => window.waitMs('a'))).toEqual([
      58_000, 59_000, 118_000, 119_000, 178_000,
    ]);
    expect(window.waitMs('b')).toBe(0);
    clock.ms = 60_000;
    expect(window.waitMs('a')).toBe(0);
  });
  it('lets a queue through in as many minutes as it needs, each of it told to wait only a few times', () => {
    const { clock, window } = windowAt(10);
    const due = Array.from({ length: 100 }, () => ({ atMs: 0, tries: 0, done: false }));
    for (clock.ms = 0; clock.ms < 15 * 60_000; clock.ms += 1000) {
      for (const one of due.filter(({ done, atMs }) => !done && atMs <= clock.ms)) {
        one.tries += 1;
        const waitMs = window.waitMs('a');
        if (waitMs === 0) {
          window.add('a');
          one.done = true;
        } else one.atMs = clock.ms + waitMs;
      }
    }
    expect(due.every(({ done }) => done)).toBe(true);
    expect(Math.max(...due.map(({ tries }) => tries))).toBeLessThanOrEqual(3);
  });
  it('is not prolonged by a clock that is set back', () => {
    const { clock, window } = windowAt(1);
    clock.ms = 10_000_000;
    window.add('a');
    clock.ms = 0;
    expect(window.waitMs('a')).toBe(0);
  });
  it('may be lifted', () => {
    const { window } = windowAt(Infinity);
    for (let i = 0; i < 1000; i += 1) window.add('a');
    expect(window.waitMs('a')).toBe(0);
  });
});
