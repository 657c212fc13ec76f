import { TelephonyError } from '@openclaw/telephony-core';
import { createMemoryStore, type KeyValueStore, StoreError } from '@openclaw/telephony-store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../observe/logger.ts';
import { createSchedule } from './schedule.ts';
import { runScheduler } from './scheduler.ts';
import { dyingAt, item, minute, noon, scene } from './scheduler.testing.ts';

describe('a crash', () => {
  it('at any step of the hand-over sends a text once, and leaves no place behind', async () => {
    const steps = Array.from({ length: 16 }, (_, step) => step + 1);
    const died: number[] = [];
    for (const step of steps) {
      const { plainly, look, puts, outbox, setTime, keys } = scene((keyValue) =>
        dyingAt(step)(keyValue),
      );
      await plainly.add({ id: 'a', item, sendAt: new Date(noon + minute), checkedAs: 'operator' });
      setTime(noon + minute);
      await look();
      if ((await keys()).some((key) => key.startsWith('scheduled-due/'))) died.push(step);
      await look({ schedule: plainly });
      expect([...outbox]).toEqual(['a']);
      expect(puts.length).toBeLessThanOrEqual(2);
      expect(await keys()).toEqual(['scheduled/a']);
      expect(await plainly.cancel('a')).toBe(false);
    }
    // Each step of the way was died at, and the last few steps came after its end.
    expect(died.length).toBeGreaterThan(4);
    expect(died.length).toBeLessThan(steps.length);
  });
  it('right behind the hand-over is not sent again days later, when the outbox has forgotten it', async () => {
    const { add, look, options, schedule, puts, setTime, keys } = scene();
    await add('a', noon + minute);
    expect(await schedule.claim('a')).toBe(true);
    await options.sends.begin('a', item.to, { messageCount: 1, segmentCount: 1 });
    // What the outbox has forgotten was done: an untouched one it still has.
    await options.sends.move('a', 0, { state: 'accepted', messageId: 'm' });
    setTime(noon + 5 * 24 * 60 * minute);
    await look();
    expect(puts).toEqual([]);
    expect(await keys()).toEqual(['scheduled/a', 'send/a']);
    expect((await schedule.read('a'))?.state).toBe('handed-over');
  });
  it('while a text is scheduled loses none of which anybody was told, and asking again mends it', async () => {
    for (const step of [1, 2, 3]) {
      const { plainly, look, outbox, setTime, add } = scene((keyValue) => dyingAt(step)(keyValue));
      const isTold = await add('a', noon + minute).then(
        () => true,
        () => false,
      );
      expect(isTold).toBe(step === 3);
      // The caller who was not told asks again.
      const again = await plainly.known('a');
      if (again === undefined) {
        await plainly.add({ id: 'a', item, sendAt: new Date(noon + minute), checkedAs: 'agent' });
      }
      setTime(noon + minute);
      await look({ schedule: plainly });
      expect([...outbox]).toEqual(['a']);
    }
  });
});

