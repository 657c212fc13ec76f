import type { CallRecordOf, SimCall } from '../carrier/call.ts';

/** A call status as Twilio writes it. */
export type TwilioCallStatus =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'canceled'
  | 'failed';

/** A call of the simulated Twilio. It changes as it goes on. */
export interface TwilioSimCall extends SimCall {
  /** `CA` and 32 hexadecimal digits; the same as `id`. */
  readonly sid: string;
  /** Whether a machine was looked for, and what was found; undefined before the answer. */
  readonly answeredBy: string | undefined;
}

/** The same call while the simulator works on it. */
export type TwilioCallRecord = CallRecordOf<TwilioSimCall>;

/** Twilio's word for where a call is. */
export function callStatusOf({ state, end, direction }: SimCall): TwilioCallStatus {
  if (state === 'answered') return 'in-progress';
  if (state !== 'ended' || end === undefined) return state === 'ringing' ? 'ringing' : 'queued';
  if (end.reason !== 'rejected') return end.reason;
  // A caller whom a document declines, or a person who presses the red button.
  return direction === 'inbound' ? 'no-answer' : 'busy';
}
