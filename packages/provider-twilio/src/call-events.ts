import {
  type CallEndReason,
  type CallEvent,
  type CallParty,
  isE164,
  isShortCode,
  isSipUri,
} from '@openclaw/telephony-core';
import { twilioProviderId } from './errors.ts';
import type { TwilioParameters } from './webhook-parameters.ts';

/** What Twilio puts where a caller hides: words, and the number that spells ANONYMOUS. */
const hidden = /^(?:anonymous|restricted|unavailable|unknown|private|\+?266696687)?$/iu;

const endReasons: ReadonlyMap<string, CallEndReason> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no-answer'],
  ['canceled', 'canceled'],
  ['failed', 'failed'],
]);

/**
 * Turns the signed fields of a call's webhook into an event.
 *
 * Twilio asks for a document and reports progress with the same fields; only a report has a `CallbackSource`.
 *
 * @param turn what our own address said about the question that is being answered
 */
export function toCallEvent(
  parameters: TwilioParameters,
  base: { readonly callId: string; readonly dedupeKey: string; readonly raw: unknown },
  turn: string | undefined,
): CallEvent {
  const { callId, dedupeKey, raw } = base;
  const event = { call: { providerId: twilioProviderId, callId }, dedupeKey, raw };
  const status = parameters.get('CallStatus') ?? '';
  const ended = endReasons.get(status);
  if (ended !== undefined) return { ...event, type: 'call.ended', reason: ended };
  const isReport = (parameters.get('CallbackSource') ?? '') !== '';
  const isInbound = parameters.get('Direction') === 'inbound';
  const answer = turn === undefined ? {} : { turn };
  const digits = parameters.get('Digits') ?? '';
  if (digits !== '') return { ...event, type: 'call.digits', digits, ...answer };
  const transcript = parameters.get('SpeechResult') ?? '';
  if (transcript !== '') {
    return { ...event, type: 'call.speech', transcript, final: true, ...answer };
  }
  if (isInbound && !isReport && status === 'ringing') {
    return {
      ...event,
      type: 'call.incoming',
      from: toParty(parameters.get('From')),
      to: toParty(parameters.get('To')),
    };
  }
  if (status === 'in-progress' && !isInbound && turn === undefined) {
    const by = answeredBy(parameters.get('AnsweredBy') ?? '');
    return { ...event, type: 'call.answered', ...(by === undefined ? {} : { by }) };
  }
  // A question that nobody answered, a redirect, an inbound call that goes on.
  if (status === 'in-progress') return { ...event, type: 'call.instruction-ended' };
  return { ...event, type: 'call.ringing' };
}

/** Whoever cannot be named exactly is anonymous: an identity is never guessed. */
function toParty(value = ''): CallParty {
  if (hidden.test(value)) return 'anonymous';
  return isE164(value) || isShortCode(value) || isSipUri(value) ? value : 'anonymous';
}

function answeredBy(word: string): 'human' | 'machine' | 'fax' | undefined {
  if (word === 'human' || word === 'fax') return word;
  return word.startsWith('machine') ? 'machine' : undefined;
}
