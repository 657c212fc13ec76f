import { createMemoryStore, type TelephonyStore } from '@openclaw/telephony-store';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';
import { parseE164, TelephonyError } from '@openclaw/telephony-core';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccountView } from '../account-view.ts';
import { openHost, picture, serveHost, temporaryFolder } from '../media/media-host.testing.ts';
import type { FailedSend } from '../outbox/dispatch-options.ts';
import { ada, everybody, type RunningServer, startServer } from '../running-server.testing.ts';
import type { OutboundRequest, TelephonyServerOptions } from '../server-types.ts';

const stranger = parseE164('+15550100124');
const noon = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
let time = noon;
const now = (): Date => new Date(time);
const open: RunningServer[] = [];
const start = async (
  options: Parameters<typeof startServer>[0] = {},
): Promise<RunningServer & { readonly later: typeof later }> => {
  const store = options.store ?? createMemoryStore({ now, pollMs: 1 });
  const running = await startServer({ now, ...options, store });
  open.push(running);
  const later = (text: string, inMs: number, over: Partial<OutboundRequest> = {}) =>
    running.server.send({ to: ada, text, sendAt: new Date(time + inMs), id: text, ...over });
  return { ...running, later };
};
const explain = (error: unknown): string =>
  TelephonyError.isInstance(error)
    ? `${error.outcome} ${error.code}: ${error.message}`
    : String(error);
const withHost = async (over: Partial<TelephonyServerOptions> = {}) => {
  const store = createMemoryStore({ now, pollMs: 1 });
  const mediaHost = openHost({ store: store.keyValue }, { now });
  return { ...(await start({ store, mediaHost, ...over })), mediaHost };
};
const countFiles = async ({ store }: RunningServer): Promise<number> => {
  let found = 0;
  for await (const _ of store.keyValue.list('media-host/bytes/')) found += 1;
  return found;
};
beforeEach(() => {
  time = noon;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});

