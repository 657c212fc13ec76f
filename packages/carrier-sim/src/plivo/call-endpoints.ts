import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { toPlivoAddress } from './addresses.ts';
import { ApiError, type ApiReplies } from './api-reply.ts';
import { hangupCauseOf, type PlivoCallRecord } from './call.ts';
import { billedSeconds } from './call-parameters.ts';
import type { PlivoContext } from './context.ts';
import { plivoTime } from './times.ts';

/** `GET …/Call/`: calls that have ended, newest first; with `status=live` or `status=queued`, the UUIDs of others. */
export function listCalls(
  context: PlivoContext,
  replies: ApiReplies,
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
): LoopbackReply {
  const status = query.get('status');
  const all = context.calls.all;
  if (status === 'live' || status === 'queued') {
    const wanted = all.filter((call) => isIn(call, status)).map(({ id }) => id);
    return replies.document(200, { calls: wanted });
  }
  const ended = all.filter(({ end }) => end !== undefined).toReversed();
  return replies.list(
    ended.map((call) => endedResource(context, call)),
    path,
    query,
  );
}

/** `GET …/Call/{uuid}/`, of a call that has ended; with `status=live` or `status=queued`, of another. */
export function readCall(
  context: PlivoContext,
  replies: ApiReplies,
  { uuid, query }: { readonly uuid: string; readonly query: URLSearchParams },
): LoopbackReply {
  const call = context.calls.get(uuid);
  const status = query.get('status');
  if (call === undefined) throw new ApiError(404);
  if (status === 'live' || status === 'queued') {
    if (!isIn(call, status)) throw new ApiError(404);
    return replies.document(200, liveResource(call));
  }
  if (call.end === undefined) throw new ApiError(404);
  return replies.document(200, endedResource(context, call));
}

/** `DELETE …/Call/{uuid}/` */
export function hangUpCall({ calls }: PlivoContext, uuid: string): LoopbackReply {
  const call = calls.get(uuid);
  if (call === undefined || call.end !== undefined) throw new ApiError(404);
  const reason = call.state === 'answered' ? 'completed' : 'canceled';
  calls.line(uuid)?.end({ reason, by: 'api' });
  return { status: 204 };
}

/** `DELETE …/Request/{uuid}/`: takes a call back that was not answered yet. */
export function cancelRequest({ calls }: PlivoContext, uuid: string): LoopbackReply {
  const call = calls.all.find(({ requestUuid }) => requestUuid === uuid);
  if (call === undefined || call.state === 'answered' || call.end !== undefined) {
    throw new ApiError(404);
  }
  calls.line(call.id)?.end({ reason: 'canceled', by: 'api' });
  return { status: 204 };
}

function isIn({ state }: PlivoCallRecord, status: 'live' | 'queued'): boolean {
  return status === 'queued' ? state === 'queued' : state === 'ringing' || state === 'answered';
}

function liveResource(call: PlivoCallRecord): Readonly<Record<string, unknown>> {
  return {
    call_status: call.status,
    call_uuid: call.id,
    caller_name: call.from,
    direction: call.direction,
    from: toPlivoAddress(call.from),
    request_uuid: call.requestUuid ?? call.id,
    session_start: plivoTime(call.acceptedAt),
    stir_verification: 'Not Applicable',
    to: toPlivoAddress(call.to),
  };
}

function endedResource(
  { options }: PlivoContext,
  call: PlivoCallRecord,
): Readonly<Record<string, unknown>> {
  const cause = call.end === undefined ? undefined : hangupCauseOf(call, call.end);
  const seconds = Math.round(call.durationSeconds);
  return {
    answer_time: call.answeredAt === undefined ? null : plivoTime(call.answeredAt),
    bill_duration: seconds,
    billed_duration: Number(billedSeconds(call)),
    call_direction: call.direction,
    call_duration: seconds,
    call_uuid: call.id,
    end_time: call.endedAt === undefined ? null : plivoTime(call.endedAt),
    from_number: toPlivoAddress(call.from),
    hangup_cause_code: cause?.code ?? null,
    hangup_cause_name: cause?.name ?? null,
    hangup_source: cause?.source ?? null,
    initiation_time: plivoTime(call.acceptedAt),
    parent_call_uuid: null,
    resource_uri: `/v1/Account/${options.authId}/Call/${call.id}/`,
    stir_verification: 'Not Applicable',
    to_number: toPlivoAddress(call.to),
    total_amount: '0.00000',
    total_rate: '0.00550',
  };
}
