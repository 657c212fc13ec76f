import { createMemoryStore, type KeyValueStore } from '@openclaw/telephony-store';
import { expect, it } from 'vitest';
import { logPrefix } from './message-log-entry.ts';
import { createMessageLog } from './message-log.ts';
import { ada, ours } from '../running-server.testing.ts';

const arrivedAt = new Date('2026-11-20T12:00:00Z');
const textOf = (id: string) => ({ id, from: ada, to: ours, text: 'hi', media: [] });

function counting() {
  const { keyValue } = createMemoryStore({ now: () => arrivedAt });
  let scans = 0;
  const counted: KeyValueStore = {
    get: (key) => keyValue.get(key),
    set: keyValue.set.bind(keyValue),
    delete: (key) => keyValue.delete(key),
    list(prefix, how) {
      scans += 1;
      return keyValue.list(prefix, how);
    },
  };
  const log = () => createMessageLog({ keyValue: counted, now: () => arrivedAt });
  const record = (to: ReturnType<typeof log>, id: string, isRepeat: boolean) =>
    to.recordText(id, textOf(id), { arrivedAt, isRepeat });
  const size = (): Promise<number> => count(keyValue.list(logPrefix));
  return { log, record, size, scans: () => scans };
}
async function count(entries: AsyncIterable<unknown>): Promise<number> {
  let found = 0;
  for await (const _ of entries) found += 1;
  return found;
}
const ids = ['a', 'b', 'c', 'd', 'e'];

it('a text that waits is not looked for in the whole log each time it comes again', async () => {
  const { log, record, size, scans } = counting();
  const one = log();
  for (const id of ids) await record(one, id, false);
  for (const id of [...ids, ...ids]) await record(one, id, true);
  expect(await size()).toBe(5);
  expect(scans()).toBe(0);
});

it('after a restart the log is read once for all texts that wait', async () => {
  const { log, record, size, scans } = counting();
  const before = log();
  for (const id of ids.slice(0, 3)) await record(before, id, false);
  const after = log();
  // The process died before it wrote down the last two.
  await Promise.all(ids.map((id) => record(after, id, true)));
  for (const id of ids) await record(after, id, true);
  expect(await size()).toBe(5);
  expect(scans()).toBe(1);
});
