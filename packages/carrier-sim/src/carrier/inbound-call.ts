import type { CallEndReason, CallRecord, CallState, SimCall } from './call.ts';
import type { CarrierContext } from './context.ts';
import type { FarEnd } from './far-end.ts';

/** Somebody calls one of our numbers. */
export interface InboundCall {
  /** Who calls, in E.164. */
  readonly from: string;
  /** One of the account's numbers. */
  readonly to: string;
  /** How the caller behaves; default: as `setFarEnd` says, else stays until the call is ended. */
  readonly farEnd?: Pick<FarEnd, 'hangsUpAfterSeconds' | 'inputs'>;
  /** How long the caller lets it ring, in seconds of the call; default 60. It stands still while the application is asked. */
  readonly givesUpAfterSeconds?: number;
  /** Further fields of every webhook of the call, or other values for those that are there. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Which call `nextCall` waits for. */
export interface NextCallOptions {
  readonly direction?: 'outbound' | 'inbound';
  readonly from?: string;
  readonly to?: string;
  /** How far it must have come; default `ended`. */
  readonly state?: CallState;
  /** Default 5,000. */
  readonly timeoutMs?: number;
}

/** The `nextCall` of a simulator. */
export function waitForCall<Call extends CallRecord>({
  calls,
}: {
  readonly calls: CarrierContext<never, never, Call>['calls'];
}): (options?: NextCallOptions) => Promise<Call> {
  return ({ direction, from, to, state = 'ended', timeoutMs = 5_000 } = {}) =>
    calls
      .waiting(state)
      .next(
        (call) =>
          (direction === undefined || call.direction === direction) &&
          (from === undefined || call.from === from) &&
          (to === undefined || call.to === to),
        timeoutMs,
        `a call that is ${state}`,
      );
}

/** What it comes to when the person on the telephone hangs up now. */
export function hangUpReason({ state, direction }: SimCall): CallEndReason {
  if (state === 'answered') return 'completed';
  return direction === 'inbound' ? 'canceled' : 'rejected';
}
