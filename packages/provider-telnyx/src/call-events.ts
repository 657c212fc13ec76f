import {
  type CallEndReason,
  type CallEvent,
  type CallParty,
  type EventBase,
  isE164,
  isShortCode,
  isSipUri,
  type JsonObject,
  textIn,
} from '@openclaw/telephony-core';
import { decodeMemory } from './call-commands.ts';
import { telnyxProviderId } from './errors.ts';

const endReasons: ReadonlyMap<string, CallEndReason> = new Map([
  ['normal_clearing', 'completed'],
  ['time_limit', 'completed'],
  ['originator_cancel', 'canceled'],
  ['timeout', 'no-answer'],
  ['no_answer', 'no-answer'],
  ['user_busy', 'busy'],
  ['call_rejected', 'rejected'],
  ['not_found', 'failed'],
  ['unspecified', 'failed'],
]);

/**
 * Turns an event of Call Control into one of the contract; `undefined` for what nobody needs to know.
 *
 * A caller of ours who was answered by us and one whom we called have the same event; only the first has our memory in it.
 */
export function toCallEvent(
  type: string,
  payload: JsonObject,
  base: EventBase,
): CallEvent | undefined {
  const callId = textIn(payload, 'call_control_id');
  if (callId === undefined) return undefined;
  const event = { ...base, call: { providerId: telnyxProviderId, callId } };
  const memory = decodeMemory(textIn(payload, 'client_state'));
  switch (type) {
    case 'call.initiated':
      return payload['direction'] === 'incoming'
        ? {
            ...event,
            type: 'call.incoming',
            from: toParty(textIn(payload, 'from')),
            to: toParty(textIn(payload, 'to')),
          }
        : { ...event, type: 'call.ringing' };
    case 'call.answered':
      return { ...event, type: memory === undefined ? 'call.answered' : 'call.instruction-ended' };
    case 'call.speak.ended':
    case 'call.playback.ended':
      return { ...event, type: 'call.instruction-ended' };
    case 'call.gather.ended': {
      const digits = textIn(payload, 'digits');
      const turn = memory?.turn === undefined ? {} : { turn: memory.turn };
      return digits === undefined
        ? { ...event, type: 'call.instruction-ended' }
        : { ...event, type: 'call.digits', digits, ...turn };
    }
    case 'call.hangup': {
      const cause = textIn(payload, 'hangup_cause') ?? '';
      return { ...event, type: 'call.ended', reason: endReasons.get(cause) ?? 'unrecognized' };
    }
    default:
      return undefined;
  }
}

/** Whoever cannot be named exactly is anonymous: an identity is never guessed. */
function toParty(value = ''): CallParty {
  if (value === '+266696687') return 'anonymous';
  return isE164(value) || isShortCode(value) || isSipUri(value) ? value : 'anonymous';
}
