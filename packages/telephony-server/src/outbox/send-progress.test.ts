import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { type MessageProgress, createSendLedger } from './send-progress.ts';

const cost = { messageCount: 1, segmentCount: 1 };

function ledger() {
  const clock = { ms: Date.parse('2026-11-20T12:00:00Z') };
  const now = (): Date => new Date(clock.ms);
  const { keyValue } = createMemoryStore({ now });
  return { clock, ...createSendLedger({ keyValue, now }) };
}

describe('the progress of a send', () => {
  it.each<MessageProgress>([
    { state: 'waiting', attempts: 1 },
    { state: 'failed', code: 'network', reason: '' },
    { state: 'skipped' },
  ])('goes to dispatching from %j, for one of those who try', async (before) => {
    const sends = ledger();
    await sends.begin('a', '+15550100123', cost);
    await sends.move('a', 0, before);
    const tries = await Promise.all([1, 2, 3].map(() => sends.startDispatch('a', 0, 2)));
    expect(tries.filter(({ isMine }) => isMine)).toHaveLength(1);
  });
  it.each<MessageProgress>([
    { state: 'dispatching', attempts: 1 },
    { state: 'unknown', code: 'timeout' },
    { state: 'accepted', messageId: 'm' },
  ])('never goes back to dispatching from %j', async (before) => {
    const sends = ledger();
    await sends.begin('a', '+15550100123', cost);
    await sends.move('a', 0, before);
    expect(await sends.startDispatch('a', 0, 2)).toMatchObject({
      isMine: false,
      progress: { messages: [before] },
    });
    expect((await sends.move('a', 0, { state: 'dispatching', attempts: 2 })).messages).toEqual([
      before,
    ]);
  });
  it('never goes back to dispatching when a person has decided', async () => {
    const sends = ledger();
    await sends.begin('a', '+15550100123', cost);
    await sends.move('a', 0, { state: 'unknown', code: 'timeout' });
    await sends.resolve('a', 0, { state: 'resolved', as: 'sent' });
    expect((await sends.startDispatch('a', 0, 2)).isMine).toBe(false);
  });
  it('is forgotten 30 days after the last step, and not before', async () => {
    const sends = ledger();
    await sends.begin('a', '+15550100123', cost);
    sends.clock.ms += 30 * 24 * 3_600_000 - 1;
    expect(await sends.get('a')).toBeDefined();
    sends.clock.ms += 1;
    expect(await sends.get('a')).toBeUndefined();
  });
});
