import { parseE164 } from '@openclaw/telephony-core';
import { createMemoryStore, type KeyValueStore, StoreError } from '@openclaw/telephony-store';
import { silentLogger } from '../observe/logger.ts';
import type { OutboxItem } from '../outbox/outbox-item.ts';
import { createSendLedger } from '../outbox/send-progress.ts';
import { createSchedule } from './schedule.ts';
import { runScheduler, type SchedulerOptions } from './scheduler.ts';

export const noon = Date.UTC(2026, 10, 20, 12);
export const minute = 60_000;
const sender = { kind: 'number', address: parseE164('+15550100100') } as const;
export const item: OutboxItem = {
  to: parseE164('+15550100123'),
  from: sender,
  purpose: 'operator',
  messages: [{ text: 'tea is ready', segmentCount: 1 }],
  media: [],
  isUnasked: false,
};

/** A schedule over a store, and what has reached the outbox, which takes each id once. */
export function scene(
  wrap: (keyValue: KeyValueStore) => KeyValueStore = (keyValue) => keyValue,
  put: SchedulerOptions['outbox']['put'] = async (id) => ({
    id,
    messageCount: 1,
    segmentCount: 1,
    duplicate: false,
  }),
) {
  let time = noon;
  const now = (): Date => new Date(time);
  const plain = createMemoryStore({ now }).keyValue;
  const keyValue = wrap(plain);
  const puts: string[] = [];
  const outbox = new Set<string>();
  const schedule = createSchedule({ keyValue, now });
  const options: SchedulerOptions = {
    schedule,
    outbox: {
      async put(id, what) {
        puts.push(id);
        const queued = await put(id, what);
        const duplicate = outbox.has(id);
        outbox.add(id);
        return { ...queued, duplicate };
      },
    },
    sends: createSendLedger({ keyValue: plain, now }),
    log: { recordSend: () => Promise.resolve('log') },
    recipients: { check: () => Promise.resolve() },
    sender,
    discard: () => Promise.resolve(),
    closing: new AbortController().signal,
    now,
    logger: silentLogger,
  };
  /** What a server does that starts, hands over what is due, and ends. */
  async function look(over: Partial<SchedulerOptions> = {}): Promise<void> {
    const scheduler = runScheduler({ ...options, ...over });
    await scheduler.idle();
    await scheduler.close();
  }
  const keys = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { key } of plain.list('')) found.push(key);
    return found;
  };
  return {
    plain,
    now,
    schedule,
    /** The same over the store itself. */
    plainly: createSchedule({ keyValue: plain, now }),
    puts,
    outbox,
    look,
    keys,
    options,
    setTime: (ms: number) => {
      time = ms;
    },
    pass: (ms: number) => {
      time += ms;
    },
    add: (id: string, sendAtMs: number) =>
      schedule.add({ id, item, sendAt: new Date(sendAtMs), checkedAs: 'operator' }),
  };
}

/** A store whose n-th operation fails, as if the process died there: nothing after it is done either. */
export function dyingAt(step: number): (keyValue: KeyValueStore) => KeyValueStore {
  let count = 0;
  const live = (): void => {
    count += 1;
    if (count >= step) throw new StoreError('unavailable', 'the process died here');
  };
  return (keyValue) => ({
    async get(key) {
      live();
      return keyValue.get(key);
    },
    async set(key, value, options) {
      live();
      return keyValue.set(key, value, options);
    },
    async delete(key, options) {
      live();
      return keyValue.delete(key, options);
    },
    list: (prefix, options) => keyValue.list(prefix, options),
  });
}
