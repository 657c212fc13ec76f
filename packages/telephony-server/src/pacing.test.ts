import { isE164, isShortCode, type Sender } from '@openclaw/telephony-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPacer, defaultSegmentsPerSecond } from './pacing.ts';

const number = (address: string): Sender => {
  if (isE164(address) || isShortCode(address)) return { kind: 'number', address };
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
  it('is as fast as the kind of sender', () => {
    expect(defaultSegmentsPerSecond(number('+15550100100'))).toBe(1);
    expect(defaultSegmentsPerSecond(number('+18005550100'))).toBe(3);
    expect(defaultSegmentsPerSecond(number('+18885550100'))).toBe(3);
    expect(defaultSegmentsPerSecond(number('+18015550100'))).toBe(1);
    expect(defaultSegmentsPerSecond(number('72345'))).toBe(100);
    expect(defaultSegmentsPerSecond({ kind: 'pool', id: 'MG1' })).toBe(Infinity);
  });
});
