import {
  type CallEndReason,
  type CallEvent,
  type CallParty,
  isE164,
  isShortCode,
  isSipUri,
} from '@openclaw/telephony-core';
import { plivoProviderId } from './errors.ts';
import type { PlivoParameters } from './webhook-parameters.ts';

const endReasons: ReadonlyMap<string, CallEndReason> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no-answer'],
  ['timeout', 'no-answer'],
  ['cancel', 'canceled'],
  ['canceled', 'canceled'],
  ['failed', 'failed'],
]);

/**
 * Turns the fields of a call's webhook into an event.
 *
 * @param turn what our own address said about the question that is being answered
 */
export function toCallEvent(
  parameters: PlivoParameters,
  base: { readonly callId: string; readonly dedupeKey: string; readonly raw: unknown },
  turn: string | undefined,
): CallEvent {
  const { callId, dedupeKey, raw } = base;
  const event = { call: { providerId: plivoProviderId, callId }, dedupeKey, raw };
  const status = parameters.get('CallStatus')?.toLowerCase() ?? '';
  const what = parameters.get('Event')?.toLowerCase() ?? '';
  const ended = endReasons.get(status);
  if (what === 'hangup' || ended !== undefined) {
    return { ...event, type: 'call.ended', reason: ended ?? 'unrecognized' };
  }
  const answer = turn === undefined ? {} : { turn };
  const digits = parameters.get('Digits') ?? '';
  if (digits !== '') return { ...event, type: 'call.digits', digits, ...answer };
  const transcript = parameters.get('Speech') ?? '';
  if (transcript !== '') {
    return { ...event, type: 'call.speech', transcript, final: true, ...answer };
  }
  const isInbound = parameters.get('Direction')?.toLowerCase() === 'inbound';
  // Plivo asks for a document with `StartApp`, whichever way the call goes; nothing else is one that begins.
  if (what === 'startapp' && isInbound) {
    return {
      ...event,
      type: 'call.incoming',
      from: toParty(parameters.get('From')),
      to: toParty(parameters.get('To')),
    };
  }
  if (what === 'startapp') {
    const isMachine = parameters.get('Machine')?.toLowerCase() === 'true';
    return { ...event, type: 'call.answered', ...(isMachine ? { by: 'machine' } : {}) };
  }
  return { ...event, type: status === 'ringing' ? 'call.ringing' : 'call.instruction-ended' };
}

/** Whoever cannot be named exactly is anonymous: an identity is never guessed. */
function toParty(value = ''): CallParty {
  // Plivo leaves the plus sign out.
  const number = isE164(`+${value}`) ? `+${value}` : value;
  if (number === '+266696687') return 'anonymous';
  return isE164(number) || isShortCode(number) || isSipUri(number) ? number : 'anonymous';
}
