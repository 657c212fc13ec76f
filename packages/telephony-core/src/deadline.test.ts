import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeadlines } from './deadline.ts';

describe('a deadline', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is never too early, and a twentieth too late at most, for all that began together', () => {
    const begin = createDeadlines(1000);
    const first = begin();
    vi.advanceTimersByTime(40);
    const second = begin();
    expect(second.signal).toBe(first.signal);
    vi.advanceTimersByTime(1000);
    expect(first.signal.aborted).toBe(false);
    vi.advanceTimersByTime(10);
    expect(second.signal.aborted).toBe(true);
    expect(second.signal.reason).toHaveProperty('name', 'TimeoutError');
  });
  it('is of its own for what begins later, and for what comes when many share one', () => {
    const begin = createDeadlines(1000);
    const first = begin();
    vi.advanceTimersByTime(51);
    const later = begin();
    expect(later.signal).not.toBe(first.signal);
    vi.advanceTimersByTime(999);
    expect([first.signal.aborted, later.signal.aborted]).toEqual([true, false]);
    const signals = new Set(Array.from({ length: 1001 }, () => begin().signal));
    expect(signals.size).toBeGreaterThan(2);
  });
  it('leaves no timer behind when all that began with it has ended', () => {
    const begin = createDeadlines(1000);
    const [one, other] = [begin(), begin()];
    one.done();
    expect(vi.getTimerCount()).toBe(1);
    other.done();
    expect(vi.getTimerCount()).toBe(0);
    const next = begin();
    expect(next.signal).not.toBe(one.signal);
    next.done();
    expect(vi.getTimerCount()).toBe(0);
  });
});
