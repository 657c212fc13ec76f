import { isAlphanumericSenderId, isShortCode, type Sender } from '@openclaw/telephony-core';

/** Lets messages leave no faster than the sender may send, so that the carrier does not refuse them. */
export interface Pacer {
  /**
   * Resolves when so many segments may leave.
   *
   * @throws {SenderHeld} when the carrier asked us to wait; the message should come again when that time is over
   * @throws {LineFull} when so many wait that an answer would find no place; the same holds
   * @throws {Error} when the signal is aborted first
   */
  take(
    segmentCount: number,
    signal: AbortSignal,
    /** An answer goes before everything else, and is never sent away. */
    as?: { readonly isAnswer?: boolean },
  ): Promise<void>;
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

/** Thrown to a message that would wait in a place which an answer may need. */
export class LineFull extends Error {
  override readonly name = 'LineFull';
  /** When its turn will be near. */
  readonly afterMs: number;

  constructor(afterMs: number) {
    super('many messages wait for this sender');
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
  /** How many messages that answer nobody may wait here at once, longer than a moment; default: any number. */
  readonly mostWaiting?: number;
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

/** A message that waits for its turn. */
interface Waiting {
  readonly durationMs: number;
  readonly leave: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * A line in front of one sender: each message waits until those before it have had their time, and answers go before
 * everything else. A conversation has one message in it at a time, so that a long answer to one person does not keep the
 * others waiting.
 *
 * A message longer than a second's worth is not held back for itself, only those behind it are.
 */
export function createPacer(options: PacerOptions): Pacer {
  const { segmentsPerSecond, now, mostWaiting = Infinity } = options;
  const answers: Waiting[] = [];
  const others: Waiting[] = [];
  /** How long until the next may leave; below 0 by what a late timer has cost. */
  let busyMs = 0;
  let heldMs = 0;
  /** How long those will take who were sent away to come again. */
  let plannedMs = 0;
  let lastMs = now().getTime();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerMs = 0;
  /** How much time the clock has shown since the timer was set. */
  let shownMs = 0;

  const isLineEmpty = (): boolean => answers.length + others.length === 0;
  const mayLeave = (): boolean => busyMs <= 0 || heldMs > 0;
  const pass = (ms: number): void => {
    busyMs = Math.max(isLineEmpty() ? 0 : -latenessMs, busyMs - ms);
    heldMs = Math.max(0, heldMs - ms);
    plannedMs = Math.max(0, plannedMs - ms);
  };
  /** Lets time pass. A clock that was set back has not made the line any longer. */
  const settle = (): void => {
    const at = now().getTime();
    const passedMs = Math.max(0, at - lastMs);
    lastMs = at;
    shownMs += passedMs;
    pass(passedMs);
  };

  function arm(): void {
    clearTimeout(timer);
    timer = undefined;
    shownMs = 0;
    if (isLineEmpty()) return;
    timerMs = Math.min(longestTimerMs, Math.ceil(Math.max(0, busyMs)));
    timer = setTimeout(letOut, timerMs);
  }
  function letOut(): void {
    // At least what the timer waited, whatever the clock says.
    settle();
    pass(Math.max(0, timerMs - shownMs));
    while (!isLineEmpty() && mayLeave()) {
      const next = answers.shift() ?? others.shift();
      // Somebody may have been asked for patience meanwhile.
      if (heldMs > 0) next?.refuse(new SenderHeld(heldMs));
      else if (next !== undefined) {
        busyMs += next.durationMs;
        next.leave();
      }
    }
    arm();
  }
  function join(line: Waiting[], durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        const place = line.indexOf(one);
        if (place >= 0) line.splice(place, 1);
        if (isLineEmpty()) arm();
        reject(new Error('stopped while waiting for the sender'));
      };
      const one: Waiting = {
        durationMs,
        leave() {
          signal.removeEventListener('abort', stop);
          resolve();
        },
        refuse(error) {
          signal.removeEventListener('abort', stop);
          reject(error);
        },
      };
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      line.push(one);
      if (timer === undefined) arm();
    });
  }

  return {
    async take(segmentCount, signal, { isAnswer = false } = {}) {
      settle();
      if (heldMs > 0) throw new SenderHeld(heldMs);
      const durationMs = (segmentCount * 1000) / segmentsPerSecond;
      if (isLineEmpty() && busyMs <= 0) {
        busyMs += durationMs;
        return;
      }
      const before = isAnswer ? answers : [...answers, ...others];
      const waitMs = before.reduce((sum, one) => sum + one.durationMs, busyMs);
      if (!isAnswer && others.length >= mostWaiting && waitMs > shortWaitMs) {
        plannedMs += durationMs;
        throw new LineFull(plannedMs);
      }
      await join(isAnswer ? answers : others, durationMs, signal);
    },
    hold(ms) {
      settle();
      heldMs = Math.max(heldMs, ms);
    },
  };
}

/** Longer timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;
/** So much of a late timer is made up for; all of it would let a burst out after a pause. */
const latenessMs = 20;
/** Who waits no longer than this may wait in any place. */
const shortWaitMs = 2000;
