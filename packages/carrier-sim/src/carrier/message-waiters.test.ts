import { describe, expect, it } from 'vitest';
import { createWaiters } from './message-waiters.ts';

const any = (): boolean => true;

describe('waiters', () => {
  it('get each thing once, in the order in which they began to wait', async () => {
    const waiters = createWaiters<number>(10);
    const first = waiters.next(any, 60_000, 'a number');
    const even = waiters.next((item) => item % 2 === 0, 60_000, 'an even number');
    waiters.offer(1);
    waiters.offer(3);
    waiters.offer(4);
    expect(await Promise.all([first, even])).toEqual([1, 4]);
    expect(await waiters.next(any, 0, 'a number')).toBe(3);
  });

  it('do not keep more than they may', async () => {
    const waiters = createWaiters<number>(1);
    waiters.offer(1);
    waiters.offer(2);
    expect(await waiters.next(any, 0, 'a number')).toBe(1);
    await expect(waiters.next(any, 0, 'a number')).rejects.toThrow('0 others');
  });

  it('learn why nothing will come', async () => {
    const waiters = createWaiters<number>(10);
    waiters.offer(1);
    const waiting = waiters.next((item) => item > 1, 60_000, 'a big number');
    waiters.dismiss('closed');
    await expect(waiting).rejects.toThrow('waited for a big number: closed');
    await expect(waiters.next(any, 0, 'a number')).rejects.toThrow('none arrived within 0 ms');
  });
});
