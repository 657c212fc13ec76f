import { describe, expect, it } from 'vitest';
import { createDispatchLimits } from './dispatch-limits.ts';

describe('the limits of the dispatcher', () => {
  it('let 30 texts of one sender through in a minute, whoever else texts (C15)', () => {
    const limits = createDispatchLimits({ now: () => new Date(0) });
    for (let i = 0; i < 30; i += 1) expect(limits.take('ada', 'us')).toBeUndefined();
    expect(limits.take('ada', 'us')).toEqual({ limit: 'sender', waitMs: 60_000 });
    expect(limits.take('bob', 'us')).toBeUndefined();
  });
  it('let 300 texts to one number through, and count none that had to wait', () => {
    const limits = createDispatchLimits({ now: () => new Date(0) });
    for (let i = 0; i < 300; i += 1) expect(limits.take(`sender-${i}`, 'us')).toBeUndefined();
    for (let i = 0; i < 40; i += 1) {
      expect(limits.take('late', 'us')).toEqual({ limit: 'number', waitMs: 60_000 });
    }
    expect(limits.take('late', 'our other number')).toBeUndefined();
  });
  it('do not count for the number what strangers send', () => {
    const limits = createDispatchLimits({ now: () => new Date(0), perNumberPerMinute: 1 });
    for (let i = 0; i < 30; i += 1) expect(limits.take('stranger')).toBeUndefined();
    expect(limits.take('stranger')).toEqual({ limit: 'sender', waitMs: 60_000 });
    expect(limits.take('ada', 'us')).toBeUndefined();
    expect(limits.take('ada', 'us')?.limit).toBe('number');
  });
});
