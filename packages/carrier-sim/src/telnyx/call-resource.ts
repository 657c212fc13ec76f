import type { TelnyxCallRecord } from './call.ts';

/** A call as the API shows it. */
export function callResource(call: TelnyxCallRecord): Readonly<Record<string, unknown>> {
  const { answeredAt, endedAt } = call;
  return {
    record_type: 'call',
    call_control_id: call.id,
    call_leg_id: call.callLegId,
    call_session_id: call.callSessionId,
    is_alive: call.end === undefined,
    ...(call.clientState === undefined ? {} : { client_state: call.clientState }),
    ...(answeredAt === undefined ? {} : { call_duration: Math.round(call.durationSeconds) }),
    start_time: call.acceptedAt.toISOString(),
    ...(endedAt === undefined ? {} : { end_time: endedAt.toISOString() }),
  };
}
