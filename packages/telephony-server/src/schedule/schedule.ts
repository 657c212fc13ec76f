import { TelephonyError } from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from '../records/compare-and-set.ts';
import { costOf } from '../outbox/compose.ts';
import { secretOf } from '../media/media-ref.ts';
import type { QueuedSend } from '../outbox/outbox.ts';
import type { OutboxItem } from '../outbox/outbox-item.ts';
import type { SendPurpose } from '../outbox/recipients.ts';
import { readable } from './readable.ts';
import { createRoom } from './room.ts';
import {
  dueKey,
  type DuePlace,
  duePrefix,
  isOpen,
  parseDueKey,
  parseScheduled,
  placeOf,
  type ScheduledRecord,
} from './scheduled-record.ts';
import type { MessageProgress, SendProgress } from '../outbox/send-progress.ts';

/** What is to be written down of a text that leaves later. */
export interface LaterSend {
  readonly id: string;
  readonly item: OutboxItem;
  readonly sendAt: Date;
  readonly checkedAs: SendPurpose;
}

/**
 * The texts that are to leave later. Each has a record, which decides, and a place in the order in which they are due,
 * which may be there once too often and is never missing when {@link Schedule.add} has resolved.
 */
export interface Schedule {
  /** Whether a moment is ahead. @throws {TelephonyError} `invalid_request` for one that is too far */
  isAhead(sendAt: Date): boolean;
  /**
   * Keeps a text. Durable when it resolves.
   *
   * @throws {TelephonyError} `limit_reached` when too many are kept, `invalid_request` for an id that was called off
   */
  add(later: LaterSend): Promise<QueuedSend>;
  /**
   * What was scheduled under an id, as a send that is asked for again.
   *
   * @throws {TelephonyError} `invalid_request` when it was called off
   */
  known(id: string): Promise<QueuedSend | undefined>;
  read(id: string): Promise<ScheduledRecord | undefined>;
  /** How far a text has come that the outbox does not know yet. */
  progress(id: string): Promise<SendProgress | undefined>;
  /** Calls a text off; false when it was handed over, called off before, or is not known. */
  cancel(id: string): Promise<boolean>;
  /** How many there are. */
  count(): Promise<number>;
  /** The places in their order; only those that are due until a moment. */
  places(untilMs?: number): AsyncIterable<DuePlace>;
  /**
   * Takes a text into the hand, where it cannot be called off; several may have it there. False when there is nothing to
   * hand over any more.
   */
  claim(id: string): Promise<boolean>;
  /**
   * Puts it down again, for whoever has claimed it and was told that the outbox has not got it. False when somebody else
   * may have it in the hand: whoever dies there is waited for two minutes.
   */
  release(id: string): Promise<boolean>;
  /** Writes down that the outbox has it, or has refused it. */
  handedOver(id: string): Promise<void>;
  /** Takes a place away. */
  drop(place: DuePlace): Promise<void>;
  /** Moves a place to another moment. */
  defer(place: DuePlace, dueMs: number): Promise<void>;
}

/** What {@link createSchedule} takes. */
export interface ScheduleOptions {
  /** Of the account. */
  readonly keyValue: KeyValueStore;
  readonly now: () => Date;
  /** How many texts may wait; default 10,000. Processes that schedule at the same time may take it over that. */
  readonly maxScheduled?: number | undefined;
}

const dayMs = 24 * 3_600_000;
const mostDaysAhead = 366;
/** As long as the progress of a send is known. */
const rememberedMs = 30 * dayMs;
/** Nobody has a text in the hand for so long; also more than the clocks of two processes are apart. */
const longestClaimMs = 2 * 60_000;
const keyOf = (id: string): string => `scheduled/${id}`;

/**
 * Keeps the schedule in a key-value store.
 *
 * @throws {RangeError} for a bound that is no whole number from 0 up
 */
