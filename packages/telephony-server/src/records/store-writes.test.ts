import { createMemoryStore, type TelephonyStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import { openAccountView } from '../account-view.ts';
import type { Metrics } from '../observe/metrics.ts';
import { ada, echo, type RunningServer, startServer } from '../running-server.testing.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer(options);
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});

/** A store that notes the keys that are written, and refuses those that a test does not want written. */
function watchedStore(refuses: (key: string, value: string) => boolean = () => false) {
  const store = createMemoryStore({ random: () => 0 });
  const written: string[] = [];
  const { keyValue } = store;
  const watched: TelephonyStore = {
    keyValue: {
      get: (key) => keyValue.get(key),
      delete: (key, options) => keyValue.delete(key, options),
      list: (prefix, options) => keyValue.list(prefix, options),
      async set(key, value, options) {
        if (refuses(key, value)) throw new Error('the disk is full');
        written.push(key.split('/').slice(0, 3).join('/'));
        return keyValue.set(key, value, options);
      },
    },
    queue: (name, options) => store.queue(name, options),
    close: () => store.close(),
  };
  return { store: watched, written };
}

describe('what a text costs the store', () => {
  it('is one record beside the inbox, and none before the carrier has its answer', async () => {
    const { store, written } = watchedStore();
    const running = await start({ store, idle: true, onMessage: () => undefined });
    expect((await running.text('hello')).status).toBe(200);
    expect(written).toEqual([]);
    running.server.start();
    await running.sent();
    expect(written).toEqual(['account/default/log']);
  });
});

describe('a store that fails', () => {
  it('for a moment does not make a sent message unknown', async () => {
    let refusedCount = 0;
    const { store } = watchedStore((key, value) => {
      const refuse = key.includes('/send/') && value.includes('accepted') && refusedCount < 2;
      if (refuse) refusedCount += 1;
      return refuse;
    });
    const running = await start({ store });
    await running.server.send({ to: ada, text: 'once', id: 'a' });
    expect(await running.sent()).toEqual(['once']);
    expect(refusedCount).toBe(2);
    expect((await running.server.sendProgress('a'))?.messages).toMatchObject([
      { state: 'accepted' },
    ]);
    expect(running.lines.filter((line) => line.includes('not written down yet'))).toHaveLength(2);
  });
  it('before the request leaves keeps it from leaving, and it leaves later', async () => {
    let isFull = true;
    const { store } = watchedStore((key, value) => value.includes('dispatching') && isFull);
    const running = await start({ store });
    await running.server.send({ to: ada, text: 'later', id: 'a' });
    expect(await running.sent()).toEqual([]);
    isFull = false;
    await expect.poll(() => running.provider.sent.length, { timeout: 5000 }).toBe(1);
  });
  it('for the log makes the text come again before anything was done about it', async () => {
    let isFull = true;
    const { store } = watchedStore((key) => key.includes('/log/') && isFull);
    const running = await start({ store, onMessage: echo });
    await running.text('hello');
    expect(await running.sent()).toEqual([]);
    isFull = false;
    await expect.poll(() => running.provider.sent.length, { timeout: 5000 }).toBe(1);
    const view = openAccountView({ store });
    const words = (await view.messages.list()).map(({ text }) => text);
    expect(new Set(words)).toEqual(new Set(['hello', 'echo hello']));
  });
});

describe('sends', () => {
  it('are counted by what became of them', async () => {
    const counts = new Map<string, number>();
    const metrics: Metrics = {
      count(name, labels = {}, by = 1) {
        const key = [name, labels['result'] ?? labels['status']].filter(Boolean).join(' ');
        counts.set(key, (counts.get(key) ?? 0) + by);
      },
      observe: () => undefined,
      gauge: () => undefined,
    };
    const running = await start({ metrics });
    await running.server.send({ to: ada, text: 'x'.repeat(161) });
    await running.sent();
    await running.receipt({ id: running.provider.sent[0]?.id ?? '', status: 'delivered' });
    await running.receipt({ id: running.provider.sent[0]?.id ?? '', status: 'read' });
    await running.server.idle();
    expect(counts.get('telephony_sends_total accepted')).toBe(1);
    expect(counts.get('telephony_segments_sent_total')).toBe(2);
    expect(counts.get('telephony_deliveries_total delivered')).toBe(1);
  });
  it('carry one correlation id from the text to the receipt through every line of the log', async () => {
    const running = await start();
    await running.text('hello');
    await running.sent();
    const id = running.provider.sent[0]?.id ?? '';
    await running.receipt({ id, status: 'failed' });
    await running.server.idle();
    const ids = (word: string): (string | undefined)[] =>
      running.lines
        .filter((line) => line.includes(word))
        .map((line) => /"correlationId":"([^"]+)"/u.exec(line)?.[1]);
    const [handled] = ids('handled');
    expect(handled).toMatch(/^[\w-]{12}$/u);
    expect(ids('info sent')).toEqual([handled]);
    expect(ids('not delivered')).toEqual([handled]);
    expect((await running.server.delivery(id))?.correlationId).toBe(handled);
  });
  it('to somebody who says STOP end with the one confirmation, which leaves first (C50)', async () => {
    const running = await start({ idle: true, capabilities: { optOut: 'application' } });
    for (const text of ['one', 'two']) await running.server.send({ to: ada, text });
    await running.text('STOP');
    running.server.start();
    await running.sent();
    await expect.poll(() => running.provider.sent.at(-1)?.message.text).toContain('unsubscribed');
    await expect(running.server.send({ to: ada, text: 'three' })).rejects.toMatchObject({
      code: 'recipient_opted_out',
    });
    await running.text('hello?');
    expect((await running.sent()).at(-1)).toContain('unsubscribed');
  });
});
