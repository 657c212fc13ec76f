import type { DocumentRequest } from '../carrier/call-steps.ts';
import { toPlivoAddress } from './addresses.ts';
import { hangupCauseOf, type PlivoCallRecord } from './call.ts';

/** What a webhook of a call tells or asks. */
export type CallEvent = 'StartApp' | 'Ring' | 'Hangup' | 'Redirect' | 'GetInput';

/** The form of a webhook of a call. */
export function callParameters(
  mainAuthId: string,
  call: PlivoCallRecord,
  event: CallEvent,
): URLSearchParams {
  const { id, from, to, direction, requestUuid, status } = call;
  const fields: [name: string, value: string][] = [
    ['Direction', direction],
    ['From', toPlivoAddress(from)],
    ['To', toPlivoAddress(to)],
    ['CallerName', from],
    ['BillRate', '0.0055'],
    ['CallStatus', status],
    ['CallUUID', id],
    ['ParentAuthID', mainAuthId],
    ['SessionStart', microseconds(call.acceptedAt)],
    ['STIRVerification', 'Not Applicable'],
    ['Event', event],
  ];
  if (requestUuid !== undefined) {
    fields.push(['ALegUUID', id], ['ALegRequestUUID', requestUuid], ['RequestUUID', requestUuid]);
  }
  return new URLSearchParams([...fields, ...endFields(call)]);
}

function endFields(call: PlivoCallRecord): readonly [string, string][] {
  const { end, acceptedAt, answeredAt, endedAt } = call;
  if (end === undefined || endedAt === undefined) return [];
  const { word, name, code, source } = hangupCauseOf(call, end);
  const seconds = String(Math.round(call.durationSeconds));
  return [
    ['HangupCause', word],
    ['HangupCauseName', name],
    ['HangupCauseCode', String(code)],
    ['HangupSource', source],
    ['Duration', seconds],
    ['BillDuration', answeredAt === undefined ? '0' : billedSeconds(call)],
    ['StartTime', seconds19(acceptedAt)],
    ['AnswerTime', answeredAt === undefined ? '' : seconds19(answeredAt)],
    ['EndTime', seconds19(endedAt)],
    ['TotalCost', '0.00000'],
  ];
}

/** What was keyed or said, as Plivo tells of it. */
export function inputParameters(input: DocumentRequest['input']): readonly [string, string][] {
  if (input === undefined || input === 'nothing') return [];
  if ('digits' in input) {
    return [
      ['InputType', 'dtmf'],
      ['Digits', input.digits],
    ];
  }
  return [
    ['InputType', 'speech'],
    ['Speech', input.speech],
    ['SpeechConfidenceScore', '0.95'],
  ];
}

/** Plivo bills whole minutes. */
export function billedSeconds({ durationSeconds }: PlivoCallRecord): string {
  return String(Math.ceil(durationSeconds / 60) * 60);
}

/** `2026-11-20 12:00:00.000000` */
function microseconds(date: Date): string {
  return `${date.toISOString().slice(0, 23).replace('T', ' ')}000`;
}

/** `2026-11-20 12:00:00` */
function seconds19(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
