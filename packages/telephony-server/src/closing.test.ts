import { once } from 'node:events';
import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { parseTextItem } from './inbox/inbox-item.ts';
import { echo, everybody, startServer } from './running-server.testing.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe('closing', () => {
  it('gives up a handler that does not end within the grace; its text is handled by the next process', async () => {
    const store = createMemoryStore();
    let abandoned: AbortSignal | undefined;
    const bell = new EventTarget();
    const began = once(bell, 'began');
    const before = await startServer({
      store,
      onMessage: (_, __, { signal }) => {
        abandoned = signal;
        bell.dispatchEvent(new Event('began'));
        return never();
      },
    });
    await before.text('hello');
    await began;
    await before.listener.close();
    expect(abandoned?.aborted).toBe(false);
    await before.server.close({ graceMs: 0 });
    expect(abandoned?.aborted).toBe(true);
    expect(await store.queue('texts:default', { parse: parseTextItem }).inspect()).toMatchObject({
      waiting: 1,
      running: 0,
      dead: 0,
    });
    const attempts: number[] = [];
    const after = await startServer({
      store,
      onMessage: async (message, reply, { attempt }) => {
        attempts.push(attempt);
        await echo(message, reply);
      },
    });
    expect(await after.sent()).toEqual(['echo hello']);
    expect(attempts).toEqual([2]);
    await after.close();
  });
  it('gives up a decision about access that never comes; its text is handled by the next process', async () => {
    const store = createMemoryStore();
    const bell = new EventTarget();
    const asked = once(bell, 'asked');
    const before = await startServer({
      store,
      access: {
        ...everybody,
        decide: () => {
          bell.dispatchEvent(new Event('asked'));
          return never();
        },
      },
    });
    await before.text('hello');
    await asked;
    await before.listener.close();
    await before.server.close({ graceMs: 0 });
    const after = await startServer({ store });
    expect(await after.sent()).toEqual(['echo hello']);
    await after.close();
  });
  it('waits for a handler that ends in time', async () => {
    const bell = new EventTarget();
    const running = await startServer({
      onMessage: async (message, reply) => {
        await once(bell, 'go');
        await echo(message, reply);
      },
    });
    await running.text('hello');
    await expect.poll(() => running.lines.some((line) => line.includes('handled'))).toBe(true);
    const closed = running.server.close({ graceMs: 3_600_000 });
    bell.dispatchEvent(new Event('go'));
    await closed;
    expect(running.lines.join('\n')).toContain('reply queued');
    // Nobody has to wait for the next start to be answered.
    expect(running.provider.sent.map(({ message }) => message.text)).toEqual(['echo hello']);
    await running.close();
  });
  it('asks carriers to come again meanwhile', async () => {
    const running = await startServer();
    await running.server.close();
    expect(await running.text('hello')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
    });
    await running.close();
  });
});

describe('a handler that never ends', () => {
  it('is given up after its time, so that those behind it in the conversation are heard', async () => {
    const running = await startServer({
      handlerTimeoutMs: 20,
      onMessage: async (message, reply, { attempt }) => {
        if (message.text === 'stuck' && attempt === 1) return never();
        return echo(message, reply);
      },
      store: createMemoryStore({ random: () => 0 }),
    });
    await running.text('stuck');
    await running.text('behind');
    await expect
      .poll(() => running.provider.sent.map(({ message }) => message.text), { timeout: 4000 })
      .toEqual(['echo stuck', 'echo behind']);
    expect(running.lines.join('\n')).toContain('HandlerTimeout');
    await running.close();
  });
});
