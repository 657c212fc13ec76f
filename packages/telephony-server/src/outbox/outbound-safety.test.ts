import { type MockProvider, mockError } from '@openclaw/provider-mock';
import {
  parseE164,
  type TelephonyErrorCode,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { createMemoryStore, type SetOptions, type TelephonyStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccessControl } from '../inbox/access.ts';
import { openAccountView } from '../account-view.ts';
import type { Delivery } from '../delivery/deliveries.ts';
import type { FailedSend } from './dispatch-options.ts';
import { ada, everybody, type RunningServer, startServer } from '../running-server.testing.ts';
import { sendRef } from './send-progress.ts';
import type { OutboundRequest } from '../server-types.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer({ publicUrl: 'https://bot.example.com', ...options });
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});
const atNight = (): Date => new Date('2026-11-20T23:00:00Z');
const nobody: AccessControl = {
  decide: () => Promise.resolve({ access: 'ignore', because: 'unknown' }),
  admits: () => Promise.resolve(false),
};

/** A store that refuses to write, or to delete, what `breaks` names. */
function breakable(now: () => Date = () => new Date()) {
  const inner = createMemoryStore({ now, pollMs: 1 });
  const { keyValue } = inner;
  const state: { breaks: string | undefined } = { breaks: undefined };
  const assertWhole = (key: string): void => {
    if (state.breaks !== undefined && key.includes(state.breaks)) throw new Error('SQLITE_FULL');
  };
  const store: TelephonyStore = {
    ...inner,
    queue: inner.queue.bind(inner),
    close: () => inner.close(),
    keyValue: {
      get: (key) => keyValue.get(key),
      list: (prefix, how) => keyValue.list(prefix, how),
      async delete(key, how) {
        assertWhole(key);
        return keyValue.delete(key, how);
      },
      async set(key: string, value: string, how?: SetOptions) {
        assertWhole(key);
        return keyValue.set(key, value, how);
      },
    },
  };
  return { store, state };
}

describe('a send', () => {
  it('succeeds when only the log of texts cannot be written, so that nobody sends it twice', async () => {
    const { store, state } = breakable();
    const running = await start({ store });
    state.breaks = '/log/';
    await expect(running.server.send({ to: ada, text: 'one', id: 'a' })).resolves.toMatchObject({
      duplicate: false,
    });
    await expect(running.server.send({ to: ada, text: 'one', id: 'a' })).resolves.toMatchObject({
      duplicate: true,
    });
    expect(await running.sent()).toEqual(['one']);
    expect(running.lines.filter((line) => line.includes('the log of texts failed'))).not.toEqual(
      [],
    );
  });
  it('that could not be queued leaves no record in the log', async () => {
    const { store } = breakable();
    const queue: TelephonyStore['queue'] = (name, options) => ({
      ...store.queue(name, options),
      add: () => Promise.reject(new Error('SQLITE_FULL')),
    });
    const running = await start({ store: { ...store, queue } });
    await expect(running.server.send({ to: ada, text: 'x' })).rejects.toThrow('SQLITE_FULL');
    expect(await openAccountView({ store }).messages.list()).toEqual([]);
  });
  it('outlives any number of failures of the store and of the process', async () => {
    let now = new Date('2026-11-20T12:00:00Z');
    const { store, state } = breakable(() => now);
    const running = await start({ store, now: () => now });
    state.breaks = '/send/';
    await running.server.send({ to: ada, text: 'patience', id: 'a' });
    const failures = (): number =>
      running.lines.filter((line) => line.includes('handling failed')).length;
    for (let n = 1; n <= 12; n += 1) {
      await expect.poll(failures, { interval: 2 }).toBeGreaterThanOrEqual(n);
      now = new Date(now.getTime() + 300_000);
    }
    state.breaks = undefined;
    await expect.poll(() => running.provider.sent.length, { interval: 2 }).toBe(1);
  });
  it('that the carrier refused is told of, and a hook that throws does no harm', async () => {
    const failed: FailedSend[] = [];
    const running = await start({
      onSendFailed(one) {
        failed.push(one);
        throw new Error('a hook that breaks');
      },
    });
    running.provider.failNext(mockError('invalid_recipient'));
    await running.server.send({ to: ada, text: 'x', id: 'a' });
    await running.sent();
    expect(failed).toMatchObject([
      {
        sendId: 'a',
        to: ada,
        index: 0,
        code: 'invalid_recipient',
        correlationId: expect.any(String),
      },
    ]);
    const { outbox } = await openAccountView({ store: running.store }).queues();
    expect(outbox).toMatchObject({ waiting: 0, dead: 1 });
  });
  it('is tried for as long as it is told to be', async () => {
    const running = await start({ outbound: { tryForMs: 0, segmentsPerSecond: Infinity } });
    running.provider.failNext(mockError('network', { outcome: 'not-performed' }));
    await running.server.send({ to: ada, text: 'x', id: 'a' });
    await running.sent();
    expect(await running.server.sendProgress('a')).toMatchObject({
      messages: [{ state: 'failed' }],
    });
    for (const tryForMs of [-1, Number.NaN]) {
      await expect(start({ outbound: { tryForMs } })).rejects.toThrow('outbound.tryForMs');
    }
  });
  it('of many lets an answer go first', async () => {
    const running = await start({ outbound: { segmentsPerSecond: 20 } });
    const many = Array.from({ length: 60 }, (_, n) =>
      running.server.send({
        to: parseE164(`+155501${20_000 + n}`),
        text: 'x'.repeat(300),
        purpose: 'operator',
      }),
    );
    // The last of them is for the one who then asks something.
    await Promise.all(many);
    await running.server.send({ to: ada, text: 'news', purpose: 'operator' });
    await running.text('are you there?');
    const texts = (): (string | undefined)[] =>
      running.provider.sent.map(({ message }) => message.text);
    await expect.poll(texts, { timeout: 5000 }).toContain('echo are you there?');
    expect(running.provider.sent.length).toBeLessThan(61);
  });
});

