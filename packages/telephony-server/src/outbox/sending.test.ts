import { mockError } from '@openclaw/provider-mock';
import { createMemoryStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import { accountRecords } from '../records/account-records.ts';
import { ada, ours, type RunningServer, startServer } from '../running-server.testing.ts';
import { createSendLedger, sendRef } from './send-progress.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer(options);
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});
const stateOf = async ({ server }: RunningServer, id: string): Promise<string[]> =>
  (await server.sendProgress(id))?.messages.map(({ state }) => state) ?? [];

describe('a send', () => {
  it('says what it will cost, and is sent', async () => {
    const running = await start();
    const queued = await running.server.send({ to: ada, text: 'x'.repeat(161), id: 'a' });
    expect(queued).toEqual({ id: 'a', messageCount: 1, segmentCount: 2, duplicate: false });
    expect(await running.sent()).toEqual(['x'.repeat(161)]);
    expect(await stateOf(running, 'a')).toEqual(['accepted']);
  });
  it('of the same id is sent once', async () => {
    const running = await start();
    const sends = await Promise.all(
      Array.from({ length: 5 }, () => running.server.send({ to: ada, text: 'once', id: 'a' })),
    );
    expect(sends.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await running.sent()).toEqual(['once']);
  });
  it('that waits while the server is down goes out when it is up', async () => {
    const running = await start({ idle: true });
    await running.server.send({ to: ada, text: 'later' });
    expect(running.provider.sent).toEqual([]);
    running.server.start();
    expect(await running.sent()).toEqual(['later']);
  });
  it('is sent once under an id, however long ago that was', async () => {
    let today = new Date('2026-11-01T12:00:00Z');
    const store = createMemoryStore({ now: () => today });
    const running = await start({ store, now: () => today });
    await running.server.send({ to: ada, text: 'short', id: 'a' });
    await running.sent();
    today = new Date('2026-11-10T12:00:00Z');
    const again = await running.server.send({ to: ada, text: 'x'.repeat(400), id: 'a' });
    expect(again).toEqual({ id: 'a', messageCount: 1, segmentCount: 1, duplicate: true });
    expect(await running.sent()).toEqual(['short']);
  });
  it('has nothing to do with a send of the same id from another account', async () => {
    const store = createMemoryStore();
    const one = await start({ store, accountId: 'one' });
    const two = await start({ store, accountId: 'two' });
    await one.server.send({ to: ada, text: 'from one', id: 'welcome' });
    await two.server.send({ to: ada, text: 'from two', id: 'welcome' });
    expect(await one.sent()).toEqual(['from one']);
    expect(await two.sent()).toEqual(['from two']);
  });
  it('stops when the person says STOP while it waits for its turn', async () => {
    const running = await start({ outbound: { segmentsPerSecond: 10 } });
    await running.server.send({ to: ada, text: 'x'.repeat(400), id: 'first' });
    await running.server.send({ to: ada, text: 'late', id: 'late' });
    await running.text('STOP');
    await expect.poll(() => stateOf(running, 'late')).toEqual(['failed']);
    expect((await running.sent()).map((text) => text?.length)).toEqual([400]);
  });
  it.each(['', 'x'.repeat(161)])('has an id that fits into a URL', async (id) => {
    const running = await start();
    await expect(running.server.send({ to: ada, text: 'x', id })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
  it('with nothing in it is refused', async () => {
    const running = await start();
    await expect(running.server.send({ to: ada })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

describe('a failure', () => {
  it('that surely sent nothing is tried again', async () => {
    const running = await start();
    running.provider.failNext(mockError('rate_limited', { retryAfterMs: 1 }), { count: 2 });
    await running.server.send({ to: ada, text: 'patience', id: 'a' });
    await expect.poll(() => running.provider.sent.length, { timeout: 5000 }).toBe(1);
    await running.server.idle();
    expect(await stateOf(running, 'a')).toEqual(['accepted']);
  });
  it('of unknown outcome is never tried again, and found out by a receipt', async () => {
    const running = await start({ publicUrl: 'https://bot.example.com' });
    running.provider.failNext(mockError('timeout'), { sentAnyway: true });
    await running.server.send({ to: ada, text: 'perhaps', id: 'a' });
    expect(await running.sent()).toEqual(['perhaps']);
    expect(await stateOf(running, 'a')).toEqual(['unknown']);
    const [sent] = running.provider.sent;
    const path = sent?.message.statusCallback?.pathname ?? '';
    expect(path).toBe(`/telephony/status/${sendRef('a', 0)}`);
    expect((await running.receipt({ id: sent?.id ?? '', status: 'delivered' }, path)).status).toBe(
      200,
    );
    await running.server.idle();
    expect(await running.server.sendProgress('a')).toMatchObject({
      messages: [{ state: 'accepted', messageId: sent?.id }],
    });
    expect(running.provider.sent).toHaveLength(1);
  });
  it('for good is not tried again, and keeps the rest of the text from being sent (C49)', async () => {
    const running = await start({ sms: { chunkMode: 'multi' } });
    running.provider.failNext(mockError('invalid_recipient'));
    await running.server.send({ to: ada, text: 'word '.repeat(60), id: 'a' });
    expect(await running.sent()).toEqual([]);
    expect(await stateOf(running, 'a')).toEqual(['failed', 'skipped']);
  });
  it('because they opted out at the carrier is remembered', async () => {
    const running = await start();
    running.provider.failNext(mockError('recipient_opted_out'));
    await running.server.send({ to: ada, text: 'hello' });
    await running.sent();
    await expect(running.server.send({ to: ada, text: 'again' })).rejects.toMatchObject({
      code: 'recipient_opted_out',
      message: '+1555•••0123 asked not to be texted; only their own START lifts it',
    });
  });
  it('of the process in the middle of a request leaves the message unknown', async () => {
    const store = createMemoryStore();
    const before = await start({ store, idle: true });
    await before.server.send({ to: ada, text: 'x', id: 'a' });
    const keyValue = accountRecords(store.keyValue, 'default');
    const sends = createSendLedger({ keyValue, now: () => new Date(0) });
    await sends.begin('a', ada, { messageCount: 1, segmentCount: 1 });
    await sends.move('a', 0, { state: 'dispatching', attempts: 1 });
    before.server.start();
    expect(await before.sent()).toEqual([]);
    expect(await stateOf(before, 'a')).toEqual(['unknown']);
  });
});

describe('limits', () => {
  it('hold the messages of an hour, and say so', async () => {
    const running = await start({ outbound: { maxPerHour: 2, segmentsPerSecond: Infinity } });
    await running.server.send({ to: ada, text: '1' });
    await running.server.send({ to: ada, text: '2' });
    await expect(running.server.send({ to: ada, text: '3' })).rejects.toMatchObject({
      code: 'limit_reached',
      outcome: 'not-performed',
      retryAfterMs: expect.any(Number),
    });
    expect(await running.sent()).toEqual(['1', '2']);
  });
  it('hold the segments of a day across restarts, and begin again with the next day', async () => {
    const store = createMemoryStore();
    const outbound = { maxSegmentsPerDay: 3, segmentsPerSecond: Infinity };
    let today = new Date('2026-11-20T23:00:00Z');
    const now = (): Date => today;
    const first = await start({ store, outbound, now, idle: true });
    await first.server.send({ to: ada, text: 'x'.repeat(307) });
    const second = await start({ store, outbound, now, idle: true });
    await expect(second.server.send({ to: ada, text: 'x' })).rejects.toMatchObject({
      code: 'limit_reached',
      retryAfterMs: 3_600_000,
    });
    today = new Date('2026-11-21T00:00:00Z');
    await expect(second.server.send({ to: ada, text: 'x' })).resolves.toMatchObject({
      segmentCount: 1,
    });
  });
  it('are not used up by the same send asked for again', async () => {
    const running = await start({ outbound: { maxPerHour: 1, segmentsPerSecond: Infinity } });
    await running.server.send({ to: ada, text: '1', id: 'a' });
    await expect(running.server.send({ to: ada, text: '1', id: 'a' })).resolves.toMatchObject({
      duplicate: true,
    });
  });
  it('of an hour are not used up by what the day refuses', async () => {
    const outbound = { maxPerHour: 3, maxSegmentsPerDay: 2, segmentsPerSecond: Infinity };
    const running = await start({ outbound });
    for (let n = 0; n < 5; n += 1) {
      await expect(running.server.send({ to: ada, text: 'x'.repeat(400) })).rejects.toMatchObject({
        code: 'limit_reached',
      });
    }
    await expect(running.server.send({ to: ada, text: 'x' })).resolves.toBeDefined();
  });
  it('refuse for good what no window is large enough for', async () => {
    let runs = 0;
    const running = await start({
      outbound: { maxSegmentsPerDay: 2, segmentsPerSecond: Infinity },
      onMessage: (_message, reply) => {
        runs += 1;
        return reply('x'.repeat(400));
      },
    });
    await running.text('hello');
    expect(await running.sent()).toEqual([]);
    const queue = running.store.queue('texts:default', { parse: () => undefined });
    expect(await queue.inspect()).toMatchObject({ waiting: 0, dead: 1 });
    expect(runs).toBe(1);
  });
  it('stop an answer that would cost too much', async () => {
    const running = await start({ sms: { maxSegmentsPerReply: 2 } });
    await expect(running.server.send({ to: ada, text: 'x'.repeat(400) })).rejects.toThrow(
      'the text would cost 3 segments and the limit is 2 (sms.maxSegmentsPerReply)',
    );
  });
  it('or cut it, when asked to', async () => {
    const running = await start({ sms: { maxSegmentsPerReply: 1, overflow: 'truncate' } });
    await running.server.send({ to: ada, text: 'x'.repeat(400) });
    expect(await running.sent()).toEqual([`${'x'.repeat(157)}...`]);
  });
});

describe('recipients', () => {
  const nobody = {
    decide: () => Promise.resolve({ access: 'ignore' as const, because: 'test' }),
    admits: (sender: string) => Promise.resolve(sender === ours),
  };
  it('of an agent are those who were let in, and those who are listed', async () => {
    const running = await start({ access: nobody });
    await expect(running.server.send({ to: ada, text: 'spam' })).rejects.toMatchObject({
      code: 'permission_denied',
      message:
        '+1555•••0123 may not be texted: they were not let in and are not in outbound.allowTo',
    });
    await expect(running.server.send({ to: ours, text: 'ok' })).resolves.toBeDefined();
    const listed = await start({
      access: nobody,
      outbound: { allowTo: [ada], segmentsPerSecond: Infinity },
    });
    await expect(listed.server.send({ to: ada, text: 'ok' })).resolves.toBeDefined();
  });
  it('of an operator are anybody, until a list binds them', async () => {
    const running = await start({ access: nobody });
    await expect(
      running.server.send({ to: ada, text: 'ok', purpose: 'operator' }),
    ).resolves.toBeDefined();
    const bound = await start({ access: nobody, outbound: { allowTo: [] } });
    await expect(
      bound.server.send({ to: ada, text: 'no', purpose: 'operator' }),
    ).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });
  it('may be everybody', async () => {
    const running = await start({
      access: nobody,
      outbound: { allowTo: ['*'], segmentsPerSecond: Infinity },
    });
    await expect(running.server.send({ to: ada, text: 'ok' })).resolves.toBeDefined();
  });
});
