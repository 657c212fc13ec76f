import { mockError } from '@openclaw/provider-mock';
import { createMemoryStore, Dead, type Job, Retry } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import type { SignalItem } from './inbox-item.ts';
import { parseTextItem } from './inbox-item.ts';
import { silentLogger } from '../observe/logger.ts';
import {
  ada,
  echo,
  everybody,
  ours,
  type RunningServer,
  startServer,
} from '../running-server.testing.ts';
import { keepingConsent } from './signal-dispatch.ts';

const open: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});

/** A server on a clock of its own; `wait` lets its time pass, and what is due happen. */
async function startOnClock(options: Parameters<typeof startServer>[0] = {}) {
  const clock = { ms: Date.parse('2026-11-20T12:00:00Z') };
  const now = (): Date => new Date(clock.ms);
  const store = createMemoryStore({ now, random: () => 0, pollMs: 1 });
  const limits = { textsPerSenderPerMinute: Infinity };
  const running = await startServer({ now, store, limits, ...options });
  open.push(running);
  const texts = store.queue('texts:default', { parse: parseTextItem });
  return { running, clock, texts };
}

describe('a text that cannot be handled', () => {
  it('is tried for more than an hour, whatever chance makes of the pauses', async () => {
    let runs = 0;
    const { running, clock, texts } = await startOnClock({
      onMessage: () => {
        runs += 1;
        return Promise.reject(new Error('the model is down'));
      },
    });
    const startedAtMs = clock.ms;
    await running.text('hello');
    while ((await texts.inspect()).dead === 0) {
      const before = runs;
      await expect
        .poll(() => (clock.ms += 30_000) > 0 && runs > before, { interval: 1 })
        .toBe(true);
      await running.server.idle();
    }
    expect(runs).toBe(22);
    expect(clock.ms - startedAtMs).toBeGreaterThan(3_600_000);
  });
  it('is not given up for what is no failure: an access list out of reach, a limit, a restart', async () => {
    const failures = { left: 150 };
    const { running, clock } = await startOnClock({
      access: {
        ...everybody,
        decide: (from) => {
          failures.left -= 1;
          if (failures.left < 0) return everybody.decide(from);
          return failures.left % 2 === 0
            ? Promise.reject(new Error('no list'))
            : Promise.resolve({ access: 'ignore', because: 'store-unavailable' });
        },
      },
    });
    await running.text('hello');
    while (failures.left >= 0) {
      const before = failures.left;
      clock.ms += 60_000;
      await expect.poll(() => failures.left < before, { interval: 1 }).toBe(true);
      await running.server.idle();
    }
    expect(await running.sent()).toEqual(['echo hello']);
  });
  it('begins anew when a person has it tried again', async () => {
    let works = false;
    const { running, texts, clock } = await startOnClock({
      onMessage: async (message, reply) => {
        if (works) await echo(message, reply);
        else throw mockError('invalid_request');
      },
    });
    await running.text('hello');
    await running.server.idle();
    expect(await texts.inspect()).toMatchObject({ dead: 1 });
    works = true;
    for await (const { id } of texts.dead()) await texts.retryDead(id);
    clock.ms += 1000;
    expect(await running.sent()).toEqual(['echo hello']);
  });
});

const signal = (kind: 'keyword' | 'receipt'): Job<SignalItem> => ({
  id: 'x',
  lane: 'l',
  attempt: 1000,
  addedAt: new Date(0),
  payload:
    kind === 'receipt'
      ? { kind, messageId: 'm', status: 'sent' }
      : {
          kind,
          keyword: 'stop',
          message: { id: 'x', from: ada, to: ours, text: 'STOP', media: [] },
        },
});
const failing = (failure: Error) =>
  keepingConsent(() => Promise.reject(failure), { logger: silentLogger });

describe('a word of consent', () => {
  it('is tried for ever, at most every five minutes', async () => {
    await expect(failing(new Error('disk'))(signal('keyword'))).rejects.toMatchObject({
      afterMs: 300_000,
      isFailure: false,
    });
  });
  it('ends where its handler says so, and receipts end as the queue says', async () => {
    const disk = new Error('disk');
    const dead = new Dead('no such message');
    const retry = new Retry(1);
    await expect(failing(disk)(signal('receipt'))).rejects.toBe(disk);
    await expect(failing(dead)(signal('keyword'))).rejects.toBe(dead);
    await expect(failing(retry)(signal('keyword'))).rejects.toBe(retry);
  });
});