describe('calling off', () => {
  it('and handing over never both succeed, and never both fail, whoever is faster (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (s, isCancelledTwice) => {
        const { look, outbox, setTime, options } = scene();
        /** The store as somebody sees it whose every operation comes when the property wants it. */
        const inTurns = (keyValue: KeyValueStore): KeyValueStore => ({
          get: (key) => s.schedule(Promise.resolve(key)).then(() => keyValue.get(key)),
          set: (key, value, how) =>
            s.schedule(Promise.resolve(key)).then(() => keyValue.set(key, value, how)),
          delete: (key, how) =>
            s.schedule(Promise.resolve(key)).then(() => keyValue.delete(key, how)),
          list: (prefix, how) => keyValue.list(prefix, how),
        });
        const store = createMemoryStore({ now: options.now }).keyValue;
        const first = createSchedule({ keyValue: store, now: options.now });
        await first.add({
          id: 'a',
          item,
          sendAt: new Date(noon + minute),
          checkedAs: 'agent',
        });
        setTime(noon + minute);
        const seen = () => createSchedule({ keyValue: inTurns(store), now: options.now });
        const asked = [seen().cancel('a'), ...(isCancelledTwice ? [seen().cancel('a')] : [])];
        const looks = [look({ schedule: seen() }), look({ schedule: seen() })];
        const [answers] = await s.waitFor(Promise.all([Promise.all(asked), Promise.all(looks)]));
        const calledOff = answers.filter((answer) => answer).length;
        expect(calledOff + outbox.size).toBe(1);
        await look({ schedule: first });
        expect(calledOff + outbox.size).toBe(1);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a clock that is set', () => {
  it('forward sends what it has passed, and back sends nothing twice', async () => {
    const { add, look, outbox, puts, setTime } = scene();
    await add('a', noon + 60 * minute);
    await add('b', noon + 120 * minute);
    setTime(noon + 90 * minute);
    await look();
    expect([...outbox]).toEqual(['a']);
    setTime(noon);
    await look();
    await add('c', noon + minute);
    setTime(noon + minute);
    await look();
    expect([...outbox]).toEqual(['a', 'c']);
    setTime(noon + 120 * minute);
    await look();
    expect(puts).toEqual(['a', 'c', 'b']);
  });
});

describe('a scheduler', () => {
  it('looks again and again until it is closed, and after a failure of the store', async () => {
    let isFailing = true;
    const { add, options, outbox, setTime } = scene(undefined, async (id) => {
      if (isFailing) throw new StoreError('full', 'no room');
      return { id, messageCount: 1, segmentCount: 1, duplicate: false };
    });
    const lines: unknown[] = [];
    const logger = { ...silentLogger, error: (...line: unknown[]) => void lines.push(line) };
    const scheduler = runScheduler({ ...options, logger, everyMs: 1 });
    await add('a', noon + minute);
    await scheduler.idle();
    expect(outbox.size).toBe(0);
    setTime(noon + minute);
    await expect.poll(() => lines.length, { timeout: 4000 }).toBeGreaterThan(0);
    isFailing = false;
    await scheduler.idle();
    await add('b', noon + 2 * minute);
    setTime(noon + 2 * minute);
    await expect.poll(() => outbox.size, { timeout: 4000 }).toBe(2);
    await scheduler.close();
    await add('c', noon + 3 * minute);
    setTime(noon + 3 * minute);
    await scheduler.idle();
    expect([...outbox]).toEqual(['a', 'b']);
  });
  it('leaves alone what another version wrote, without losing it or holding up others', async () => {
    const { add, look, outbox, keys, setTime, plainly } = scene((keyValue) => ({
      get: (key) => keyValue.get(key),
      delete: (key, how) => keyValue.delete(key, how),
      list: (prefix, how) => keyValue.list(prefix, how),
      set: (key, value, how) =>
        keyValue.set(
          key,
          key === 'scheduled/new' ? value.replace('"item"', '"parcel"') : value,
          how,
        ),
    }));
    await add('new', noon + minute);
    await add('old', noon + 2 * minute);
    setTime(noon + 2 * minute);
    const lines: unknown[] = [];
    await look({
      logger: { ...silentLogger, error: (...line: unknown[]) => void lines.push(line) },
    });
    await look();
    expect([...outbox]).toEqual(['old']);
    expect(lines).toHaveLength(1);
    expect((await keys()).filter((key) => key.endsWith('/new'))).toHaveLength(2);
    expect((await plainly.read('new'))?.state).toBe('scheduled');
  });
  it('lets a text be called off that has to wait for a limit', async () => {
    const full = new TelephonyError('limit_reached', 'this hour is over', {
      outcome: 'not-performed',
      retryAfterMs: 30 * minute,
    });
    let isFull = true;
    const { add, look, outbox, setTime, schedule } = scene(undefined, async (id) => {
      if (isFull) throw full;
      return { id, messageCount: 1, segmentCount: 1, duplicate: false };
    });
    await add('a', noon + minute);
    await add('b', noon + minute);
    setTime(noon + minute);
    await look();
    isFull = false;
    expect(await schedule.cancel('a')).toBe(true);
    setTime(noon + 31 * minute - 1);
    await look();
    expect(outbox.size).toBe(0);
    setTime(noon + 31 * minute);
    await look();
    expect([...outbox]).toEqual(['b']);
  });
});
