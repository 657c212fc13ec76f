import { isAlphanumericSenderId, isShortCode, type Sender } from '@openclaw/telephony-core';

/** Lets messages leave no faster than the sender may send, so that the carrier does not refuse them. */
export interface Pacer {
  /**
   * Resolves when so many segments may leave.
   *
   * @throws {SenderHeld} when the carrier asked us to wait; the message should come again when that time is over
   * @throws {Error} when the signal is aborted first
   */
  take(segmentCount: number, signal: AbortSignal): Promise<void>;
  /** The carrier asks for patience: nothing leaves for so long, whoever it is for. */
  hold(ms: number): void;
}

/** Thrown to a message that may not leave yet. */
export class SenderHeld extends Error {
  override readonly name = 'SenderHeld';
  readonly afterMs: number;

  constructor(afterMs: number) {
    super('the carrier asked this sender to wait');
    this.afterMs = afterMs;
  }
}

/** What carriers tell apart when they say how fast a sender may send. */
export type SenderKind = 'longCode' | 'tollFree' | 'shortCode' | 'senderName' | 'pool';

/** Segments a second, for every sender or for each kind; `Infinity`: no pacing. */
export type SegmentsPerSecond = number | { readonly [kind in SenderKind]?: number };

/** What {@link createPacer} takes. */
export interface PacerOptions {
  /** `Infinity`: no pacing. */
  readonly segmentsPerSecond: number;
  readonly now: () => Date;
}

/** What carriers take: 1 from a long code, 3 from a toll-free number, 100 from a short code. A pool paces itself. */
const defaults: { readonly [kind in SenderKind]: number } = {
  longCode: 1,
  tollFree: 3,
  shortCode: 100,
  senderName: 1,
  pool: Infinity,
};

/** The kind of a sender. */
function senderKindOf(sender: Sender): SenderKind {
  if (sender.kind === 'pool') return 'pool';
  if (isShortCode(sender.address)) return 'shortCode';
  if (isAlphanumericSenderId(sender.address)) return 'senderName';
  return /^\+18(?:00|33|44|55|66|77|88)/u.test(sender.address) ? 'tollFree' : 'longCode';
}

/**
 * How fast a sender may send.
 *
 * @throws {RangeError} for a speed that is not above 0
 */
export function segmentsPerSecondOf(sender: Sender, wanted: SegmentsPerSecond = {}): number {
  const kind = senderKindOf(sender);
  const speed = typeof wanted === 'number' ? wanted : (wanted[kind] ?? defaults[kind]);
  if (speed > 0) return speed;
  throw new RangeError('outbound.segmentsPerSecond must be above 0');
}

/**
 * A single queue in front of one sender: each message waits until those before it have had their time. A conversation
 * has one message in it at a time, so that a long answer to one person does not keep the others waiting.
 *
 * A message longer than a second's worth is not held back for itself, only those behind it are.
 */
export function createPacer({ segmentsPerSecond, now }: PacerOptions): Pacer {
  let owedMs = 0;
  let heldMs = 0;
  let lastMs = now().getTime();
  /** Lets time pass. A clock that was set back has not made the queue any longer. */
  const settle = (): void => {
    const at = now().getTime();
    const passedMs = Math.max(0, at - lastMs);
    lastMs = at;
    owedMs = Math.max(0, owedMs - passedMs);
    heldMs = Math.max(0, heldMs - passedMs);
  };
  const assertFree = (): void => {
    settle();
    if (heldMs > 0) throw new SenderHeld(heldMs);
  };
  return {
    async take(segmentCount, signal) {
      assertFree();
      const waitMs = owedMs;
      owedMs += (segmentCount * 1000) / segmentsPerSecond;
      if (waitMs === 0) return;
      await wait(Math.min(waitMs, longestTimerMs), signal);
      // Somebody may have been asked for patience meanwhile.
      assertFree();
    },
    hold(ms) {
      settle();
      heldMs = Math.max(heldMs, ms);
    },
  };
}

/** Longer timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new Error('stopped while waiting for the sender'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
