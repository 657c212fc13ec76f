import { isAlphanumericSenderId, isE164, isShortCode, type Sender } from '@openclaw/telephony-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPacer, LineFull, SenderHeld, segmentsPerSecondOf } from './pacing.ts';

const number = (address: string): Sender => {
  if (isE164(address) || isShortCode(address) || isAlphanumericSenderId(address)) {
    return { kind: 'number', address };
  }
  throw new Error('not an address');
};
const never = new AbortController().signal;

describe('pacing', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('lets the first message out at once, and each other when those before it had their time', async () => {
    const pacer = createPacer({ segmentsPerSecond: 2, now: () => new Date() });
    const start = Date.now();
    const left: number[] = [];
    const take = async (segments: number): Promise<void> => {
      await pacer.take(segments, never);
      left.push(Date.now() - start);
    };
    const all = Promise.all([take(4), take(1), take(1)]);
    await vi.runAllTimersAsync();
    await all;
    expect(left).toEqual([0, 2000, 2500]);
  });
  it('keeps the order, and never lets more out than the speed and one message allow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ segments: fc.integer({ min: 1, max: 10 }), afterMs: fc.nat(3000) }), {
          maxLength: 30,
        }),
        fc.integer({ min: 1, max: 20 }),
        async (messages, segmentsPerSecond) => {
          const pacer = createPacer({ segmentsPerSecond, now: () => new Date() });
          const left: { at: number; segments: number; index: number }[] = [];
          const takes: Promise<void>[] = [];
          for (const [index, { segments, afterMs }] of messages.entries()) {
            await vi.advanceTimersByTimeAsync(afterMs);
            takes.push(
              pacer
                .take(segments, never)
                .then(() => void left.push({ at: Date.now(), segments, index })),
            );
          }
          await vi.runAllTimersAsync();
          await Promise.all(takes);
          expect(left.map(({ index }) => index)).toEqual(messages.map((_, index) => index));
          for (const [first, from] of left.entries()) {
            let segments = 0;
            for (const one of left.slice(first)) {
              // What left before this one, in the time since the first of them. Timers go by whole milliseconds.
              const allowed = ((one.at - from.at + 1) * segmentsPerSecond) / 1000;
              expect(segments).toBeLessThanOrEqual(allowed + 1e-6);
              segments += one.segments;
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });
  it('is fair: an answer of many messages takes turns with the others', async () => {
    const pacer = createPacer({ segmentsPerSecond: 1, now: () => new Date() });
    const left: string[] = [];
    const conversation = async (name: string, count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        await pacer.take(1, never);
        left.push(name);
      }
    };
    const all = Promise.all([conversation('long', 5), conversation('a', 1), conversation('b', 1)]);
    await vi.runAllTimersAsync();
    await all;
    expect(left.slice(0, 4)).toEqual(['long', 'a', 'b', 'long']);
  });
  it('sends everybody away while the carrier asks for patience, those who wait already too', async () => {
    const pacer = createPacer({ segmentsPerSecond: 1, now: () => new Date() });
    await pacer.take(1, never);
    const waiting = pacer.take(1, never).catch((error: unknown) => error);
    pacer.hold(10_000);
    pacer.hold(5000);
    await expect(pacer.take(1, never)).rejects.toBeInstanceOf(SenderHeld);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await waiting).toMatchObject({ afterMs: 9000 });
    await vi.advanceTimersByTimeAsync(9000);
    await expect(pacer.take(1, never)).resolves.toBeUndefined();
  });
  it('holds a sender that is not paced as well', async () => {
    const pacer = createPacer({ segmentsPerSecond: Infinity, now: () => new Date() });
    await pacer.take(50, never);
    pacer.hold(1000);
    await expect(pacer.take(1, never)).rejects.toMatchObject({ afterMs: 1000 });
  });
  it('is not held up by a clock that is set back', async () => {
    let time = Date.UTC(2026, 10, 20);
    const pacer = createPacer({ segmentsPerSecond: 1, now: () => new Date(time) });
    await pacer.take(1, never);
    time -= 3_600_000;
    const second = pacer.take(1, never);
    await vi.advanceTimersByTimeAsync(1000);
    await second;
    expect(vi.getTimerCount()).toBe(0);
  });
  it('stops waiting when the server closes, and leaves no timer', async () => {
    const pacer = createPacer({ segmentsPerSecond: 1, now: () => new Date() });
    const closing = new AbortController();
    await pacer.take(10, closing.signal);
    const second = pacer.take(1, closing.signal);
    closing.abort();
    await expect(second).rejects.toThrow('stopped while waiting for the sender');
    await expect(pacer.take(1, closing.signal)).rejects.toThrow('stopped');
    expect(vi.getTimerCount()).toBe(0);
  });
  it('lets answers go first, in their order, and the others after them', async () => {
    const pacer = createPacer({ segmentsPerSecond: 1, now: () => new Date() });
    const left: string[] = [];
    const take = async (name: string, isAnswer: boolean): Promise<void> => {
      await pacer.take(1, never, { isAnswer });
      left.push(name);
    };
    const all = Promise.all([
      take('first', false),
      take('bulk 1', false),
      take('bulk 2', false),
      take('answer 1', true),
      take('answer 2', true),
    ]);
    await vi.runAllTimersAsync();
    await all;
    expect(left).toEqual(['first', 'answer 1', 'answer 2', 'bulk 1', 'bulk 2']);
  });
  it('sends those away who would wait long in a place that an answer may need, each to its own time', async () => {
    const pacer = createPacer({ segmentsPerSecond: 1, now: () => new Date(), mostWaiting: 3 });
    const waiting = Array.from({ length: 4 }, () => pacer.take(1, never));
    const away = await Promise.allSettled([pacer.take(2, never), pacer.take(1, never)]);
    expect(away).toMatchObject([
      { status: 'rejected', reason: { afterMs: 2000 } },
      { status: 'rejected', reason: { afterMs: 3000 } },
    ]);
    for (const one of away) expect(one).toHaveProperty('reason', expect.any(LineFull));
    const answer = pacer.take(1, never, { isAnswer: true });
    await vi.advanceTimersByTimeAsync(1000);
    await answer;
    // Those who were sent away have been given their time; who comes now comes behind them.
    await expect(pacer.take(1, never)).rejects.toMatchObject({ afterMs: 3000 });
    await vi.runAllTimersAsync();
    await Promise.all(waiting);
    expect(vi.getTimerCount()).toBe(0);
  });
  it('lets everybody wait for a moment, also with no place to spare', async () => {
    const pacer = createPacer({ segmentsPerSecond: 1, now: () => new Date(), mostWaiting: 0 });
    const waiting = Array.from({ length: 3 }, () => pacer.take(1, never));
    await expect(pacer.take(1, never)).rejects.toBeInstanceOf(LineFull);
    await vi.runAllTimersAsync();
    await Promise.all(waiting);
  });
  it('makes up for timers that are late, and lets no burst out after a long pause', async () => {
    let lateMs = 0;
    const pacer = createPacer({
      segmentsPerSecond: 1000,
      now: () => new Date(Date.now() + lateMs),
    });
    let count = 0;
    for (let n = 0; n < 500; n += 1) void pacer.take(1, never).then(() => (count += 1));
    await vi.advanceTimersByTimeAsync(1);
    lateMs = 60_000;
    await vi.advanceTimersByTimeAsync(1);
    expect(count).toBeLessThanOrEqual(25);
    expect(count).toBeGreaterThan(15);
    await vi.runAllTimersAsync();
    expect(count).toBe(500);
  });
  it('is as fast as the kind of sender', () => {
    expect(segmentsPerSecondOf(number('+15550100100'))).toBe(1);
    expect(segmentsPerSecondOf(number('+18005550100'))).toBe(3);
    expect(segmentsPerSecondOf(number('+18885550100'))).toBe(3);
    expect(segmentsPerSecondOf(number('+18015550100'))).toBe(1);
    expect(segmentsPerSecondOf(number('72345'))).toBe(100);
    expect(segmentsPerSecondOf(number('OurShop'))).toBe(1);
    expect(segmentsPerSecondOf({ kind: 'pool', id: 'MG1' })).toBe(Infinity);
  });
  it('can be told for every sender, or for each kind', () => {
    expect(segmentsPerSecondOf(number('+15550100100'), 10)).toBe(10);
    expect(segmentsPerSecondOf(number('+15550100100'), { longCode: 10 })).toBe(10);
    expect(segmentsPerSecondOf(number('+18005550100'), { longCode: 10 })).toBe(3);
    expect(segmentsPerSecondOf({ kind: 'pool', id: 'MG1' }, { pool: 50 })).toBe(50);
    for (const wrong of [0, -1, Number.NaN]) {
      expect(() => segmentsPerSecondOf(number('72345'), wrong)).toThrow(RangeError);
    }
  });
});
