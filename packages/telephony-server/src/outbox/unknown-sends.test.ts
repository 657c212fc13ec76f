import { mockError } from '@openclaw/provider-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { accountRecords } from '../records/account-records.ts';
import { openAccountView } from '../account-view.ts';
import { parseOutboxItem } from './outbox-item.ts';
import { ada, type RunningServer, startServer } from '../running-server.testing.ts';
import { createSendLedger, sendRef } from './send-progress.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer({ publicUrl: 'https://bot.example.com', ...options });
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});
const unknownIds = async ({ store }: RunningServer): Promise<string[]> =>
  (await openAccountView({ store }).unknownSends()).map(({ sendId }) => sendId);

/** A server whose second message of a send timed out, though the carrier has it. */
async function startWithUnknown(): Promise<RunningServer> {
  const running = await start({ sms: { chunkMode: 'multi', segmentNumbering: false } });
  running.provider.failNext(mockError('timeout'), { sentAnyway: true });
  await running.server.send({ to: ada, text: `${'x'.repeat(160)}${'y'.repeat(100)}`, id: 'a' });
  await running.sent();
  return running;
}

describe('a message of unknown outcome', () => {
  it('is on the list with its words, and the rest of the send left', async () => {
    const running = await startWithUnknown();
    const view = openAccountView({ store: running.store });
    expect(await view.unknownSends()).toMatchObject([
      {
        sendId: 'a',
        index: 0,
        code: 'timeout',
        item: { to: ada, messages: [{ text: 'x'.repeat(160), segmentCount: 1 }] },
      },
    ]);
    expect(running.provider.sent).toHaveLength(2);
  });
  it('leaves the list when a receipt names it, which then knows whom it is for', async () => {
    const running = await startWithUnknown();
    const [first] = running.provider.sent;
    const path = first?.message.statusCallback?.pathname ?? '';
    await running.receipt({ id: first?.id ?? '', status: 'delivered' }, path);
    await running.server.idle();
    expect(await unknownIds(running)).toEqual([]);
    expect(await running.server.delivery(first?.id ?? '')).toMatchObject({
      status: 'delivered',
      to: ada,
      sendId: 'a',
    });
  });
  it('leaves the list when a person says that it was sent', async () => {
    const running = await startWithUnknown();
    expect(await running.server.resolveUnknown('a', 'sent')).toEqual({
      messageCount: 1,
      sentAgainAs: [],
    });
    expect(await unknownIds(running)).toEqual([]);
    expect(await running.sent()).toHaveLength(2);
    expect((await running.server.sendProgress('a'))?.messages[0]).toEqual({
      state: 'resolved',
      as: 'sent',
    });
  });
  it('is sent again when a person says so: it alone, and once however often they say it', async () => {
    const running = await startWithUnknown();
    const { sentAgainAs } = await running.server.resolveUnknown('a', 'send-again');
    expect(sentAgainAs).toHaveLength(1);
    expect(await running.server.resolveUnknown('a', 'send-again')).toEqual({
      messageCount: 0,
      sentAgainAs: [],
    });
    expect((await running.sent()).map((text) => text?.[0])).toEqual(['x', 'y', 'x']);
  });
  it('is found out by a late receipt even after a person has decided', async () => {
    const running = await startWithUnknown();
    await running.server.resolveUnknown('a', 'sent');
    const [first] = running.provider.sent;
    const path = first?.message.statusCallback?.pathname ?? '';
    await running.receipt({ id: first?.id ?? '', status: 'delivered' }, path);
    await running.server.idle();
    expect((await running.server.sendProgress('a'))?.messages[0]).toEqual({
      state: 'accepted',
      messageId: first?.id,
    });
  });
  it('after a crash is accepted when a receipt came first, and is not sent again', async () => {
    const running = await start({ idle: true });
    await running.server.send({ to: ada, text: 'x', id: 'a' });
    const keyValue = accountRecords(running.store.keyValue, 'default');
    const sends = createSendLedger({ keyValue, now: () => new Date(0) });
    await sends.begin('a', ada, { messageCount: 1, segmentCount: 1 });
    await sends.move('a', 0, { state: 'dispatching', attempts: 1 });
    await running.receipt({ id: 'm', status: 'sent' }, `/telephony/status/${sendRef('a', 0)}`);
    running.server.start();
    expect(await running.sent()).toEqual([]);
    const state = async () => (await running.server.sendProgress('a'))?.messages;
    await expect.poll(state).toEqual([{ state: 'accepted', messageId: 'm' }]);
    expect(await unknownIds(running)).toEqual([]);
  });
  it('is on the list too when its process died under it until the job was given up', async () => {
    const running = await start({ idle: true });
    const queue = running.store.queue('outbox:default', { parse: parseOutboxItem, maxAttempts: 1 });
    await running.server.send({ to: ada, text: 'x', id: 'a' });
    const keyValue = accountRecords(running.store.keyValue, 'default');
    const sends = createSendLedger({ keyValue, now: () => new Date(0) });
    await sends.begin('a', ada, { messageCount: 1, segmentCount: 1 });
    await sends.move('a', 0, { state: 'dispatching', attempts: 1 });
    const runner = queue.run(() => Promise.reject(new Error('crash')), { concurrency: 1 });
    await runner.idle();
    await runner.close();
    expect(await unknownIds(running)).toEqual(['a']);
    expect(await running.server.resolveUnknown('a', 'sent')).toMatchObject({ messageCount: 1 });
    expect(await unknownIds(running)).toEqual([]);
  });
  it('is on the list though another record there cannot be read', async () => {
    const running = await startWithUnknown();
    const records = accountRecords(running.store.keyValue, 'default');
    await records.set('unknown/1', 'no json');
    await records.set('unknown/2', JSON.stringify({ sendId: 'b', index: 0, item: {} }));
    expect(await unknownIds(running)).toEqual(['a']);
  });
  it('is not a dead one that surely did not leave', async () => {
    const running = await start();
    running.provider.failNext(mockError('invalid_recipient'));
    await running.server.send({ to: ada, text: 'x', id: 'a' });
    await running.sent();
    const view = openAccountView({ store: running.store });
    expect(await view.dead.list()).toHaveLength(1);
    expect(await view.unknownSends()).toEqual([]);
    expect(await running.server.resolveUnknown('a', 'send-again')).toMatchObject({
      messageCount: 0,
    });
  });
  it('never becomes of one that is known to be accepted, whatever a late answer says', async () => {
    const { store } = await start();
    const sends = createSendLedger({ keyValue: store.keyValue, now: () => new Date(0) });
    await sends.begin('b', ada, { messageCount: 1, segmentCount: 1 });
    await sends.move('b', 0, { state: 'accepted', messageId: 'm' });
    for (const state of ['unknown', 'failed'] as const) {
      const moved = await sends.move('b', 0, { state, code: 'timeout', reason: '' });
      expect(moved.messages).toEqual([{ state: 'accepted', messageId: 'm' }]);
    }
  });
});
