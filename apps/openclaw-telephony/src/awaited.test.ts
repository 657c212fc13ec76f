import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createAwaited } from './awaited.ts';

const [ada, bob] = ['+15550100123', '+15550100124'];

describe('what is sent to somebody', () => {
  it('is an answer for half an hour after they texted, whatever restarts meanwhile', async () => {
    let now = Date.parse('2026-11-20T23:00:00Z');
    const store = createMemoryStore({ now: () => new Date(now) });
    await createAwaited(store.keyValue, 'default').wrote(ada);
    const restarted = createAwaited(store.keyValue, 'default');
    now += 29 * 60_000;
    expect(await restarted.awaits(ada)).toBe(true);
    now += 60_000;
    expect(await restarted.awaits(ada)).toBe(false);
  });

  it('is no answer when they did not text, or texted another account', async () => {
    const { keyValue } = createMemoryStore();
    await createAwaited(keyValue, 'second').wrote(ada);
    const awaited = createAwaited(keyValue, 'default');
    expect([await awaited.awaits(ada), await awaited.awaits(bob)]).toEqual([false, false]);
  });
});
