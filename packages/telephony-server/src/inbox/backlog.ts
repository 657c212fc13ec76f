import type { WorkQueue } from '@openclaw/telephony-store';
import { type InboxItem, laneOf, type SignalItem, type TextItem } from './inbox-item.ts';
import { type Refusal, refusal } from '../ingress/refusal.ts';

/** Bounds what waits in the inbox. Asked before anything is written. */
export interface Backlog {
  /**
   * What the carrier is answered when an item may not be stored now; a promise when the store has to be asked.
   *
   * @param lane the lane of the item, for who has it already
   * @throws {StoreError} when the depth of the queue cannot be had
   */
  refuses(item: InboxItem, lane?: string): Promise<Refusal | undefined> | Refusal | undefined;
  /** Counts an item that was stored. */
  added(item: InboxItem): void;
}

/** What {@link createBacklog} takes. */
export interface BacklogOptions {
  readonly texts: Pick<WorkQueue<TextItem>, 'inspect' | 'countLane'>;
  readonly signals: Pick<WorkQueue<SignalItem>, 'inspect'>;
  /** Texts that wait, and receipts that wait; default 50,000 each. */
  readonly maxWaiting?: number;
  /** Texts of one sender to one of our numbers; default 300. */
  readonly maxWaitingPerSender?: number;
  readonly now: () => Date;
}

/**
 * Makes the bounds. What waits is counted in the store, in all and of each sender, also what an earlier process left
 * there. Words of consent and receipts count only among all of theirs: a STOP is never turned away for what else its
 * sender wrote.
 */
export function createBacklog(options: BacklogOptions): Backlog {
  const { texts, signals, maxWaiting = 50_000, now } = options;
  const textDepth = createDepth(texts, maxWaiting, now);
  const signalDepth = createDepth(signals, maxWaiting, now);
  const senders = createSenderBound(texts, options.maxWaitingPerSender ?? 300);
  const depthOf = (item: InboxItem): Depth => (item.kind === 'text' ? textDepth : signalDepth);
  return {
    refuses(item, lane = laneOf(item)) {
      const hasRoom = (): Promise<Refusal | undefined> | Refusal | undefined => {
        const room = depthOf(item).hasRoom();
        return typeof room === 'boolean' ? unlessRoom(room) : room.then(unlessRoom);
      };
      const isFull = item.kind === 'text' && senders.isFull(lane);
      if (typeof isFull !== 'boolean') return isFull.then((full) => (full ? tooMany : hasRoom()));
      return isFull ? tooMany : hasRoom();
    },
    added(item) {
      depthOf(item).added();
    },
  };
}

const retryAfterSeconds = 60;
const tooMany = refusal(429, 'too many texts of this sender wait', retryAfterSeconds);
const unlessRoom = (hasRoom: boolean): Refusal | undefined =>
  hasRoom ? undefined : refusal(503, 'too much waits here', retryAfterSeconds);

interface Depth {
  hasRoom(): Promise<boolean> | boolean;
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
  const isBelow = (): boolean => (waiting ?? 0) + addedSince < max;
  return {
    hasRoom() {
      if (max === Infinity) return true;
      const isStale =
        waiting === undefined ||
        addedSince >= Math.max(1, max / 10) ||
        (waiting + addedSince >= max && Math.abs(now().getTime() - lookedAtMs) >= 1000);
      if (!isStale) return isBelow();
      looking ??= look().finally(() => {
        looking = undefined;
      });
      return looking.then(isBelow);
    },
    added() {
      addedSince += 1;
    },
  };
}

interface SenderBound {
  /** True when a text in this lane would be one too many; else it is taken to be added. */
  isFull(lane: string): Promise<boolean> | boolean;
}
/** As many texts of a sender wait at most; Infinity before the first look. */
interface KnownSender {
  atMost: number;
  looking: Promise<void> | undefined;
}
const sendersRemembered = 10_000;

/**
 * Counts each sender's texts in the store, but seldom: between two looks, every text is taken for one that still waits,
 * and only when that makes too many is the store asked again. What is forgotten is looked up.
 */
function createSenderBound(
  queue: Pick<WorkQueue<TextItem>, 'countLane'>,
  max: number,
): SenderBound {
  const senders = new Map<string, KnownSender>();

  async function look(sender: KnownSender, lane: string): Promise<void> {
    try {
      sender.atMost = await queue.countLane(lane, max);
    } finally {
      sender.looking = undefined;
    }
  }
  return {
    isFull(lane) {
      if (max === Infinity) return false;
      let sender = senders.get(lane);
      if (sender === undefined) {
        if (senders.size >= sendersRemembered) senders.clear();
        sender = { atMost: Infinity, looking: undefined };
        senders.set(lane, sender);
      }
      const known = sender;
      const take = (): boolean => {
        if (known.atMost >= max) return true;
        known.atMost += 1;
        return false;
      };
      if (known.looking === undefined && known.atMost < max) return take();
      known.looking ??= look(known, lane);
      return known.looking.then(take);
    },
  };
}
