import { parseE164 } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { type Backlog, type BacklogOptions, createBacklog } from './backlog.ts';
import type { InboxItem } from './inbox-item.ts';

const ours = parseE164('+15550100100');
const text = (last: number): InboxItem => ({
  kind: 'text',
  message: { id: 'x', from: parseE164(`+1555010${1000 + last}`), to: ours, text: 'hi', media: [] },
});
const receipt: InboxItem = { kind: 'receipt', messageId: 'm', status: 'sent' };

function setUp(over: Partial<BacklogOptions> = {}) {
  const clock = { ms: 0 };
  const state = { waiting: 0, looks: 0 };
  const queue = {
    inspect: () => {
      state.looks += 1;
      const { waiting } = state;
      return Promise.resolve({ waiting, running: 0, dead: 0, oldestWaitingMs: 0 });
    },
  };
  const backlog = createBacklog({
    texts: queue,
    signals: queue,
    now: () => new Date(clock.ms),
    ...over,
  });
  return { backlog, clock, state };
}
async function admit(backlog: Backlog, item: InboxItem): Promise<number> {
  const refused = await backlog.refuses(item);
  if (refused === undefined) backlog.added(item);
  return refused?.status ?? 200;
}

describe('what may wait', () => {
  it('is 300 texts of one sender, of whom the carrier is told 429, and nobody else', async () => {
    const { backlog } = setUp();
    for (let i = 0; i < 300; i += 1) expect(await admit(backlog, text(1))).toBe(200);
    expect(await backlog.refuses(text(1))).toMatchObject({ status: 429, retryAfterSeconds: 60 });
    expect(await admit(backlog, text(2))).toBe(200);
  });
  it('grows less at the rate at which texts are handled', async () => {
    const { backlog, clock } = setUp({ maxWaitingPerSender: 2 });
    await admit(backlog, text(1));
    await admit(backlog, text(1));
    expect(await admit(backlog, text(1))).toBe(429);
    clock.ms += 2000;
    expect(await admit(backlog, text(1))).toBe(200);
    expect(await admit(backlog, text(1))).toBe(429);
    clock.ms = 0;
    expect(await admit(backlog, text(1))).toBe(429);
  });
  it('is bounded in all, what an earlier process left included', async () => {
    const { backlog, state } = setUp({ maxWaiting: 100 });
    state.waiting = 99;
    expect(await admit(backlog, text(1))).toBe(200);
    state.waiting = 100;
    expect(await backlog.refuses(text(2))).toMatchObject({ status: 503, retryAfterSeconds: 60 });
  });
  it('has room again when the queue has, and looks once a second while it has none', async () => {
    const { backlog, clock, state } = setUp({ maxWaiting: 10 });
    state.waiting = 10;
    for (let i = 0; i < 50; i += 1) expect(await admit(backlog, text(i))).toBe(503);
    expect(state.looks).toBe(1);
    state.waiting = 0;
    clock.ms += 1000;
    expect(await admit(backlog, text(1))).toBe(200);
    expect(state.looks).toBe(2);
  });
  it('is looked up seldom while there is room', async () => {
    const { backlog, state } = setUp({ maxWaiting: 10_000, maxWaitingPerSender: Infinity });
    for (let i = 0; i < 5000; i += 1) await admit(backlog, text(i % 100));
    expect(state.looks).toBeLessThanOrEqual(6);
  });
  it('is told by the store, and an error of it is not hidden', async () => {
    const failing = { inspect: () => Promise.reject(new Error('disk')) };
    const { backlog } = setUp({ texts: failing });
    await expect(backlog.refuses(text(1))).rejects.toThrow('disk');
  });
  it('never counts a word of consent or a receipt against a sender', async () => {
    const { backlog } = setUp({ maxWaitingPerSender: 1 });
    const { message } = { message: { id: 's', from: parseE164('+15550101001'), to: ours } };
    const stop: InboxItem = {
      kind: 'keyword',
      keyword: 'stop',
      message: { ...message, text: 'STOP', media: [] },
    };
    await admit(backlog, text(1));
    expect(await admit(backlog, text(1))).toBe(429);
    expect(await admit(backlog, stop)).toBe(200);
    expect(await admit(backlog, receipt)).toBe(200);
  });
});
