import type { CallEnd, CallRecord, Heard } from './call.ts';
import type { CarrierContext } from './context.ts';
import type { CallInput, FarEnd } from './far-end.ts';

/** A call under way: its time, and what cuts in on it. One journey takes it along; anything else only cuts in. */
export interface CallLine<Elsewhere = unknown> {
  /**
   * Lets so many seconds of the call go by.
   *
   * @returns false when something cut in: the call has ended, is wanted elsewhere, or the simulator was stopped
   */
  pass(seconds: number): Promise<boolean>;
  /** As {@link CallLine.pass}, with something to hear. */
  hear(heard: Heard, seconds: number): Promise<boolean>;
  ring(): void;
  answer(): void;
  /** Ends the call, unless it has ended; the first end counts. */
  end(end: CallEnd): void;
  /** Makes the call go on with something else, at once. */
  divert(elsewhere: Elsewhere): void;
  /** What the call was diverted to since the last time. */
  takeDiversion(): Elsewhere | undefined;
  /** What the far end keys or says now. */
  nextInput(accepts: (input: CallInput) => boolean): CallInput | undefined;
  /** Resolves once the last webhook of the call is through. */
  readonly over: Promise<void>;
  /** The last webhook of the call is through. */
  finish(): void;
}

/** What {@link createCallLine} takes. */
export interface CallLineOptions {
  readonly farEnd: FarEnd;
  /** The carrier's word for where the call is. */
  readonly statusOf: (call: CallRecord) => string;
}

/** The longest that a timer can wait. */
const maxTimerMs = 2 ** 31 - 1;

/** Makes a line for a call that has done nothing yet. */
export function createCallLine<Elsewhere = unknown>(
  context: CarrierContext,
  call: CallRecord,
  { farEnd, statusOf }: CallLineOptions,
): CallLine<Elsewhere> {
  const { inFlight, timing, now } = context;
  const inputs = [...(farEnd.inputs ?? [])];
  let cut = new AbortController();
  let elsewhere: Elsewhere | undefined;
  const finishing: (() => void)[] = [];
  const over = new Promise<void>((resolve) => finishing.push(resolve));

  const move = (state: CallRecord['state']): void => {
    call.state = state;
    const status = statusOf(call);
    if (status === call.status) return;
    call.status = status;
    call.statusHistory.push({ status, at: new Date(now()) });
  };

  /** What ends an answered call by itself, and when. */
  const nextDeadline = (): { readonly atSeconds: number; readonly end: CallEnd } => {
    const limit = { atSeconds: call.timeLimitSeconds, end: byTimeLimit };
    const { hangsUpAfterSeconds: patience = Infinity } = farEnd;
    return patience < limit.atSeconds ? { atSeconds: patience, end: byFarEnd } : limit;
  };

  const goBy = async (seconds: number): Promise<boolean> => {
    const startedAt = now();
    const ms = Math.min(maxTimerMs, (seconds * 1_000) / timing.callAcceleration);
    const whole = await inFlight.pause(ms, cut.signal);
    if (call.answeredAt !== undefined) {
      const wentBy = ((now() - startedAt) * timing.callAcceleration) / 1_000;
      call.durationSeconds += whole ? seconds : Math.min(seconds, wentBy);
    }
    return whole;
  };

  const line: CallLine<Elsewhere> = {
    over,
    finish() {
      for (const resolve of finishing) resolve();
    },
    async pass(seconds) {
      if (cut.signal.aborted || inFlight.stopped) return false;
      if (call.answeredAt === undefined) return goBy(seconds);
      const { atSeconds, end } = nextDeadline();
      const left = Math.max(0, atSeconds - call.durationSeconds);
      if (left >= seconds) return goBy(seconds);
      if (await goBy(left)) line.end(end);
      return false;
    },
    async hear(heard, seconds) {
      const index = call.heard.push(heard) - 1;
      if (heard.kind === 'speech') call.said.push(heard.text);
      const whole = await line.pass(seconds);
      if (!whole) call.heard[index] = { ...heard, cut: true };
      return whole;
    },
    ring() {
      if (call.end !== undefined) return;
      move('ringing');
      context.calls.reached(call, 'ringing');
    },
    answer() {
      if (call.end !== undefined) return;
      call.answeredAt = new Date(now());
      move('answered');
      context.calls.reached(call, 'answered');
    },
    end(end) {
      if (call.end !== undefined || inFlight.stopped) return;
      call.end = end;
      call.endedAt = new Date(now());
      move('ended');
      cut.abort();
    },
    divert(next) {
      if (call.end !== undefined) return;
      elsewhere = next;
      cut.abort();
    },
    takeDiversion() {
      const next = elsewhere;
      elsewhere = undefined;
      if (call.end === undefined && cut.signal.aborted) cut = new AbortController();
      return next;
    },
    nextInput(accepts) {
      const [next] = inputs;
      if (next === undefined || !accepts(next)) return undefined;
      inputs.shift();
      return next;
    },
  };
  return line;
}

const byTimeLimit: CallEnd = { reason: 'completed', by: 'time-limit' };
const byFarEnd: CallEnd = { reason: 'completed', by: 'far-end' };

/** How many seconds a text takes to be read, roughly. */
export function secondsToSay(text: string): number {
  return Math.max(1, Math.ceil(text.length / 15));
}

/**
 * Lets a call of the application's ring at the far end.
 *
 * @returns true when somebody has answered
 */
export async function ringFarEnd(
  line: CallLine,
  { answer = 'human', ringSeconds = 2 }: FarEnd,
  ringTimeoutSeconds: number,
): Promise<boolean> {
  if (answer === 'no-answer' || ringSeconds > ringTimeoutSeconds) {
    if (await line.pass(ringTimeoutSeconds)) line.end({ reason: 'no-answer', by: 'ring-timeout' });
    return false;
  }
  if (!(await line.pass(ringSeconds))) return false;
  if (answer === 'human' || answer === 'machine') {
    line.answer();
    return true;
  }
  line.end({ reason: refusals[answer], by: 'far-end' });
  return false;
}

const refusals = { busy: 'busy', rejects: 'rejected', unreachable: 'failed' } as const;
