import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepTrying } from './keep-trying.ts';

/** Fails so many times, and then succeeds. */
function failing(times: number): () => Promise<string> {
  let left = times;
  return () => {
    left -= 1;
    return left >= 0 ? Promise.reject(new Error(`failure, ${left} left`)) : Promise.resolve('done');
  };
}

describe('what must be written down', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is tried again until it is written, and each failure is told', async () => {
    const failures: unknown[] = [];
    const closing = new AbortController();
    const work = keepTrying(failing(3), closing.signal, (error) => failures.push(error));
    await vi.runAllTimersAsync();
    expect(await work).toBe('done');
    expect(failures).toHaveLength(3);
  });
  it('is given up in the end', async () => {
    const { signal } = new AbortController();
    const given = keepTrying(failing(100), signal, () => undefined).catch(String);
    await vi.runAllTimersAsync();
    expect(await given).toContain('failure');
  });
  it('is tried one last time when the server closes, and leaves no timer', async () => {
    const closing = new AbortController();
    const given = keepTrying(failing(100), closing.signal, () => undefined).catch(String);
    await vi.advanceTimersByTimeAsync(0);
    closing.abort();
    expect(await given).toContain('98 left');
    expect(vi.getTimerCount()).toBe(0);
  });
});