describe('a send from outside', () => {
  it('as a reply or a notice goes only to people who were let in', async () => {
    const running = await start({ access: nobody });
    for (const purpose of ['reply', 'notice', 'agent'] as const) {
      await expect(running.server.send({ to: ada, text: 'x', purpose })).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
    const friendly = await start({ access: everybody });
    await friendly.server.send({ to: ada, text: 'x', purpose: 'reply' });
    expect(await friendly.sent()).toEqual(['x']);
  });
  it('as a reply leaves in the quiet hours, and nothing else that software sends does', async () => {
    const now = atNight;
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'UTC' };
    const running = await start({
      store: createMemoryStore({ now }),
      now,
      outbound: { quietHours, segmentsPerSecond: Infinity },
    });
    const send: (request: unknown) => unknown = (request) =>
      Reflect.apply((one: OutboundRequest) => running.server.send(one), undefined, [request]);
    await send({ to: ada, text: 'answer', purpose: 'reply' });
    await send({
      to: ada,
      text: 'notice',
      purpose: 'notice',
      isAnswer: true,
      checkedAs: 'operator',
    });
    await send({ to: ada, text: 'agent', isAnswer: true });
    expect(await running.sent()).toEqual(['answer']);
    await expect(send({ to: ada, text: 'x', purpose: 'boss' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

/** A carrier that calls the error `gone` an opt-out, and that can be asked about messages. */
const change = (provider: MockProvider): TelephonyProvider => ({
  ...provider,
  messaging: {
    ...provider.messaging,
    send: provider.messaging.send.bind(provider.messaging),
    getMessage: async () => ({ status: 'queued', raw: {} }),
    errorCodeOf: (code: string): TelephonyErrorCode | undefined =>
      code === 'gone' ? 'recipient_opted_out' : undefined,
  },
});

describe('a receipt', () => {
  it('of a message from before a START does not block its person again', async () => {
    let now = new Date('2026-11-20T12:00:00Z');
    const store = createMemoryStore({ now: () => now, pollMs: 1 });
    const running = await start({ store, now: () => now, change });
    running.provider.failNext(mockError('timeout'), { sentAnyway: true });
    for (const id of ['unknown', 'known']) {
      await running.server.send({ to: ada, text: id, id });
      await running.sent();
    }
    const [unknown, known] = running.provider.sent;
    now = new Date('2026-11-20T12:01:00Z');
    await running.text('STOP');
    await running.text('START');
    await running.sent();
    now = new Date('2026-11-20T12:02:00Z');
    await running.receipt({ id: known?.id ?? '', status: 'undelivered', errorCode: 'gone' });
    const path = unknown?.message.statusCallback?.pathname;
    await running.receipt({ id: unknown?.id ?? '', status: 'failed', errorCode: 'gone' }, path);
    await running.sent();
    await expect(running.server.send({ to: ada, text: 'x', id: 'later' })).resolves.toBeDefined();
    await running.sent();
    now = new Date('2026-11-20T12:03:00Z');
    const later = running.provider.sent.at(-1)?.id ?? '';
    await running.receipt({ id: later, status: 'undelivered', errorCode: 'gone' });
    await running.sent();
    await expect(running.server.send({ to: ada, text: 'x' })).rejects.toMatchObject({
      code: 'recipient_opted_out',
    });
  });
  it('of a failure tells whose message it was though its request had no answer, and plans the question', async () => {
    const failures: Delivery[] = [];
    const running = await start({ change, onDeliveryFailed: (one) => void failures.push(one) });
    running.provider.failNext(mockError('timeout'), { sentAnyway: true });
    await running.server.send({ to: ada, text: 'hi', id: 'order-17' });
    await running.sent();
    const id = running.provider.sent[0]?.id ?? '';
    await running.receipt({ id, status: 'failed' }, `/telephony/status/${sendRef('order-17', 0)}`);
    await running.server.idle();
    expect(failures).toMatchObject([{ messageId: id, to: ada, sendId: 'order-17' }]);
    expect((await openAccountView({ store: running.store }).queues()).checks.waiting).toBe(1);
  });
});

describe('words of consent', () => {
  const application = { capabilities: { optOut: 'application' as const } };

  it('START from somebody who was not stopped is answered by nobody, however often it comes', async () => {
    const running = await start({ ...application, access: nobody });
    for (let n = 0; n < 10; n += 1) await running.text('START');
    expect(await running.sent()).toEqual([]);
  });
  it('are confirmed once a day each, however often somebody changes their mind, and are obeyed each time', async () => {
    let now = new Date('2026-11-20T12:00:00Z');
    const store = createMemoryStore({ now: () => now, pollMs: 1 });
    const running = await start({ ...application, store, now: () => now });
    for (let n = 0; n < 5; n += 1) {
      await running.text('STOP');
      await running.sent();
      await expect(running.server.send({ to: ada, text: 'x' })).rejects.toMatchObject({
        code: 'recipient_opted_out',
      });
      await running.text('START');
      await running.sent();
    }
    expect(await running.sent()).toHaveLength(2);
    now = new Date('2026-11-21T12:00:00Z');
    await running.text('STOP');
    expect(await running.sent()).toHaveLength(3);
  });
});
