import { TelephonyError } from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { updateRecord } from './compare-and-set.ts';
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
   * Reserves a cost, once for each id however often it is asked for.
   *
   * @throws {TelephonyError} `limit_reached`, with `retryAfterMs` until the window ends
   */
  reserve(id: string, cost: Cost): Promise<void>;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Keeps what was spent in a key-value store. */
export function createSpendLedger(options: {
  readonly keyValue: KeyValueStore;
  readonly now: () => Date;
  readonly limits?: SpendLimits;
}): SpendLedger {
  const { keyValue, now, limits = {} } = options;
  const windows = [
    { name: 'hour', ms: hourMs, messages: limits.maxPerHour ?? 200, segments: Infinity },
    {
      name: 'day',
      ms: dayMs,
      messages: limits.maxPerDay ?? 1000,
      segments: limits.maxSegmentsPerDay ?? 5000,
    },
  ];
  return {
    async reserve(id, cost) {
      // The budget is charged before the id is marked: a crash in between charges twice, never not at all.
      if ((await keyValue.get(`spent/${id}`)) !== undefined) return;
      for (const window of windows) {
        const at = now().getTime();
        const start = Math.floor(at / window.ms) * window.ms;
        await updateRecord({
          keyValue,
          key: `spend/${window.name}/${new Date(start).toISOString()}`,
          ttlMs: 2 * window.ms,
          parse: parseCost,
          change: (spent = { messageCount: 0, segmentCount: 0 }) => {
            const next = add(spent, cost);
            if (next.messageCount > window.messages || next.segmentCount > window.segments) {
              throw limitReached(window, start + window.ms - at);
            }
            return next;
          },
        });
      }
      await keyValue.set(`spent/${id}`, '1', { ttlMs: 2 * dayMs });
    },
  };
}

const add = (one: Cost, other: Cost): Cost => ({
  messageCount: one.messageCount + other.messageCount,
  segmentCount: one.segmentCount + other.segmentCount,
});

function parseCost(json: unknown): Cost | undefined {
  if (!isRecord(json)) return undefined;
  return {
    messageCount: numberIn(json, 'messageCount') ?? 0,
    segmentCount: numberIn(json, 'segmentCount') ?? 0,
  };
}

function limitReached(
  window: { readonly name: string; readonly messages: number; readonly segments: number },
  retryAfterMs: number,
): TelephonyError {
  const segments = window.segments === Infinity ? '' : ` and ${window.segments} segments`;
  return new TelephonyError(
    'limit_reached',
    `the limit of ${window.messages} messages${segments} a ${window.name} is reached; raise it under "outbound" if that is meant`,
    { outcome: 'not-performed', retryAfterMs },
  );
}
