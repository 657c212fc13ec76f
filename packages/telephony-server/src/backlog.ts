import type { WorkQueue } from '@openclaw/telephony-store';
import type { InboxItem, SignalItem, TextItem } from './inbox-item.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Bounds what waits in the inbox. Asked before anything is written. */
export interface Backlog {
  /**
   * What the carrier is answered when an item may not be stored now.
   *
   * @throws {StoreError} when the depth of the queue cannot be had
   */
  refuses(item: InboxItem): Promise<Refusal | undefined>;
  /** Counts an item that was stored. */
  added(item: InboxItem): void;
}

/** What {@link createBacklog} takes. */
export interface BacklogOptions {
  readonly texts: Pick<WorkQueue<TextItem>, 'inspect'>;
  readonly signals: Pick<WorkQueue<SignalItem>, 'inspect'>;
  /** Texts that wait, and receipts that wait; default 50,000 each. */
  readonly maxWaiting?: number;
  /** Texts of one sender; default 300. */
  readonly maxWaitingPerSender?: number;
  /** How many of one sender are handled in a minute; default 30. */
  readonly perSenderPerMinute?: number;
  readonly now: () => Date;
}

/**
 * Makes the bounds. All that waits is counted in the store, also what an earlier process left there. What waits of one
 * sender is reckoned: each text of his counts one, and is taken to be handled at the rate at which the dispatcher
 * handles them; so after a restart he has his bound once more, within that of all. Words of consent and receipts count
 * only among all of theirs: a STOP is never turned away for what else its sender wrote.
 */
export function createBacklog(options: BacklogOptions): Backlog {
  const { texts, signals, maxWaiting = 50_000, now } = options;
  const { maxWaitingPerSender = 300, perSenderPerMinute = 30 } = options;
  const textDepth = createDepth(texts, maxWaiting, now);
  const signalDepth = createDepth(signals, maxWaiting, now);
  const senders = createReckoning({ max: maxWaitingPerSender, perMinute: perSenderPerMinute, now });
  const depthOf = (item: InboxItem): Depth => (item.kind === 'text' ? textDepth : signalDepth);
  return {
    async refuses(item) {
      if (item.kind === 'text' && senders.isFull(item.message.from)) {
        return refusal(429, 'too many texts of this sender wait', retryAfterSeconds);
      }
      const hasRoom = await depthOf(item).hasRoom();
      return hasRoom ? undefined : refusal(503, 'too much waits here', retryAfterSeconds);
    },
    added(item) {
      depthOf(item).added();
      if (item.kind === 'text') senders.add(item.message.from);
    },
  };
}

const retryAfterSeconds = 60;

interface Depth {
  hasRoom(): Promise<boolean>;
  added(): void;
}

/** Counts what was added here, and looks into the store when that may have become too much. */
function createDepth(
  queue: Pick<WorkQueue<unknown>, 'inspect'>,
  max: number,
  now: () => Date,
): Depth {
  let waiting: number | undefined;
  let addedSince = 0;
  let lookedAtMs = 0;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const addedBefore = addedSince;
    lookedAtMs = now().getTime();
    ({ waiting } = await queue.inspect());
    addedSince -= addedBefore;
  }
  return {
    async hasRoom() {
      if (max === Infinity) return true;
      const isStale =
        waiting === undefined ||
        addedSince >= Math.max(1, max / 10) ||
        (waiting + addedSince >= max && Math.abs(now().getTime() - lookedAtMs) >= 1000);
      if (isStale) {
        looking ??= look().finally(() => {
          looking = undefined;
        });
        await looking;
      }
      return (waiting ?? 0) + addedSince < max;
    },
    added() {
      addedSince += 1;
    },
  };
}

interface Reckoning {
  isFull(sender: string): boolean;
  add(sender: string): void;
}
const sendersBeforeSweep = 10_000;

/** A bucket for each sender that leaks as fast as the dispatcher works. Empty buckets are forgotten. */
function createReckoning(options: {
  readonly max: number;
  readonly perMinute: number;
  readonly now: () => Date;
}): Reckoning {
  const { max, perMinute, now } = options;
  const isBounded = max !== Infinity && perMinute !== Infinity;
  const buckets = new Map<string, { readonly level: number; readonly atMs: number }>();
  let sweepAbove = sendersBeforeSweep;

  function level(sender: string, nowMs: number): number {
    const bucket = buckets.get(sender);
    if (bucket === undefined) return 0;
    const minutes = Math.max(0, nowMs - bucket.atMs) / 60_000;
    return Math.max(0, bucket.level - minutes * perMinute);
  }
  return {
    isFull: (sender) => isBounded && level(sender, now().getTime()) + 1 > max,
    add(sender) {
      if (!isBounded) return;
      const nowMs = now().getTime();
      buckets.set(sender, { level: level(sender, nowMs) + 1, atMs: nowMs });
      if (buckets.size <= sweepAbove) return;
      for (const key of buckets.keys()) if (level(key, nowMs) === 0) buckets.delete(key);
      // What is left has texts waiting, so that the bound of all holds for these buckets too.
      sweepAbove = Math.max(sendersBeforeSweep, buckets.size * 2);
    },
  };
}
