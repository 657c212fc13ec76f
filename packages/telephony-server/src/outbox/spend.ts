import { TelephonyError } from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from '../records/compare-and-set.ts';
import { isRecord, numberIn } from '../records/json.ts';

/** How much may be sent. Counted in windows of a whole hour or a whole day, UTC; kept across restarts. */
export interface SpendLimits {
  /** Messages an hour; default 200. */
  readonly maxPerHour?: number;
  /** Messages a day; default 1,000. */
  readonly maxPerDay?: number;
  /** Segments a day: counted before they leave, and once more when the carrier bills more; default 5,000. */
  readonly maxSegmentsPerDay?: number;
}

/** What one send costs. */
export interface Cost {
  readonly messageCount: number;
  readonly segmentCount: number;
}

/** Keeps the money within its limits, also when the clock is set back. */
export interface SpendLedger {
  /**
   * Reserves a cost, once for each id however often it is asked for; when it has grown since, the difference.
   *
   * @throws {TelephonyError} `limit_reached`, with `retryAfterMs` until the window ends; without it when no window is
   * large enough
   */
  reserve(id: string, cost: Cost): Promise<void>;
  /** True for an id that was charged: it is queued, or was about to be. Known for five days. */
  isReserved(id: string): Promise<boolean>;
  /** Adds what has left already and cost more than was reserved. No limit holds it. */
  add(more: Cost): Promise<void>;
  /** What the windows that are open now have cost so far. */
  spent(): Promise<{ readonly hour: Cost; readonly day: Cost }>;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nothing: Cost = { messageCount: 0, segmentCount: 0 };
/** As long as a window may stay open whose end is ahead of a clock that was set back. */
const keptMs = 5 * dayMs;
/** So many windows ahead a clock may have been: what it counted there still counts. */
const mostWindowsAhead = 3;

interface Window {
  readonly name: 'hour' | 'day';
  readonly ms: number;
  readonly limit: Cost;
}
/** What was spent in the windows that were open at the last send. */
type Spent = { readonly [name in Window['name']]: Cost & { readonly since: number } };

/** What waits for its charge: those that come at once are charged with one write. */
interface Reservation {
  readonly id: string;
  readonly cost: Cost;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

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
  const change = (apply: (spent: Spent) => Spent | undefined): Promise<Spent | undefined> =>
    updateRecord({
      keyValue,
      key: 'spend',
      ttlMs: keptMs,
      parse: parseSpent,
      change: (spent) => apply(spent ?? noSpent),
    });

  async function reserveAll(batch: readonly Reservation[]): Promise<void> {
    const keys = [...new Set(batch.map(({ id }) => id))];
    const marks = await Promise.all(
      keys.map((id) => readRecord(keyValue, `spent/${id}`, parseCost)),
    );
    const marked = new Map(keys.map((id, index) => [id, marks[index] ?? nothing]));
    const at = now().getTime();
    let charged = new Map<string, Cost>();
    let refused = new Map<Reservation, unknown>();
    // The budget is charged before the ids are marked: a crash in between charges twice, never not at all.
    await change((spent) => {
      charged = new Map();
      refused = new Map();
      let next = spent;
      for (const one of batch) {
        const before = charged.get(one.id) ?? marked.get(one.id) ?? nothing;
        const more = subtract(one.cost, before);
        if (more.messageCount <= 0 && more.segmentCount <= 0) continue;
        try {
          next = {
            hour: charge(hour, next.hour, more, at),
            day: charge(day, next.day, more, at),
          };
          charged.set(one.id, one.cost);
        } catch (error) {
          refused.set(one, error);
        }
      }
      return charged.size === 0 ? undefined : next;
    });
    await Promise.all(
      Array.from(charged, ([id, cost]) =>
        keyValue.set(`spent/${id}`, JSON.stringify(cost), { ttlMs: keptMs }),
      ),
    );
    for (const one of batch) {
      if (refused.has(one)) one.reject(refused.get(one));
      else one.resolve();
    }
  }

  let waiting: Reservation[] = [];
  let isCharging = false;
  /** One after the other: every writer at once would make all but one of them write again. */
  async function chargeWaiting(): Promise<void> {
    if (isCharging) return;
    isCharging = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await reserveAll(batch).catch((error: unknown) => {
        for (const { reject } of batch) reject(error);
      });
    }
    isCharging = false;
  }

  return {
    reserve: (id, cost) =>
      new Promise((resolve, reject) => {
        waiting.push({ id, cost, resolve, reject });
        void chargeWaiting();
      }),
    isReserved: async (id) => (await keyValue.get(`spent/${id}`)) !== undefined,
    async add(more) {
      const at = now().getTime();
      await change((spent) => ({
        hour: added(hour, spent.hour, more, at),
        day: added(day, spent.day, more, at),
      }));
    },
    async spent() {
      const spent = (await readRecord(keyValue, 'spend', parseSpent)) ?? noSpent;
      const at = now().getTime();
      return { hour: spentIn(hour, spent.hour, at), day: spentIn(day, spent.day, at) };
    },
  };
}

const noSpent: Spent = { hour: { ...nothing, since: 0 }, day: { ...nothing, since: 0 } };

/**
 * When the window began that is open at a moment. One that was written and begins later stays open: a clock that is set
 * back over the hour, or differs between two processes, would otherwise open a fresh window each time.
 */
function openSince(window: Window, spent: Spent['hour'], at: number): number {
  const since = Math.floor(at / window.ms) * window.ms;
  const isAhead = spent.since > since && spent.since <= since + mostWindowsAhead * window.ms;
  return isAhead ? spent.since : since;
}

function added(window: Window, spent: Spent['hour'], cost: Cost, at: number): Spent['hour'] {
  const since = openSince(window, spent, at);
  return { ...add(spent.since === since ? spent : nothing, cost), since };
}

function charge(window: Window, spent: Spent['hour'], cost: Cost, at: number): Spent['hour'] {
  const next = added(window, spent, cost, at);
  if (isWithin(next, window.limit)) return next;
  const fits = isWithin(cost, window.limit);
  throw limitReached(window, fits ? next.since + window.ms - at : undefined);
}

function spentIn(window: Window, spent: Spent['hour'], at: number): Cost {
  const { messageCount, segmentCount } = added(window, spent, nothing, at);
  return { messageCount, segmentCount };
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
    `the limit of ${limit.messageCount} messages${segments} ${name === 'hour' ? 'an' : 'a'} ${name} ${what}; raise it under "outbound" if that is meant`,
    { outcome: 'not-performed', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  );
}
