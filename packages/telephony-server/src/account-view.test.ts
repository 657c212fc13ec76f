import { createMemoryStore } from '@openclaw/telephony-store';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { accountRecords } from './records/account-records.ts';
import { openAccountView } from './account-view.ts';
import type { LoggedMessage } from './observe/message-log-entry.ts';
import { createMessageLog } from './observe/message-log.ts';
import { ada, everybody, ours, type RunningServer, startServer } from './running-server.testing.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer(options);
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});
const wordsOf = (messages: readonly LoggedMessage[]): string[] => messages.map(({ text }) => text);
const textFrom = (words: string) => ({ id: words, from: ada, to: ours, text: words, media: [] });

describe('the view of an account', () => {
  it('shows texts in and out, the newest first, with what became of them', async () => {
    const running = await start();
    await running.text('hello');
    await running.text('STOP');
    expect(await running.sent()).toContain('echo hello');
    const view = openAccountView({ store: running.store });
    const messages = await view.messages.list();
    expect(wordsOf(messages).toSorted()).toEqual(['STOP', 'echo hello', 'hello']);
    const [out] = await view.messages.list({ direction: 'outbound' });
    expect(out).toMatchObject({
      from: ours,
      to: ada,
      text: 'echo hello',
      mediaCount: 0,
      segmentCount: 1,
      purpose: 'reply',
    });
    const text = messages.find((message) => message.text === 'hello');
    expect(text).toMatchObject({ direction: 'inbound', from: ada, to: ours, messageId: 'in-1' });
    expect(messages.find((message) => message.text === 'STOP')?.keyword).toBe('stop');
    // One thread through the log: the answer has the correlation id of the text.
    expect(out?.correlationId).toBe(text?.correlationId);

    const [sent] = running.provider.sent;
    for (const id of [out?.id ?? '', out?.sendId ?? '', sent?.id ?? '']) {
      expect(await view.messages.show(id)).toMatchObject({
        message: { text: 'echo hello' },
        progress: { messages: [{ state: 'accepted', messageId: sent?.id }] },
        deliveries: [{ messageId: sent?.id, to: ada }],
      });
    }
    expect(await view.messages.show('in-1')).toMatchObject({ message: { text: 'hello' } });
    expect(await view.messages.show('nothing')).toBeUndefined();
  });
  it('writes a text down once, however often its handler runs', async () => {
    let runs = 0;
    const running = await start({
      store: createMemoryStore({ random: () => 0 }),
      onMessage: () => {
        runs += 1;
        if (runs < 2) throw new Error('not yet');
      },
    });
    await running.text('hello');
    await expect.poll(() => runs, { timeout: 5000 }).toBe(2);
    await running.server.idle();
    const view = openAccountView({ store: running.store });
    expect(wordsOf(await view.messages.list())).toEqual(['hello']);
  });
  it('writes a send down once, however often it is asked for', async () => {
    const running = await start({ idle: true });
    const send = () => running.server.send({ to: ada, text: 'once', id: 'a' });
    await Promise.all([send(), send(), send()]);
    const view = openAccountView({ store: running.store });
    expect(wordsOf(await view.messages.list())).toEqual(['once']);
    expect((await view.messages.show('a'))?.deliveries).toEqual([]);
  });
  it('pages, and keeps to one person', async () => {
    const { keyValue } = createMemoryStore();
    const at = new Date('2026-11-20T12:00:00Z');
    const records = accountRecords(keyValue, 'default');
    const log = createMessageLog({ keyValue: records, now: () => at });
    for (let n = 0; n < 25; n += 1) {
      const from = n % 2 === 0 ? ada : ours;
      const details = { arrivedAt: at, isRepeat: false };
      await log.recordText(`id-${n}`, { ...textFrom(`text ${n}`), from }, details);
    }
    const store = { ...createMemoryStore(), keyValue };
    const { messages } = openAccountView({ store });
    const first = await messages.list({ limit: 10 });
    expect(wordsOf(first)).toEqual(Array.from({ length: 10 }, (_, n) => `text ${24 - n}`));
    const second = await messages.list({ limit: 10, after: first.at(-1)?.id ?? '' });
    expect(wordsOf(second)).toEqual(Array.from({ length: 10 }, (_, n) => `text ${14 - n}`));
    expect(await messages.list({ with: ada, limit: 100 })).toHaveLength(13);
    expect(await messages.list({ direction: 'outbound' })).toEqual([]);
    expect(await messages.list({ limit: 0 })).toEqual([]);
  });
  it('keeps so many messages, for 30 days', async () => {
    let now = new Date('2026-11-01T12:00:00Z');
    const { keyValue } = createMemoryStore({ now: () => now });
    const log = createMessageLog({ keyValue, now: () => now, maxCount: 20 });
    const countOf = async (): Promise<number> => {
      let count = 0;
      for await (const _ of keyValue.list('log/')) count += 1;
      return count;
    };
    for (let n = 0; n < 100; n += 1) {
      now = new Date(now.getTime() + 1000);
      await log.recordText(`id-${n}`, textFrom('x'), { arrivedAt: now, isRepeat: false });
      expect(await countOf()).toBeLessThanOrEqual(25);
    }
    expect(await countOf()).toBeGreaterThanOrEqual(20);
    now = new Date('2026-12-02T12:00:00Z');
    expect(await countOf()).toBe(0);
  });
  it('follows messages as they come, until it is told to stop', async () => {
    const running = await start();
    await running.text('before');
    await running.sent();
    const view = openAccountView({ store: running.store });
    const stop = new AbortController();
    const heard: string[] = [];
    const tail = view.messages.tail({ signal: stop.signal, pollMs: 1, direction: 'inbound' });
    const following = (async () => {
      for await (const { text } of tail) heard.push(text);
    })();
    await expect
      .poll(async () => {
        // The first look must be over before the next text, or it is no news.
        await running.text('after');
        return heard.length;
      })
      .toBeGreaterThanOrEqual(2);
    expect(new Set(heard)).toEqual(new Set(['after']));
    stop.abort();
    await following;
  });
  it('lists the dead, and sends them again', async () => {
    let fails = true;
    const running = await start({
      access: everybody,
      onMessage: async (_message, reply) => {
        if (fails) await reply('');
        await reply('at last');
      },
    });
    await running.text('hello');
    await running.server.idle();
    const view = openAccountView({ store: running.store });
    const [dead] = await view.dead.list();
    expect(dead).toMatchObject({
      queue: 'texts',
      from: ada,
      text: 'hello',
      reason: 'there is nothing to send: no text and no media',
    });
    expect((await view.queues()).texts).toMatchObject({ waiting: 0, dead: 1 });
    fails = false;
    expect(await view.dead.retry(dead?.id ?? '')).toBe(true);
    expect(await view.dead.retry('nothing')).toBe(false);
    expect(await running.sent()).toEqual(['at last']);
    expect(await view.dead.list()).toEqual([]);
  });
  it('works from another process on the same file while the server runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'telephony-view-'));
    const path = join(folder, 'a.db');
    const running = await start({ store: createSqliteStore({ path }) });
    const other = createSqliteStore({ path });
    try {
      await running.text('hello');
      await running.sent();
      const view = openAccountView({ store: other });
      expect(wordsOf(await view.messages.list()).toSorted()).toEqual(['echo hello', 'hello']);
      expect(await view.queues()).toMatchObject({ texts: { waiting: 0 }, outbox: { waiting: 0 } });
      expect(await view.unknownSends()).toEqual([]);
      const one = { messageCount: 1, segmentCount: 1 };
      expect(await view.spent()).toEqual({ hour: one, day: one });
      expect(await view.receipts()).toMatchObject([{ messageId: 'mock-1', status: 'accepted' }]);
    } finally {
      await other.close();
      await running.close();
      await rm(folder, { recursive: true });
    }
  });
});
