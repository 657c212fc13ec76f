import { TelephonyError } from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { type LogFields, silentLogger } from '../observe/logger.ts';
import type { FailedSend } from '../outbox/dispatch-options.ts';
import { createSendLedger } from '../outbox/send-progress.ts';
import { createSpendLedger } from '../outbox/spend.ts';
import { createSchedule } from './schedule.ts';
import { dyingAt, item, minute, noon, scene } from './scheduler.testing.ts';

const hour = 60 * minute;
const full = (retryAfterMs: number): TelephonyError =>
  new TelephonyError('limit_reached', 'this hour is over', {
    outcome: 'not-performed',
    retryAfterMs,
  });
const isFull = (retryAfterMs: number) => () => Promise.reject(full(retryAfterMs));
const queued = async (id: string) => ({ id, messageCount: 1, segmentCount: 1, duplicate: false });
const denied = {
  check: () =>
    Promise.reject(
      new TelephonyError('permission_denied', 'not let in', { outcome: 'not-performed' }),
    ),
};
const createGate = (): { readonly open: () => void; readonly opened: Promise<void> } => {
  const gate = new AbortController();
  const opened = new Promise<void>((resolve) => {
    gate.signal.addEventListener('abort', () => resolve());
  });
  return { open: () => gate.abort(), opened };
};
const duePlaces = async (of: ReturnType<typeof scene>): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { id, dueMs } of of.schedule.places()) {
    found.push(`${id} ${(dueMs - noon) / minute}`);
  }
  return found;
};

describe('a refusal', () => {
  const long = { ...item, messages: [...item.messages, { text: 'or is it?', segmentCount: 1 }] };

  it('is written down and told once, wherever the process dies meanwhile', async () => {
    const diedIn = new Set<string | undefined>();
    for (let step = 1; step <= 20; step += 1) {
      const { plain, now, plainly, puts, look, setTime } = scene();
      await plainly.add({
        id: 'a',
        item: long,
        sendAt: new Date(noon + minute),
        checkedAs: 'agent',
      });
      setTime(noon + minute);
      const told: FailedSend[] = [];
      const over = { recipients: denied, onGivenUp: (one: FailedSend) => void told.push(one) };
      const dying: KeyValueStore = dyingAt(step)(plain);
      const sends = createSendLedger({ keyValue: dying, now });
      await look({ ...over, sends, schedule: createSchedule({ keyValue: dying, now }) });
      const before = await createSendLedger({ keyValue: plain, now }).get('a');
      diedIn.add(before?.messages.map(({ state }) => state).join());
      await look(over);
      expect(told).toMatchObject([{ sendId: 'a', index: 0, code: 'permission_denied' }]);
      const after = await createSendLedger({ keyValue: plain, now }).get('a');
      expect(after?.messages).toMatchObject([{ state: 'failed' }, { state: 'skipped' }]);
      expect((await plainly.read('a'))?.state).toBe('handed-over');
      expect(puts).toEqual([]);
    }
    expect([...diedIn]).toEqual([
      undefined,
      'waiting,waiting',
      'waiting,skipped',
      'failed,skipped',
    ]);
  });
});

describe('two servers with one text in their hands', () => {
  it('let nobody call it off while one of them hands it over, whatever the other meets', async () => {
    const { add, look, schedule, setTime, outbox } = scene();
    await add('a', noon + minute);
    setTime(noon + minute);
    const gate = createGate();
    const reached = createGate();
    const slow = look({
      outbox: {
        async put(id) {
          reached.open();
          await gate.opened;
          outbox.add(id);
          return queued(id);
        },
      },
    });
    await reached.opened;
    await look({ outbox: { put: isFull(hour) } });
    expect(await schedule.cancel('a')).toBe(false);
    gate.open();
    await slow;
    expect([...outbox]).toEqual(['a']);
    expect((await schedule.read('a'))?.state).toBe('handed-over');
  });
  it('let it be called off when both have met a limit', async () => {
    const { add, look, schedule, setTime } = scene();
    await add('a', noon + minute);
    setTime(noon + minute);
    const gate = createGate();
    const reached = createGate();
    const slow = look({
      outbox: {
        put() {
          reached.open();
          return gate.opened.then(isFull(hour));
        },
      },
    });
    await reached.opened;
    await look({ outbox: { put: isFull(hour) } });
    gate.open();
    await slow;
    expect(await schedule.cancel('a')).toBe(true);
  });
});

