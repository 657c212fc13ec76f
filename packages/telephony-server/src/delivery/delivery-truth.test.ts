import { type MockProvider, mockError } from '@openclaw/provider-mock';
import type {
  DeliveryStatus,
  MessageState,
  TelephonyErrorCode,
  TelephonyProvider,
} from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery } from './deliveries.ts';
import { ada, type RunningServer, startServer } from '../running-server.testing.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer({ publicUrl: 'https://bot.example.com', ...options });
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});

/** A carrier that says of every message what the test wants, and counts how often it is asked. */
function oracle() {
  const says: { status: DeliveryStatus; carrierErrorCode?: string; fails?: true } = {
    status: 'queued',
  };
  let askedCount = 0;
  const change = (provider: MockProvider): TelephonyProvider => {
    const messaging = {
      ...provider.messaging,
      send: provider.messaging.send.bind(provider.messaging),
      getMessage: async (): Promise<MessageState> => {
        askedCount += 1;
        if (says.fails) throw mockError('network');
        const { status, carrierErrorCode } = says;
        return { status, raw: {}, ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }) };
      },
      errorCodeOf: (code: string): TelephonyErrorCode | undefined =>
        code === 'gone' ? 'recipient_opted_out' : undefined,
    };
    return { ...provider, messaging };
  };
  return { says, change, asked: () => askedCount };
}

async function sendOne(running: RunningServer): Promise<string> {
  await running.server.send({ to: ada, text: 'hello', id: `send-${running.provider.sent.length}` });
  await running.sent();
  return running.provider.sent.at(-1)?.id ?? '';
}

describe('the status of a message', () => {
  it('is asked for when nothing was heard for a minute, and once by many who ask', async () => {
    let now = new Date('2026-11-20T12:00:00Z');
    const { says, change, asked } = oracle();
    const store = createMemoryStore({ now: () => now });
    const running = await start({ change, store, now: () => now });
    const id = await sendOne(running);
    says.status = 'delivered';
    expect(await running.server.getStatus(id)).toMatchObject({ status: 'accepted' });
    expect(asked()).toBe(0);
    now = new Date('2026-11-20T12:01:00Z');
    const all = await Promise.all([1, 2, 3].map(() => running.server.getStatus(id)));
    expect(all).toMatchObject([1, 2, 3].map(() => ({ status: 'delivered', to: ada })));
    expect(asked()).toBe(1);
    now = new Date('2026-11-21T12:00:00Z');
    await running.server.getStatus(id);
    expect(asked()).toBe(1);
  });
  it('is what is known when the carrier does not answer', async () => {
    const { says, change } = oracle();
    const running = await start({ change });
    const id = await sendOne(running);
    says.fails = true;
    expect(await running.server.refreshDelivery(id)).toMatchObject({ status: 'accepted' });
    await expect(running.server.getStatus('another')).rejects.toMatchObject({ code: 'network' });
  });
  it('is asked for when receipts said no more than that it was sent, as of the parts of a long one', async () => {
    let now = new Date('2026-11-20T12:00:00Z');
    const { says, change, asked } = oracle();
    const store = createMemoryStore({ now: () => now, pollMs: 1 });
    const running = await start({ change, store, now: () => now });
    const id = await sendOne(running);
    for (let part = 0; part < 2; part += 1) await running.receipt({ id, status: 'sent' });
    await running.sent();
    says.status = 'delivered';
    now = new Date('2026-11-20T12:10:00Z');
    await expect.poll(() => asked()).toBe(1);
    await running.sent();
    expect(await running.server.getStatus(id)).toMatchObject({ status: 'delivered' });
    expect(asked()).toBe(1);
  });
  it('is found out without any receipt, and a failure is told once', async () => {
    let now = new Date('2026-11-20T12:00:00Z');
    const failures: Delivery[] = [];
    const { says, change, asked } = oracle();
    const store = createMemoryStore({ now: () => now, pollMs: 1 });
    const onDeliveryFailed = (delivery: Delivery): void => void failures.push(delivery);
    const running = await start({ change, store, now: () => now, onDeliveryFailed });
    const id = await sendOne(running);
    now = new Date('2026-11-20T12:10:00Z');
    await expect.poll(asked).toBe(1);
    says.status = 'undelivered';
    now = new Date('2026-11-20T13:00:00Z');
    await expect.poll(() => failures).toMatchObject([{ messageId: id, to: ada }]);
    now = new Date('2026-11-22T13:00:00Z');
    await running.server.idle();
    await running.receipt({ id, status: 'undelivered' });
    await running.server.idle();
    expect(failures).toHaveLength(1);
    expect(asked()).toBe(2);
  });
  it('is asked for no more after a day', async () => {
    let now = new Date('2026-11-20T12:00:00Z');
    const { change, asked } = oracle();
    const store = createMemoryStore({ now: () => now, pollMs: 1 });
    const running = await start({ change, store, now: () => now });
    await sendOne(running);
    for (const [index, time] of ['20T12:10', '20T13:00', '20T18:00', '21T12:00'].entries()) {
      now = new Date(`2026-11-${time}:00Z`);
      await expect.poll(asked).toBe(index + 1);
    }
    now = new Date('2026-11-25T12:00:00Z');
    await running.server.idle();
    expect(asked()).toBe(4);
  });
});

describe('an opt-out that only a receipt tells of', () => {
  const refused = { code: 'recipient_opted_out', outcome: 'not-performed' };

  it('is learned from the receipt', async () => {
    const running = await start({ change: oracle().change });
    const id = await sendOne(running);
    await running.receipt({ id, status: 'failed', errorCode: 'gone' });
    await running.server.idle();
    await expect(running.server.send({ to: ada, text: 'x' })).rejects.toMatchObject(refused);
  });
  it('is learned from a lookup', async () => {
    const { says, change } = oracle();
    const running = await start({ change });
    const id = await sendOne(running);
    Object.assign(says, { status: 'undelivered', carrierErrorCode: 'gone' });
    await running.server.refreshDelivery(id);
    await expect(running.server.send({ to: ada, text: 'x' })).rejects.toMatchObject(refused);
  });
  it('is learned when the receipt comes before the answer to the request', async () => {
    const running = await start({ change: oracle().change });
    // The mock counts its messages.
    await running.receipt({ id: 'mock-1', status: 'failed', errorCode: 'gone' });
    await running.server.idle();
    expect(await sendOne(running)).toBe('mock-1');
    await expect(running.server.send({ to: ada, text: 'x' })).rejects.toMatchObject(refused);
  });
  it('is not learned again after a START', async () => {
    const running = await start({ change: oracle().change });
    const id = await sendOne(running);
    await running.receipt({ id, status: 'failed', errorCode: 'gone' });
    await running.server.idle();
    await running.text('START');
    await running.server.idle();
    await running.receipt({ id, status: 'undelivered', errorCode: 'gone' });
    await running.server.idle();
    await expect(running.server.send({ to: ada, text: 'x' })).resolves.toBeDefined();
  });
  it('is not seen in other failures', async () => {
    const running = await start({ change: oracle().change });
    const id = await sendOne(running);
    await running.receipt({ id, status: 'failed', errorCode: '30003' });
    await running.server.idle();
    await expect(running.server.send({ to: ada, text: 'x' })).resolves.toBeDefined();
  });
});
