import type { CallRecord, CallState } from './call.ts';
import type { CallLine } from './call-line.ts';
import { createFarEnds, type FarEnds } from './far-end.ts';
import { createWaiters, type Waiters } from './message-waiters.ts';

/** Every call of the account, in both directions, and the telephones at the other end. */
export interface Switchboard<Call extends CallRecord = CallRecord> {
  readonly farEnds: FarEnds;
  /** Oldest first. */
  readonly all: readonly Call[];
  /** True when no more calls are taken. */
  readonly full: boolean;
  get(id: string): Call | undefined;
  /** What steers a call that has begun. */
  line(id: string): CallLine | undefined;
  /** Notes a call before it does anything. */
  add(call: Call, line: CallLine): void;
  /** Tells whoever waits for it that a call has come so far. */
  reached(call: Call, state: CallState): void;
  /** Those that have come so far, each handed out once. */
  waiting(state: CallState): Waiters<Call>;
  clear(reason: string): void;
  dismiss(reason: string): void;
}

/** Makes a switchboard without calls. Whoever adds asks {@link Switchboard.full} first. */
export function createSwitchboard<Call extends CallRecord>(maxCount: number): Switchboard<Call> {
  const calls = new Map<string, { readonly call: Call; readonly line: CallLine }>();
  const farEnds = createFarEnds();
  const waiters: Readonly<Record<CallState, Waiters<Call>>> = {
    queued: createWaiters(maxCount),
    ringing: createWaiters(maxCount),
    answered: createWaiters(maxCount),
    ended: createWaiters(maxCount),
  };
  const dismiss = (reason: string): void => {
    for (const state of Object.values(waiters)) state.dismiss(reason);
  };
  return {
    farEnds,
    get all() {
      return Array.from(calls.values(), ({ call }) => call);
    },
    get full() {
      return calls.size >= maxCount;
    },
    get: (id) => calls.get(id)?.call,
    line: (id) => calls.get(id)?.line,
    add(call, line) {
      calls.set(call.id, { call, line });
      waiters.queued.offer(call);
    },
    reached: (call, state) => waiters[state].offer(call),
    waiting: (state) => waiters[state],
    clear(reason) {
      calls.clear();
      farEnds.clear();
      dismiss(reason);
    },
    dismiss,
  };
}
