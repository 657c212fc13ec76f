import { mockError } from '@openclaw/provider-mock';
import { createMemoryStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import { openAccountView } from '../account-view.ts';
import { ada, type RunningServer, startServer } from '../running-server.testing.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer(options);
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});
const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
const outbound = { quietHours, segmentsPerSecond: Infinity };

const atNight = (): Date => new Date('2026-11-20T23:00:00Z');

describe('in the quiet hours', () => {
  it('what an agent sends waits for the morning, also over a restart, in its order', async () => {
    let now = new Date('2026-11-20T23:00:00Z');
    const store = createMemoryStore({ now: () => now, pollMs: 1 });
    const night = await startServer({ store, now: () => now, outbound });
    for (const text of ['one', 'two']) await night.server.send({ to: ada, text });
    expect(await night.sent()).toEqual([]);
    await night.server.close();
    await night.listener.close();

    const morning = await start({ store, now: () => now, outbound });
    expect(await morning.sent()).toEqual([]);
    now = new Date('2026-11-21T05:59:59Z');
    expect(await morning.sent()).toEqual([]);
    now = new Date('2026-11-21T06:00:00Z');
    await expect.poll(() => morning.provider.sent.length).toBe(2);
    expect(await morning.sent()).toEqual(['one', 'two']);
  });
  it('answers leave at once, and do not wait behind what waits', async () => {
    const now = atNight;
    const running = await start({ store: createMemoryStore({ now }), now, outbound });
    await running.server.send({ to: ada, text: 'news' });
    await running.server.send({ to: ada, text: 'notice', purpose: 'notice' });
    await running.text('hello');
    expect(await running.sent()).toEqual(['echo hello']);
    const { outbox } = await openAccountView({ store: running.store }).queues();
    expect(outbox).toMatchObject({ waiting: 2, dead: 0 });
  });
  it('operators, pairing codes and words of consent leave at once', async () => {
    const now = atNight;
    const running = await start({
      store: createMemoryStore({ now }),
      now,
      outbound,
      capabilities: { optOut: 'application' },
      texts: { help: 'Ask Ada.', pairing: (code) => `code ${code}` },
      access: {
        decide: () => Promise.resolve({ access: 'pair', code: 'ABCD2345' }),
        admits: () => Promise.resolve(true),
      },
    });
    await running.server.send({ to: ada, text: 'alarm', purpose: 'operator' });
    await running.text('HELP');
    await running.text('hello');
    expect(new Set(await running.sent())).toEqual(new Set(['Ask Ada.', 'alarm', 'code ABCD2345']));
  });
  it('a server with hours that make no sense does not start', async () => {
    await expect(
      start({ outbound: { quietHours: { ...quietHours, timeZone: 'Berlin' } } }),
    ).rejects.toThrow('outbound.quietHours.timeZone');
  });
});

describe('a carrier that asks for patience', () => {
  it('is not asked by the other conversations either', async () => {
    let now = new Date('2026-11-20T12:00:00Z');
    const store = createMemoryStore({ now: () => now, pollMs: 1 });
    const running = await start({ store, now: () => now });
    running.provider.failNext(mockError('rate_limited', { retryAfterMs: 60_000 }));
    await running.server.send({ to: ada, text: 'first' });
    await running.sent();
    // The next request would succeed, and is not made.
    await running.text('hello', { from: '+15550100177' });
    expect(await running.sent()).toEqual([]);
    now = new Date('2026-11-20T12:01:00Z');
    await expect.poll(() => running.provider.sent.length).toBe(2);
  });
});

describe('the words of a send', () => {
  it('are plain when they are asked to be, and as they are otherwise', async () => {
    const running = await start({ sms: { flattenMarkdown: true } });
    const text = '**Hi**, see [this](https://example.com)';
    await running.server.send({ to: ada, text });
    await running.server.send({ to: ada, text, flattenMarkdown: false });
    expect(await running.sent()).toEqual(['Hi, see this (https://example.com)', text]);
    const plain = await start();
    await plain.server.send({ to: ada, text: `\u001b[1m${text}\u001b[0m\u200b` });
    expect(await plain.sent()).toEqual([text]);
  });
  it.each([Number.NaN, 0, -1, 1.5])('are not cut to a length of %d (C46)', async (maxLength) => {
    await expect(start({ sms: { maxLength } })).rejects.toThrow('sms.maxLength');
  });
  it('are all sent: put together again, the messages are the text (C47, C48)', async () => {
    const running = await start({ sms: { chunkMode: 'multi', segmentNumbering: false } });
    for (const text of ['x'.repeat(1700), 'é'.repeat(161), '😀'.repeat(40), ' . ']) {
      const before = running.provider.sent.length;
      await running.server.send({ to: ada, text });
      expect((await running.sent()).slice(before).join('')).toBe(text);
      expect(running.provider.sent.length).toBeGreaterThan(before);
    }
  });
  it('go to one recipient, whatever a program without types passes (C45)', async () => {
    const running = await start();
    const send: RunningServer['server']['send'] = (wanted) => running.server.send(wanted);
    const request: unknown = { to: `${ada}<+15550100124`, text: 'x' };
    await expect(Reflect.apply(send, undefined, [request])).rejects.toMatchObject({
      code: 'invalid_recipient',
      outcome: 'not-performed',
    });
  });
});
