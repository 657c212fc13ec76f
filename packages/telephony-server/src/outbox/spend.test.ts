import { createMemoryStore, type KeyValueStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createSpendLedger, type SpendLimits } from './spend.ts';

const one = { messageCount: 1, segmentCount: 1 };

/** A ledger whose clock the test sets, and whose writes it counts. */
function ledger(limits: SpendLimits = {}) {
  const clock = { at: '2026-11-20T12:00:00Z' };
  const now = (): Date => new Date(clock.at);
  const inner = createMemoryStore({ now }).keyValue;
  const writes: string[] = [];
  const broken = { now: false };
  const keyValue: KeyValueStore = {
    get: (key) => inner.get(key),
    delete: (key, how) => inner.delete(key, how),
    list: (prefix, how) => inner.list(prefix, how),
    async set(key, value, how) {
      writes.push(key);
      if (broken.now) throw new Error('the disk is full');
      return inner.set(key, value, how);
    },
  };
  return { clock, writes, broken, ...createSpendLedger({ keyValue, now, limits }) };
}
const count = async (work: readonly Promise<void>[]): Promise<number> =>
  (await Promise.allSettled(work)).filter(({ status }) => status === 'fulfilled').length;

describe('the spend limits', () => {
  it('hold when the clock goes back and forth over the hour', async () => {
    const spend = ledger({ maxPerHour: 2 });
    let accepted = 0;
    for (let n = 0; n < 30; n += 1) {
      spend.clock.at = n % 2 === 0 ? '2026-11-20T12:59:59.990Z' : '2026-11-20T13:00:00.005Z';
      accepted += await count([spend.reserve(`s${n}`, one)]);
    }
    // One in the hour before, and two in the hour that stays open.
    expect(accepted).toBe(3);
    expect((await spend.spent()).hour.messageCount).toBe(2);
  });
  it('hold when the clock goes back by a day', async () => {
    const spend = ledger({ maxPerDay: 5 });
    let accepted = 0;
    for (const [index, day] of [20, 19, 20, 19, 20].entries()) {
      spend.clock.at = `2026-11-${day}T12:00:00Z`;
      for (let n = 0; n < 10; n += 1) {
        accepted += await count([spend.reserve(`s${index}-${n}`, one)]);
      }
    }
    expect(accepted).toBe(5);
  });
  it('say when to come again while the window that is open is ahead of the clock', async () => {
    const spend = ledger({ maxPerHour: 1 });
    spend.clock.at = '2026-11-20T13:00:00Z';
    await spend.reserve('a', one);
    spend.clock.at = '2026-11-20T12:30:00Z';
    await expect(spend.reserve('b', one)).rejects.toMatchObject({ retryAfterMs: 90 * 60_000 });
  });
  it('do not stay shut for a clock that was years ahead', async () => {
    const spend = ledger({ maxPerHour: 1, maxPerDay: 1 });
    spend.clock.at = '2036-11-20T12:00:00Z';
    await spend.reserve('a', one);
    spend.clock.at = '2026-11-20T12:00:00Z';
    await expect(spend.reserve('b', one)).resolves.toBeUndefined();
  });
  it('are charged once for an id, also when it comes again later, and for what it has grown', async () => {
    const spend = ledger();
    await spend.reserve('a', one);
    spend.clock.at = '2026-11-20T12:59:00Z';
    await spend.reserve('a', one);
    expect((await spend.spent()).hour).toEqual(one);
    await Promise.all([spend.reserve('b', one), spend.reserve('b', one)]);
    await spend.reserve('a', { messageCount: 2, segmentCount: 4 });
    expect((await spend.spent()).hour).toEqual({ messageCount: 3, segmentCount: 5 });
  });
  it('take many at once with few writes, and not one more than may', async () => {
    const spend = ledger({ maxPerHour: 50 });
    const all = Array.from({ length: 80 }, (_, n) => spend.reserve(`s${n}`, one));
    expect(await count(all)).toBe(50);
    expect(spend.writes.filter((key) => key === 'spend').length).toBeLessThanOrEqual(2);
    expect((await spend.spent()).hour.messageCount).toBe(50);
  });
  it('let a small one through beside one that is too large', async () => {
    const spend = ledger({ maxSegmentsPerDay: 3 });
    const large = spend.reserve('large', { messageCount: 1, segmentCount: 4 });
    const small = spend.reserve('small', { messageCount: 1, segmentCount: 3 });
    await expect(large).rejects.toMatchObject({ code: 'limit_reached' });
    await expect(small).resolves.toBeUndefined();
  });
  it('refuse while the store fails, and go on after it', async () => {
    const spend = ledger();
    spend.broken.now = true;
    await expect(spend.reserve('a', one)).rejects.toThrow('the disk is full');
    spend.broken.now = false;
    await expect(spend.reserve('a', one)).resolves.toBeUndefined();
  });
});