describe('a process that dies with a text in its hand', () => {
  it('keeps nobody from calling it off for long that waits for a limit', async () => {
    const { add, look, schedule, setTime, pass } = scene(undefined, isFull(7 * hour));
    await add('a', noon + minute);
    setTime(noon + minute);
    expect(await schedule.claim('a')).toBe(true);
    await look();
    // Nobody knows yet that it has died: it may be handing the text over at this moment.
    expect(await schedule.cancel('a')).toBe(false);
    pass(3 * minute);
    await look();
    expect(await schedule.cancel('a')).toBe(true);
  });
  it('lets nobody call off what it may have handed over, until the outbox was asked', async () => {
    const { add, look, schedule, setTime, pass, outbox } = scene();
    await add('a', noon + minute);
    setTime(noon + minute);
    await schedule.claim('a');
    pass(hour);
    const outOfReach = { check: () => Promise.reject(new Error('out of reach')) };
    await look({ recipients: outOfReach });
    expect(await schedule.cancel('a')).toBe(false);
    pass(hour);
    await look();
    expect([...outbox]).toEqual(['a']);
  });
  it('behind the outbox, that has begun and not tried it yet, leaves it to the outbox', async () => {
    const { add, look, options, schedule, setTime, puts } = scene(undefined, queued);
    await add('a', noon + minute);
    setTime(noon + minute);
    await schedule.claim('a');
    await options.sends.begin('a', item.to, { messageCount: 1, segmentCount: 1 });
    await look();
    // Asked once more: it takes each id once.
    expect(puts).toEqual(['a']);
    expect((await schedule.read('a'))?.state).toBe('handed-over');
  });
});

describe('a limit', () => {
  it('leaves the order as it was, however long each text took to meet it', async () => {
    const waits = [900, 500, 20, 3];
    const found = scene(undefined, () => {
      // The clock goes on while the store works.
      const error = full(noon + hour - found.now().getTime());
      found.pass(waits.shift() ?? 0);
      return Promise.reject(error);
    });
    const ids = ['d', 'c', 'b', 'a'];
    for (const [index, id] of ids.entries()) await found.add(id, noon + minute + index * 1000);
    for (const index of ids.keys()) {
      found.setTime(noon + minute + index * 1000);
      await found.look();
    }
    expect(await duePlaces(found)).toEqual(ids.map((id) => `${id} 60`));
  });
  it('is met and logged once in a look, by however many texts', async () => {
    const lines: LogFields[] = [];
    const found = scene();
    const { add, look, setTime, plain, now, pass, outbox } = found;
    const spend = createSpendLedger({ keyValue: plain, now, limits: { maxPerHour: 3 } });
    const asked: string[] = [];
    const over = {
      logger: { ...silentLogger, warn: (fields: LogFields) => void lines.push(fields) },
      outbox: {
        async put(id: string) {
          asked.push(id);
          await spend.reserve(id, { messageCount: 1, segmentCount: 1 });
          outbox.add(id);
          return queued(id);
        },
      },
    };
    const ids = Array.from({ length: 40 }, (_, n) => `text ${String(n).padStart(2, '0')}`);
    for (const id of ids) await add(id, noon + minute);
    setTime(noon + minute);
    await look(over);
    expect([...outbox]).toEqual(ids.slice(0, 3));
    expect(asked).toEqual(ids.slice(0, 4));
    expect(lines).toMatchObject([{ sendId: 'text 03', waitMs: 59 * minute }]);
    expect(await duePlaces(found)).toEqual(ids.slice(3).map((id) => `${id} 60`));
    pass(hour);
    await look(over);
    expect([...outbox]).toEqual(ids.slice(0, 6));
    expect(lines).toHaveLength(2);
  });
  it('that a long text has met holds up no shorter one', async () => {
    const { plainly, add, look, setTime, outbox } = scene(undefined, async (id, { messages }) => {
      if (messages.length > 1) throw full(hour);
      return queued(id);
    });
    const messages = [...item.messages, ...item.messages];
    const sendAt = new Date(noon + minute);
    await plainly.add({ id: 'long', item: { ...item, messages }, sendAt, checkedAs: 'agent' });
    await add('short', noon + minute + 1);
    setTime(noon + 2 * minute);
    await look();
    expect([...outbox]).toEqual(['short']);
  });
  it('that is over within the second loses no place', async () => {
    const { add, look, outbox, setTime, pass } = scene();
    await add('a', noon);
    setTime(noon + 100);
    await look({ recipients: { check: isFull(200) } });
    expect(outbox.size).toBe(0);
    pass(1000);
    await look();
    expect([...outbox]).toEqual(['a']);
  });
});
