import type { CallEnd, CallRecordOf, SimCall } from '../carrier/call.ts';

/** A call status as Plivo writes it. */
export type PlivoCallStatus =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'timeout'
  | 'cancel'
  | 'failed';

/** A call of the simulated Plivo. It changes as it goes on. */
export interface PlivoSimCall extends SimCall {
  /** What the application was told when it asked for the call; undefined for a call that came in. */
  readonly requestUuid: string | undefined;
  /** The account or subaccount that the call belongs to. */
  readonly authId: string;
}

/** The same call while the simulator works on it. */
export type PlivoCallRecord = CallRecordOf<PlivoSimCall>;

/** Plivo's word for where a call is. A call that came in is `completed` however it ended. */
export function callStatusOf({ state, end, direction }: SimCall): PlivoCallStatus {
  if (state === 'answered') return 'in-progress';
  if (state !== 'ended' || end === undefined) return state === 'ringing' ? 'ringing' : 'queued';
  if (direction === 'inbound' || end.reason === 'completed') return 'completed';
  if (end.reason === 'no-answer') return end.by === 'ring-timeout' ? 'timeout' : 'no-answer';
  if (end.reason === 'canceled') return 'cancel';
  return end.reason === 'rejected' ? 'busy' : end.reason;
}

/** Why a call was hung up, as Plivo tells it. */
export interface HangupCause {
  /** The word of the telephone network. */
  readonly word: string;
  readonly name: string;
  readonly code: number;
  readonly source: string;
}

/** Plivo's words for the end of a call. */
export function hangupCauseOf(
  { direction, problems }: Pick<SimCall, 'direction' | 'problems'>,
  { reason, by }: CallEnd,
): HangupCause {
  const source = by === 'far-end' ? (direction === 'inbound' ? 'Caller' : 'Callee') : sources[by];
  if (by === 'error') {
    const code = problems.at(-1) ?? 7_011;
    const name = code === 8_011 ? 'Invalid Answer XML' : 'Error Reaching Answer URL';
    return { word: 'NORMAL_CLEARING', name, code, source };
  }
  if (by === 'end-of-document') {
    return { word: 'NORMAL_CLEARING', name: 'End Of XML Instructions', code: 4_010, source };
  }
  const [word, name, code] = causes[reason];
  return { word, name, code, source };
}

const sources = {
  api: 'API Request',
  document: 'Answer XML',
  'end-of-document': 'Plivo',
  'time-limit': 'Plivo',
  'ring-timeout': 'Plivo',
  error: 'Error',
} as const;

const causes = {
  completed: ['NORMAL_CLEARING', 'Normal Hangup', 4_000],
  busy: ['USER_BUSY', 'Busy Line', 3_010],
  'no-answer': ['NO_ANSWER', 'No Answer', 3_000],
  rejected: ['CALL_REJECTED', 'Rejected', 3_020],
  canceled: ['ORIGINATOR_CANCEL', 'Canceled', 1_000],
  failed: ['UNALLOCATED_NUMBER', 'Destination Out Of Service', 2_010],
} as const;
