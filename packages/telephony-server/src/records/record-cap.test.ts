import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createDeliveryTracker } from '../delivery/deliveries.ts';

describe('the deliveries that are followed', () => {
  it('are so many, and the ones that were heard of last', async () => {
    let now = new Date('2026-11-20T12:00:00Z');
    const { keyValue } = createMemoryStore({ now: () => now });
    const tracker = createDeliveryTracker({
      keyValue,
      now: () => now,
      onFailed: () => undefined,
      maxCount: 40,
    });
    for (let n = 0; n < 200; n += 1) {
      now = new Date(now.getTime() + 1000);
      await tracker.record({ messageId: `m-${n}`, status: 'sent' });
      // One that is heard of again and again.
      await tracker.record({ messageId: 'm-0', status: 'sent' });
    }
    const left: string[] = [];
    for await (const { key } of keyValue.list('delivery/')) left.push(key);
    expect(left.length).toBeGreaterThanOrEqual(40);
    expect(left.length).toBeLessThanOrEqual(50);
    expect(left).toContain('delivery/m-0');
    expect(left).toContain('delivery/m-199');
    expect(left).not.toContain('delivery/m-1');
  });
});