describe('a text with sendAt', () => {
  it('is kept, leaves when it is due and not before, and tells how far it is', async () => {
    const running = await start();
    const { server, later } = running;
    const queued = await later('tea is ready', hour);
    expect(queued).toEqual({
      id: 'tea is ready',
      messageCount: 1,
      segmentCount: 1,
      duplicate: false,
      scheduledFor: new Date(noon + hour),
    });
    const sendAt = new Date(noon + hour);
    expect(await server.sendProgress('tea is ready')).toMatchObject({
      to: ada,
      messages: [{ state: 'scheduled', sendAt: sendAt.toISOString() }],
    });
    expect(await server.scheduled.list()).toEqual([
      {
        id: 'tea is ready',
        sendAt,
        to: ada,
        text: 'tea is ready',
        mediaCount: 0,
        segmentCount: 1,
        purpose: 'agent',
        createdAt: new Date(noon),
      },
    ]);
    time += hour - 1;
    expect(await running.sent()).toEqual([]);
    time += 1;
    expect(await running.sent()).toEqual(['tea is ready']);
    expect(await server.scheduled.list()).toEqual([]);
    expect((await server.sendProgress('tea is ready'))?.messages).toMatchObject([
      { state: 'accepted' },
    ]);
  });
  it('leaves at once when the moment has passed', async () => {
    const running = await start();
    expect(await running.later('late', -day)).not.toHaveProperty('scheduledFor');
    await running.later('now', 0);
    expect(await running.sent()).toEqual(['late', 'now']);
  });
  it('leaves in the order of the moments, and holds up nobody meanwhile', async () => {
    const running = await start();
    await running.later('second', 2 * hour);
    await running.later('first', hour);
    await running.later('third', 2 * hour);
    await running.server.send({ to: ada, text: 'now' });
    await running.text('hello');
    expect(new Set(await running.sent())).toEqual(new Set(['echo hello', 'now']));
    time += 3 * hour;
    expect((await running.sent()).slice(2)).toEqual(['first', 'second', 'third']);
  });
  it('is refused at once when it may not be sent, and leaves nothing behind', async () => {
    const running = await start({
      access: { ...everybody, admits: () => Promise.resolve(false) },
      outbound: { maxScheduled: 1, allowTo: [ada] },
    });
    const { later, server } = running;
    const refusals = [
      later('x'.repeat(10_000), hour, { id: 'long' }),
      later('', hour, { id: 'empty' }),
      later('far', 366 * day + 1),
      later('no date', Number.NaN),
      later('stranger', hour, { to: stranger }),
    ];
    expect(await Promise.all(refusals.map((one) => one.catch(explain)))).toEqual([
      expect.stringContaining('not-performed limit_reached: the text would cost'),
      expect.stringContaining('invalid_request: there is nothing to send'),
      'not-performed invalid_request: sendAt is more than 366 days ahead',
      'not-performed invalid_request: sendAt is a Date that names a moment',
      expect.stringContaining('not-performed permission_denied: +1555•••'),
    ]);
    expect(await server.scheduled.list()).toEqual([]);
    await later('in a year', 366 * day);
    expect(await later('one too many', hour).catch(explain)).toBe(
      'not-performed limit_reached: no more texts may be scheduled: there are 1 already (outbound.maxScheduled). Call some off, or wait until some have left',
    );
    await server.scheduled.cancel('in a year');
    await later('fits', hour);
    await expect(start({ outbound: { maxScheduled: -1 } })).rejects.toThrow(RangeError);
  });
  it('is refused at once to somebody who said STOP, and not sent to who says it meanwhile', async () => {
    const failed: FailedSend[] = [];
    const running = await start({ onSendFailed: (one) => failed.push(one) });
    await running.later('news', hour);
    await running.text('STOP');
    await running.sent();
    expect(await running.later('more', hour).catch(explain)).toContain('recipient_opted_out');
    time += hour;
    expect(await running.sent()).toEqual([]);
    expect(failed).toMatchObject([{ sendId: 'news', code: 'recipient_opted_out' }]);
    expect((await running.server.sendProgress('news'))?.messages).toMatchObject([
      { state: 'failed', code: 'recipient_opted_out' },
    ]);
  });
  it('is not sent to somebody who was let out meanwhile, and can be seen all the same', async () => {
    let isIn = true;
    const failed: FailedSend[] = [];
    const counted: string[] = [];
    const running = await start({
      metrics: {
        count: (name, labels) => void counted.push(`${name} ${labels?.['result']}`),
        observe: () => undefined,
        gauge: () => undefined,
      },
      access: { ...everybody, admits: () => Promise.resolve(isIn) },
      onSendFailed: (one) => failed.push(one),
      sms: { chunkMode: 'multi' },
    });
    await running.later('x'.repeat(200), hour, { id: 'long' });
    isIn = false;
    time += hour;
    expect(await running.sent()).toEqual([]);
    expect(failed).toMatchObject([{ sendId: 'long', index: 0, code: 'permission_denied' }]);
    expect((await running.server.sendProgress('long'))?.messages).toMatchObject([
      { state: 'failed', code: 'permission_denied' },
      { state: 'skipped' },
    ]);
    const { messages } = openAccountView({ store: running.store, now });
    expect(await messages.list()).toMatchObject([{ sendId: 'long', to: ada }]);
    expect(counted).toEqual(['telephony_sends_total failed']);
    expect(await running.server.scheduled.list()).toEqual([]);
  });
  it('waits while nobody knows who may be texted, and holds up no other', async () => {
    let isOut = true;
    const running = await start({
      access: {
        ...everybody,
        admits: () => (isOut ? Promise.reject(new Error('out of reach')) : Promise.resolve(true)),
      },
      outbound: { allowTo: ['+15550100124'], segmentsPerSecond: Infinity },
    });
    isOut = false;
    await running.later('waits', hour);
    await running.later('goes', 2 * hour, { to: stranger });
    isOut = true;
    time += 2 * hour;
    expect(await running.sent()).toEqual(['goes']);
    expect(await running.server.scheduled.list()).toHaveLength(1);
    isOut = false;
    time += minute;
    expect(await running.sent()).toEqual(['goes', 'waits']);
  });
  it('counts against the limits when it leaves, and waits for a fresh window in its order', async () => {
    const running = await start({ outbound: { maxPerHour: 2, segmentsPerSecond: Infinity } });
    for (const text of ['d', 'c', 'b', 'a']) {
      await running.later(text, hour);
      time += 1;
    }
    await running.server.send({ to: ada, text: 'now' });
    time += hour;
    expect(await running.sent()).toEqual(['now', 'd', 'c']);
    const waiting = await running.server.scheduled.list();
    expect(waiting.map(({ id, sendAt }) => [id, sendAt])).toEqual([
      ['b', new Date(noon + hour + 2)],
      ['a', new Date(noon + hour + 3)],
    ]);
    expect(await running.server.scheduled.cancel('a')).toBe(true);
    time += hour;
    expect(await running.sent()).toEqual(['now', 'd', 'c', 'b']);
  });
  it('that no window is large enough for is given up, and said to be', async () => {
    const failed: FailedSend[] = [];
    const running = await start({
      onSendFailed: (one) => failed.push(one),
      outbound: { maxSegmentsPerDay: 1, segmentsPerSecond: Infinity },
    });
    await running.later('x'.repeat(200), hour, { id: 'long' });
    time += hour;
    expect(await running.sent()).toEqual([]);
    expect(failed).toMatchObject([{ sendId: 'long', code: 'limit_reached' }]);
    expect(await running.server.scheduled.list()).toEqual([]);
  });
  it('in the quiet hours waits until they end, whatever it is, unless it is of an operator', async () => {
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'UTC' };
    const running = await start({ outbound: { quietHours, segmentsPerSecond: Infinity } });
    await running.later('good night', 11 * hour);
    await running.later('alarm', 11 * hour, { purpose: 'operator' });
    // Neither answers a text that just came.
    await running.later('as you asked', 11 * hour, { purpose: 'reply' });
    await running.later('by the way', 11 * hour, { purpose: 'notice' });
    time = noon + 11 * hour;
    expect(await running.sent()).toEqual(['alarm']);
    // An answer waits behind none of them.
    await running.text('hello');
    expect(await running.sent()).toEqual(['alarm', 'echo hello']);
    time = noon + 19 * hour;
    const all = ['alarm', 'echo hello', 'as you asked', 'by the way', 'good night'];
    // What the outbox waits for, it finds out by looking again.
    await expect.poll(() => running.sent(), { timeout: 5000 }).toEqual(all);
  });
  it('is left to another process by one that only has something to send', async () => {
    const store = createMemoryStore({ now, pollMs: 1 });
    const running = await start({ store, idle: true });
    await running.later('later', hour);
    time += hour;
    running.server.start({ inbox: false, scheduled: false });
    await running.server.send({ to: ada, text: 'now' });
    expect(await running.sent()).toEqual(['now']);
    expect(await running.server.scheduled.list()).toHaveLength(1);
  });
  it('leaves from the number that the server has by then', async () => {
    const store = createMemoryStore({ now, pollMs: 1 });
    const before = await startServer({ now, store, idle: true });
    await before.server.send({ to: ada, text: 'hello', sendAt: new Date(time + hour) });
    await before.server.close();
    time += hour;
    const sender = { kind: 'pool', id: 'a-pool' } as const;
    const after = await start({ store, sender });
    await after.sent();
    expect(after.provider.sent.map(({ message }) => message.from)).toEqual([sender]);
    await before.listener.close();
  });
});

