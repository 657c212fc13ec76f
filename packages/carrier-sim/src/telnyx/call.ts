import type { CallEnd, CallRecordOf, SimCall } from '../carrier/call.ts';

/** Where a call is, as Telnyx writes it in its events. */
export type TelnyxCallStatus = 'parked' | 'bridging' | 'answered' | 'hangup';

/** A call of the simulated Telnyx, by its `call_control_id`. It changes as it goes on. */
export interface TelnyxSimCall extends SimCall {
  readonly callLegId: string;
  readonly callSessionId: string;
  readonly connectionId: string;
  /** What the last command that said so left in the call, in base64. */
  readonly clientState: string | undefined;
}

/** The same call while the simulator works on it. */
export type TelnyxCallRecord = CallRecordOf<TelnyxSimCall>;

/** Telnyx' word for where a call is. */
export function callStatusOf({ state, direction }: SimCall): TelnyxCallStatus {
  if (state === 'answered') return 'answered';
  if (state === 'ended') return 'hangup';
  return direction === 'inbound' ? 'parked' : 'bridging';
}

/** What `call.hangup` tells of the end of a call. */
export function hangupOf(
  { direction }: Pick<SimCall, 'direction'>,
  { reason, by }: CallEnd,
): Readonly<Record<'hangup_cause' | 'hangup_source' | 'sip_hangup_cause', string>> {
  const isByCaller = (by === 'far-end') === (direction === 'inbound');
  const isByParty = by === 'far-end' || by === 'api';
  const [cause, sip] = causes[reason];
  const special = by === 'time-limit' ? 'time_limit' : by === 'error' ? 'unspecified' : cause;
  return {
    hangup_cause: special,
    hangup_source: isByParty ? (isByCaller ? 'caller' : 'callee') : 'unknown',
    sip_hangup_cause: sip,
  };
}

const causes = {
  completed: ['normal_clearing', '200'],
  busy: ['user_busy', '486'],
  'no-answer': ['timeout', '487'],
  rejected: ['call_rejected', '603'],
  canceled: ['originator_cancel', '487'],
  failed: ['not_found', '404'],
} as const;
