import { TelephonyError } from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from './compare-and-set.ts';
import { isRecord, numberIn } from './json.ts';

/** How much may be sent. Counted in windows of a whole hour or a whole day, UTC; kept across restarts. */
export interface SpendLimits {
  /** Messages an hour; default 200. */
  readonly maxPerHour?: number;
  /** Messages a day; default 1,000. */
  readonly maxPerDay?: number;
  /** Billed segments a day; default 5,000. */
  readonly maxSegmentsPerDay?: number;
}

/** What one send costs. */
export interface Cost {
  readonly messageCount: number;
  readonly segmentCount: number;
}

/** Keeps the money within its limits. */
export interface SpendLedger {
  /**
   * Reserves a cost, once for each id however often it is asked for; when it has grown since, the difference.
   *
   * @throws {TelephonyError} `limit_reached`, with `retryAfterMs` until the window ends; without it when no window is
   * large enough
   */
  reserve(id: string, cost: Cost): Promise<void>;
  /** What the windows that are open now have cost so far. */
  spent(): Promise<{ readonly hour: Cost; readonly day: Cost }>;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nothing: Cost = { messageCount: 0, segmentCount: 0 };

interface Window {
  readonly name: 'hour' | 'day';
  readonly ms: number;
  readonly limit: Cost;
}
/** What was spent in the windows that were open at the last send. */
type Spent = { readonly [name in Window['name']]: Cost & { readonly since: number } };

/** Keeps what was spent in a key-value store. */
export function createSpendLedger(options: {
  readonly keyValue: KeyValueStore;
  readonly now: () => Date;
  readonly limits?: SpendLimits;
}): SpendLedger {
  const { keyValue, now, limits = {} } = options;
  const { maxPerHour = 200, maxPerDay = 1000, maxSegmentsPerDay = 5000 } = limits;
  const hour: Window = {
    name: 'hour',
    ms: hourMs,
    limit: { messageCount: maxPerHour, segmentCount: Infinity },
  };
  const day: Window = {
    name: 'day',
    ms: dayMs,
    limit: { messageCount: maxPerDay, segmentCount: maxSegmentsPerDay },
  };
  return {
    async reserve(id, cost) {
      const key = `spent/${id}`;
      const before = (await readRecord(keyValue, key, parseCost)) ?? nothing;
      const more = subtract(cost, before);
      if (more.messageCount <= 0 && more.segmentCount <= 0) return;
      const at = now().getTime();
      // The budget is charged before the id is marked: a crash in between charges twice, never not at all.
      await updateRecord({
        keyValue,
        key: 'spend',
        ttlMs: 2 * dayMs,
        parse: parseSpent,
        change: (spent) => ({
          hour: charge(hour, spent?.hour, more, at),
          day: charge(day, spent?.day, more, at),
        }),
      });
      await keyValue.set(key, JSON.stringify(cost), { ttlMs: 2 * dayMs });
    },
    async spent() {
      const spent = await readRecord(keyValue, 'spend', parseSpent);
      const at = now().getTime();
      return { hour: spentIn(hour, spent?.hour, at), day: spentIn(day, spent?.day, at) };
    },
  };
}

function charge(
  window: Window,
  spent: Spent['hour'] | undefined,
  cost: Cost,
  at: number,
): Spent['hour'] {
  const since = Math.floor(at / window.ms) * window.ms;
  const next = add(spent?.since === since ? spent : nothing, cost);
  if (isWithin(next, window.limit)) return { ...next, since };
  throw limitReached(window, isWithin(cost, window.limit) ? since + window.ms - at : undefined);
}

function spentIn(window: Window, spent: Spent['hour'] | undefined, at: number): Cost {
  if (spent?.since !== Math.floor(at / window.ms) * window.ms) return nothing;
  return { messageCount: spent.messageCount, segmentCount: spent.segmentCount };
}

const isWithin = (cost: Cost, limit: Cost): boolean =>
  cost.messageCount <= limit.messageCount && cost.segmentCount <= limit.segmentCount;
const add = (one: Cost, other: Cost): Cost => ({
  messageCount: one.messageCount + other.messageCount,
  segmentCount: one.segmentCount + other.segmentCount,
});
const subtract = (one: Cost, other: Cost): Cost => ({
  messageCount: Math.max(0, one.messageCount - other.messageCount),
  segmentCount: Math.max(0, one.segmentCount - other.segmentCount),
});

function parseCost(json: unknown): Cost | undefined {
  if (!isRecord(json)) return undefined;
  return {
    messageCount: numberIn(json, 'messageCount') ?? 0,
    segmentCount: numberIn(json, 'segmentCount') ?? 0,
  };
}

function parseSpent(json: unknown): Spent | undefined {
  const [hour, day] = isRecord(json) ? [json['hour'], json['day']].map(parseWindow) : [];
  return hour && day ? { hour, day } : undefined;
}

function parseWindow(json: unknown): Spent['hour'] | undefined {
  const cost = parseCost(json);
  return cost && isRecord(json) ? { ...cost, since: numberIn(json, 'since') ?? 0 } : undefined;
}

function limitReached({ name, limit }: Window, retryAfterMs: number | undefined): TelephonyError {
  const segments = limit.segmentCount === Infinity ? '' : ` and ${limit.segmentCount} segments`;
  const what = retryAfterMs === undefined ? 'is less than this text alone needs' : 'is reached';
  return new TelephonyError(
    'limit_reached',
    `the limit of ${limit.messageCount} messages${segments} a ${name} ${what}; raise it under "outbound" if that is meant`,
    { outcome: 'not-performed', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  );
}