describe('the same id', () => {
  it('is sent once, whether it is asked for again before, while or after it is due', async () => {
    const running = await start();
    const { later, server } = running;
    await Promise.all([later('once', hour), later('once', hour), later('once', 2 * hour)]);
    expect(await server.scheduled.list()).toHaveLength(1);
    expect(await later('once', 3 * hour)).toMatchObject({ duplicate: true });
    expect(await server.send({ to: ada, text: 'at once', id: 'once' })).toMatchObject({
      duplicate: true,
      scheduledFor: expect.any(Date),
    });
    time += hour;
    expect(await running.sent()).toEqual(['once']);
    expect(await later('once', hour)).toMatchObject({ duplicate: true });
    time += 3 * hour;
    expect(await running.sent()).toEqual(['once']);
  });
  it('is sent once when it was sent at once before', async () => {
    const running = await start();
    await running.server.send({ to: ada, text: 'now', id: 'a' });
    expect(await running.sent()).toEqual(['now']);
    const again = await running.later('later', hour, { id: 'a' });
    expect(again).toEqual({ id: 'a', messageCount: 1, segmentCount: 1, duplicate: true });
    time += hour;
    expect(await running.sent()).toEqual(['now']);
  });
  it('is sent once when it waits in the outbox already, and cannot be called off', async () => {
    const running = await start({ idle: true });
    await running.server.send({ to: ada, text: 'now', id: 'a' });
    expect(await running.later('later', hour, { id: 'a' })).toEqual({
      id: 'a',
      messageCount: 1,
      segmentCount: 1,
      duplicate: true,
    });
    expect(await running.server.scheduled.cancel('a')).toBe(false);
    time += hour;
    running.server.start();
    expect(await running.sent()).toEqual(['now']);
    expect(await running.server.scheduled.list()).toEqual([]);
  });
  it('is not sent when it was called off, and whoever asks for it is told', async () => {
    const running = await start();
    await running.later('no', hour);
    expect(await running.server.scheduled.cancel('no')).toBe(true);
    expect(await running.later('no', hour).catch(explain)).toBe(
      'not-performed invalid_request: this send was scheduled and called off: send it under another id',
    );
    time += 2 * hour;
    expect(await running.sent()).toEqual([]);
  });
});