export function createSchedule(options: ScheduleOptions): Schedule {
  const { now, maxScheduled = 10_000 } = options;
  const keyValue = readable(options.keyValue);
  if (!Number.isInteger(maxScheduled) || maxScheduled < 0) {
    throw new RangeError('outbound.maxScheduled must be a whole number from 0 up');
  }
  async function count(limit: number): Promise<number> {
    let found = 0;
    for await (const _ of keyValue.list(duePrefix, { limit })) found += 1;
    return found;
  }
  const room = createRoom({ size: maxScheduled, count, full: () => full(maxScheduled) });
  const read = (id: string): Promise<ScheduledRecord | undefined> =>
    readRecord(keyValue, keyOf(id), (json) => parseScheduled(id, json));
  const change = (
    id: string,
    apply: (current: ScheduledRecord | undefined) => ScheduledRecord | undefined,
    ttlMs?: number,
  ): Promise<ScheduledRecord | undefined> =>
    updateRecord({
      keyValue,
      key: keyOf(id),
      parse: (json) => parseScheduled(id, json),
      change: apply,
      ...(ttlMs === undefined ? {} : { ttlMs }),
    });
  async function put(place: DuePlace): Promise<void> {
    await keyValue.set(dueKey(place), '');
  }
  async function drop(place: DuePlace): Promise<void> {
    await keyValue.delete(dueKey(place));
  }

  async function defer(place: DuePlace, dueMs: number): Promise<void> {
    // In this order: a crash in between leaves one place too many, and not none.
    await put({ ...place, dueMs });
    if (dueMs !== place.dueMs) await drop(place);
  }
  /** True for what was due and has a place elsewhere, because it has to wait. */
  async function hasMoved({ id, sendAtMs }: ScheduledRecord): Promise<boolean> {
    if (sendAtMs > now().getTime()) return false;
    for await (const place of places(Infinity)) if (place.id === id) return true;
    return false;
  }
  async function* places(untilMs: number): AsyncIterable<DuePlace> {
    for await (const { key } of keyValue.list(duePrefix)) {
      const place = parseDueKey(key);
      if (place === undefined) continue;
      if (place.dueMs > untilMs) return;
      yield place;
    }
  }

  async function known(id: string): Promise<QueuedSend | undefined> {
    const record = await read(id);
    if (record === undefined) return undefined;
    if (record.state === 'cancelled') throw calledOff();
    // After a crash right behind the record, it has no place yet.
    if (isOpen(record) && !(await hasMoved(record))) await put(placeOf(record));
    return { ...record.cost, id, duplicate: true, ...whenOf(record) };
  }

  async function add({ id, item, sendAt, checkedAs }: LaterSend): Promise<QueuedSend> {
    const record: ScheduledRecord = {
      id,
      state: 'scheduled',
      to: item.to,
      cost: costOf(item.messages),
      sendAtMs: sendAt.getTime(),
      createdAtMs: now().getTime(),
      checkedAs,
      item,
    };
    for (;;) {
      // The record first: a place without one is taken for a leftover.
      const value = JSON.stringify(record);
      if (await keyValue.set(keyOf(id), value, { ifVersion: 'absent' })) break;
      const before = await known(id);
      if (before !== undefined) return before;
    }
    await put(placeOf(record));
    return { ...record.cost, id, duplicate: false, ...whenOf(record) };
  }

  return {
    isAhead(sendAt) {
      const ms = sendAt.getTime() - now().getTime();
      if (ms <= mostDaysAhead * dayMs) return ms > 0;
      throw refuse('invalid_request', `sendAt is more than ${mostDaysAhead} days ahead`);
    },
    known,
    read,
    add: (later) => room.let(() => add(later)),
    async progress(id) {
      const record = await read(id);
      if (record === undefined) return undefined;
      const state = progressOf(record);
      return {
        id,
        to: record.to,
        createdAt: new Date(record.createdAtMs).toISOString(),
        cost: record.cost,
        messages: Array.from({ length: record.cost.messageCount }, () => state),
      };
    },
    async cancel(id) {
      let isMine = false;
      const ended = await change(
        id,
        (current) => {
          isMine = current?.state === 'scheduled';
          return current && isMine ? cancelled(current) : undefined;
        },
        rememberedMs,
      );
      if (ended === undefined || !isMine) return false;
      // Files of its own are removed by whoever has the media host, when this place comes up.
      await (ended.media === undefined
        ? drop(placeOf(ended))
        : defer(placeOf(ended), now().getTime()));
      return true;
    },
    count: () => count(Infinity),
    places: (untilMs = Infinity) => places(untilMs),
    async claim(id) {
      let isMine = false;
      await change(id, (current) => {
        isMine = current !== undefined && isOpen(current);
        if (current === undefined || !isMine) return undefined;
        const claimedAtMs = now().getTime();
        const holderCount = holdersOf(current, claimedAtMs) + 1;
        return { ...current, state: 'claimed', holderCount, claimedAtMs };
      });
      return isMine;
    },
    async release(id) {
      const left = await change(id, (current) => {
        if (current?.state !== 'claimed') return undefined;
        const { holderCount = 1 } = current;
        return holderCount > 1
          ? { ...current, holderCount: holderCount - 1 }
          : { ...putDown(current), state: 'scheduled' };
      });
      return left?.state !== 'claimed';
    },
    async handedOver(id) {
      await change(
        id,
        (current) => {
          if (current === undefined || !isOpen(current)) return undefined;
          const { item: _, ...rest } = putDown(current);
          return { ...rest, state: 'handed-over' };
        },
        rememberedMs,
      );
    },
    drop,
    defer,
  };
}

/** How many have it in their hands; whoever died there is not counted for ever. */
function holdersOf({ holderCount = 0, claimedAtMs = 0 }: ScheduledRecord, atMs: number): number {
  return Math.abs(atMs - claimedAtMs) < longestClaimMs ? holderCount : 0;
}

function putDown(record: ScheduledRecord): ScheduledRecord {
  const { holderCount: _, claimedAtMs: __, ...rest } = record;
  return rest;
}

function cancelled({ item, ...record }: ScheduledRecord): ScheduledRecord {
  const kept = item?.media.filter((href) => secretOf(href) !== undefined) ?? [];
  return { ...record, state: 'cancelled', ...(kept.length === 0 ? {} : { media: kept }) };
}

const whenOf = (record: ScheduledRecord): Pick<QueuedSend, 'scheduledFor'> =>
  isOpen(record) ? { scheduledFor: new Date(record.sendAtMs) } : {};

function progressOf(record: ScheduledRecord): MessageProgress {
  if (record.state === 'cancelled') return { state: 'cancelled' };
  return isOpen(record)
    ? { state: 'scheduled', sendAt: new Date(record.sendAtMs).toISOString() }
    : { state: 'waiting', attempts: 0 };
}

const full = (maxScheduled: number): TelephonyError =>
  refuse(
    'limit_reached',
    `no more texts may be scheduled: there are ${maxScheduled} already (outbound.maxScheduled). Call some off, or wait until some have left`,
  );

const calledOff = (): TelephonyError =>
  refuse('invalid_request', 'this send was scheduled and called off: send it under another id');

const refuse = (code: 'limit_reached' | 'invalid_request', message: string): TelephonyError =>
  new TelephonyError(code, message, { outcome: 'not-performed' });
