import { once } from 'node:events';
import { parseE164 } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { type Backlog, type BacklogOptions, createBacklog } from './backlog.ts';
import {
  type InboxItem,
  laneOf,
  parseSignalItem,
  parseTextItem,
  type TextItem,
} from './inbox-item.ts';

const ours = parseE164('+15550100100');
const text = (last: number): TextItem => ({
  kind: 'text',
  message: { id: 'x', from: parseE164(`+1555010${1000 + last}`), to: ours, text: 'hi', media: [] },
});
const receipt: InboxItem = { kind: 'receipt', messageId: 'm', status: 'sent' };

function setUp(over: Partial<BacklogOptions> = {}) {
  const clock = { ms: 0 };
  const state = { waiting: 0, looks: 0 };
  const queue = {
    countLane: () => Promise.resolve(0),
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
/** The same over a real queue. */
function setUpStore(over: Partial<BacklogOptions> = {}) {
  const store = createMemoryStore();
  const texts = store.queue('texts', { parse: parseTextItem });
  const signals = store.queue('signals', { parse: parseSignalItem });
  const backlog = createBacklog({ texts, signals, now: () => new Date(0), ...over });
  let count = 0;
  return {
    backlog,
    texts,
    signals,
    admitNew: async (last: number): Promise<number> => {
      const item = text(last);
      const status = await admit(backlog, item);
      count += 1;
      if (status === 200) await texts.add({ id: `${count}`, lane: laneOf(item), payload: item });
      return status;
    },
    /** Handles one text of whoever waited longest. */
    handleOne: async (): Promise<void> => {
      const bell = new EventTarget();
      const handled = once(bell, 'handled');
      const runner = texts.run(async () => void bell.dispatchEvent(new Event('handled')), {
        concurrency: 1,
      });
      await handled;
      await runner.close();
    },
  };
}
async function admit(backlog: Backlog, item: InboxItem): Promise<number> {
  const refused = await backlog.refuses(item);
  if (refused === undefined) backlog.added(item);
  return refused?.status ?? 200;
}

describe('what may wait', () => {
  it('is 300 texts of one sender, of whom the carrier is told 429, and nobody else', async () => {
    const { admitNew } = setUpStore();
    for (let i = 0; i < 300; i += 1) expect(await admitNew(1)).toBe(200);
    expect(await admitNew(1)).toBe(429);
    expect(await admitNew(2)).toBe(200);
  });
  it('is what was not handled yet, however fast or slow texts are handled', async () => {
    const { admitNew, handleOne } = setUpStore({ maxWaitingPerSender: 2 });
    for (let i = 0; i < 2; i += 1) expect(await admitNew(1)).toBe(200);
    for (let i = 0; i < 3; i += 1) expect(await admitNew(1)).toBe(429);
    for (let i = 0; i < 5; i += 1) {
      await handleOne();
      expect(await admitNew(1)).toBe(200);
      expect(await admitNew(1)).toBe(429);
    }
  });
  it('counts what an earlier process left of a sender', async () => {
    const { admitNew, texts, signals } = setUpStore({ maxWaitingPerSender: 2 });
    for (let i = 0; i < 2; i += 1) await admitNew(1);
    const after = createBacklog({ texts, signals, maxWaitingPerSender: 2, now: () => new Date(0) });
    expect(await after.refuses(text(1))).toMatchObject({ status: 429, retryAfterSeconds: 60 });
  });
  it('is not exceeded by texts that come at once', async () => {
    const { backlog } = setUpStore({ maxWaitingPerSender: 3 });
    const verdicts = await Promise.all(
      Array.from({ length: 10 }, async () => backlog.refuses(text(1))),
    );
    expect(verdicts.filter((refused) => refused === undefined)).toHaveLength(3);
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
    const failing = {
      countLane: () => Promise.resolve(0),
      inspect: () => Promise.reject(new Error('disk')),
    };
    const { backlog } = setUp({ texts: failing });
    await expect(backlog.refuses(text(1))).rejects.toThrow('disk');
  });
  it('never counts a word of consent or a receipt against a sender', async () => {
    const { backlog, admitNew } = setUpStore({ maxWaitingPerSender: 1 });
    const { message } = { message: { id: 's', from: parseE164('+15550101001'), to: ours } };
    const stop: InboxItem = {
      kind: 'keyword',
      keyword: 'stop',
      message: { ...message, text: 'STOP', media: [] },
    };
    await admitNew(1);
    expect(await admitNew(1)).toBe(429);
    expect(await admit(backlog, stop)).toBe(200);
    expect(await admit(backlog, receipt)).toBe(200);
  });
});