describe('calling a text off', () => {
  it('works once, until it is handed over, also from another process', async () => {
    const running = await start();
    await running.later('a', hour);
    await running.later('b', hour);
    const { scheduled } = openAccountView({ store: running.store, now });
    expect((await scheduled.list({ limit: 1 })).map(({ id }) => id)).toEqual(['a']);
    expect(await scheduled.list({ limit: 0 })).toEqual([]);
    expect(await scheduled.cancel('a')).toBe(true);
    expect(await scheduled.cancel('a')).toBe(false);
    expect(await scheduled.cancel('nothing')).toBe(false);
    expect((await running.server.sendProgress('a'))?.messages).toEqual([{ state: 'cancelled' }]);
    time += hour;
    expect(await running.sent()).toEqual(['b']);
    expect(await scheduled.cancel('b')).toBe(false);
  });
});

describe('a picture of this machine that is scheduled', () => {
  it('is kept until its text leaves, however far ahead that is', async () => {
    const running = await withHost();
    await running.later('happy birthday', 200 * day, { media: [picture()] });
    time += 200 * day;
    expect(await running.sent()).toEqual(['happy birthday']);
    const url = running.provider.sent[0]?.message.media?.[0];
    const ask = await serveHost(running.mediaHost);
    expect((await ask(url?.pathname ?? '')).status).toBe(200);
  });
  it('is removed when its text is called off, by the server when somebody else did it', async () => {
    const running = await withHost();
    await running.later('no', 200 * day, {
      media: [picture(), new URL('https://example.com/a.jpg')],
    });
    expect(await countFiles(running)).toBe(1);
    const view = openAccountView({ store: running.store, now });
    expect(await view.scheduled.list()).toMatchObject([{ mediaCount: 2 }]);
    expect(await view.scheduled.cancel('no')).toBe(true);
    await running.server.idle();
    expect(await countFiles(running)).toBe(0);
    expect(await view.scheduled.list()).toEqual([]);
  });
  it('is removed when its text is refused, at once or when it is due', async () => {
    let isIn = true;
    const access = { ...everybody, admits: () => Promise.resolve(isIn) };
    const running = await withHost({ access });
    await running.later('far', 400 * day, { media: [picture()] }).catch(explain);
    expect(await countFiles(running)).toBe(0);
    await running.later('soon', hour, { media: [picture()] });
    isIn = false;
    time += hour;
    expect(await running.sent()).toEqual([]);
    expect(await countFiles(running)).toBe(0);
  });
});

describe('on one SQLite file', { timeout: 30_000 }, () => {
  let stores: TelephonyStore[] = [];
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
  });
  it('texts outlive a restart, and two servers send each of them once', async () => {
    const path = join(await temporaryFolder(), 'bot.db');
    const openStore = (): TelephonyStore => {
      const store = createSqliteStore({ path, now, pollMs: 1 });
      stores.push(store);
      return store;
    };
    const before = await start({ store: openStore() });
    const texts = Array.from({ length: 20 }, (_, n) => `text ${n}`);
    await Promise.all(texts.map((text) => before.later(text, hour, { purpose: 'operator' })));
    await before.close();
    open.splice(0);

    time += 2 * hour;
    const [one, other] = await Promise.all([
      start({ store: openStore() }),
      start({ store: openStore() }),
    ]);
    const sent = (): readonly (string | undefined)[] =>
      [one, other].flatMap(({ provider }) => provider.sent.map(({ message }) => message.text));
    await expect.poll(() => sent().length, { timeout: 20_000 }).toBe(20);
    await Promise.all([one.sent(), other.sent()]);
    expect(sent()).toHaveLength(20);
    expect(new Set(sent())).toEqual(new Set(texts));
    expect(await other.server.scheduled.list()).toEqual([]);
  });
});
