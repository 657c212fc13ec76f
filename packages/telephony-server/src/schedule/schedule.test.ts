import { TelephonyError } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../observe/logger.ts';
import { createScheduledTexts } from './scheduled-texts.ts';
import { createSchedule } from './schedule.ts';
import { item, minute, noon, scene } from './scheduler.testing.ts';

const hour = 60 * minute;
const now = (): Date => new Date(noon);

describe('a text that is asked for again', () => {
  it('while it waits for a limit has one place all the same', async () => {
    const { add, look, schedule, setTime, pass } = scene(undefined, () =>
      Promise.reject(
        new TelephonyError('limit_reached', 'full', {
          outcome: 'not-performed',
          retryAfterMs: 7 * hour,
        }),
      ),
    );
    await add('a', noon + minute);
    setTime(noon + minute);
    await look();
    for (let count = 0; count < 5; count += 1) {
      pass(1001);
      expect(await schedule.known('a')).toMatchObject({ duplicate: true });
      await look();
    }
    expect(await schedule.count()).toBe(1);
  });
});

describe('a place', () => {
  it('is there still when it is moved to where it is', async () => {
    const { add, schedule } = scene();
    await add('a', noon + minute);
    for await (const place of schedule.places()) await schedule.defer(place, place.dueMs);
    expect(await schedule.count()).toBe(1);
  });
});

describe('a record that is no JSON', () => {
  it('holds up no other, is said once, can be seen and be called off', async () => {
    const { add, look, plain, schedule, setTime, outbox } = scene();
    for (const id of ['a', 'b', 'c']) await add(id, noon + minute);
    await plain.set('scheduled/a', '{"id":"a"');
    setTime(noon + minute);
    const lines: unknown[] = [];
    const logger = { ...silentLogger, error: (...line: unknown[]) => void lines.push(line) };
    await look({ logger });
    await look({ logger });
    expect([...outbox]).toEqual(['b', 'c']);
    expect(lines).toEqual([
      [{ sendId: 'a' }, 'a scheduled text cannot be read by this version: it waits'],
    ]);
    const texts = createScheduledTexts(schedule);
    expect(await texts.list()).toMatchObject([{ id: 'a', sendAt: new Date(noon + minute) }]);
    expect(await schedule.known('a')).toMatchObject({ duplicate: true });
    expect(await schedule.count()).toBe(1);
    expect(await texts.cancel('a')).toBe(true);
    setTime(noon + 2 * hour);
    await look();
    expect(await schedule.count()).toBe(0);
    expect([...outbox]).toEqual(['b', 'c']);
  });
});

describe('the most that may be scheduled', () => {
  it.each([1, 2, 7, 30])('is %d, however many ask at once', async (maxScheduled) => {
    const { keyValue } = createMemoryStore({ now });
    const schedule = createSchedule({ keyValue, now, maxScheduled });
    const add = (id: string): Promise<unknown> =>
      schedule.add({ id, item, sendAt: new Date(noon + minute), checkedAs: 'agent' });
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, count) => add(`text ${count}`)),
    );
    const taken = answers.filter(({ status }) => status === 'fulfilled');
    expect(taken).toHaveLength(maxScheduled);
    expect(await schedule.count()).toBe(maxScheduled);
    await expect(add('one more')).rejects.toMatchObject({ code: 'limit_reached' });
    await schedule.cancel('text 0');
    await add('one more');
    await expect(add('another')).rejects.toMatchObject({ code: 'limit_reached' });
  });
});
