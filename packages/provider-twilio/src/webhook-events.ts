import { createHash } from 'node:crypto';
import {
  type InboundMedia,
  isChannelAddress,
  isE164,
  isMessageAddress,
  isOptOutKeyword,
  isShortCode,
  type TelephonyEvent,
  type WebhookRequest,
  withoutRcs,
} from '@openclaw/telephony-core';
import { twilioProviderId } from './errors.ts';
import { isInboundStatus, toDeliveryStatus } from './message-status.ts';
import type { TwilioParameters } from './webhook-parameters.ts';
import { toCallEvent } from './call-events.ts';
import { turnParameter } from './call-document.ts';

/** Far above what Twilio sends (10), so that a forged count costs nothing. */
const mostMediaCount = 50;

/**
 * Turns the signed fields into an event; whatever is no text, no receipt and no call becomes `unknown`.
 *
 * A receipt of ours and a text to us have most fields in common, so the status decides: a text has none, or
 * `received`, whether it has words or not.
 */
export function toEvent(parameters: TwilioParameters, webhook: WebhookRequest): TelephonyEvent {
  const sid = filled(parameters, 'MessageSid') ?? filled(parameters, 'SmsSid');
  if (sid === undefined) return toOther(parameters, webhook);
  const status = filled(parameters, 'MessageStatus') ?? filled(parameters, 'SmsStatus');
  return status === undefined || isInboundStatus(status)
    ? toMessage(parameters, sid)
    : toReceipt(parameters, sid, status);
}

function toOther(parameters: TwilioParameters, { url, body }: WebhookRequest): TelephonyEvent {
  const dedupeKey = keyOfOther(parameters, body);
  const callId = filled(parameters, 'CallSid');
  if (callId === undefined || !parameters.get('CallStatus')) {
    return unknownEvent(parameters, dedupeKey);
  }
  const turn = URL.parse(url)?.searchParams.get(turnParameter) ?? undefined;
  return toCallEvent(parameters, { callId, dedupeKey, raw: rawOf(parameters) }, turn);
}

function toMessage(parameters: TwilioParameters, id: string): TelephonyEvent {
  const dedupeKey = `${twilioProviderId}:message:${id}`;
  const writtenFrom = parameters.get('From') ?? '';
  const from = withoutRcs(writtenFrom);
  const to = parameters.get('To') ?? '';
  // A prefix stays: `whatsapp:+15550100100` is another address of ours than +15550100100.
  const isOurs = isE164(to) || isShortCode(to) || isChannelAddress(to);
  if (!isMessageAddress(from) || !isOurs) {
    return unknownEvent(parameters, dedupeKey);
  }
  const text = parameters.get('Body') ?? '';
  const media = toMedia(parameters);
  // A place, a card or a reaction: an empty text would hide what was said.
  if (isChannelAddress(writtenFrom) && text === '' && media.length === 0) {
    return unknownEvent(parameters, dedupeKey);
  }
  const segmentCount = Number(parameters.get('NumSegments') ?? 0);
  const optOut = parameters.get('OptOutType')?.toLowerCase();
  return {
    type: 'message.received',
    dedupeKey,
    get raw() {
      return rawOf(parameters);
    },
    message: {
      id,
      from,
      to,
      text,
      media,
      ...(Number.isSafeInteger(segmentCount) && segmentCount > 0 ? { segmentCount } : {}),
      ...(isOptOutKeyword(optOut) ? { optOut } : {}),
    },
  };
}

function toReceipt(parameters: TwilioParameters, messageId: string, word: string): TelephonyEvent {
  const errorCode = filled(parameters, 'ErrorCode');
  return {
    type: 'message.status',
    // Each step of one message is an event of its own, and Twilio may send each of them twice.
    dedupeKey: `${twilioProviderId}:status:${messageId}:${word}`,
    get raw() {
      return rawOf(parameters);
    },
    messageId,
    status: toDeliveryStatus(word),
    ...(errorCode === undefined || errorCode === '0' ? {} : { carrierErrorCode: errorCode }),
  };
}

function toMedia(parameters: TwilioParameters): readonly InboundMedia[] {
  const count = Math.min(Number(parameters.get('NumMedia') ?? 0) || 0, mostMediaCount);
  const media: InboundMedia[] = [];
  for (let index = 0; index < count; index += 1) {
    const url = URL.parse(parameters.get(`MediaUrl${index}`) ?? '');
    if (url === null) continue;
    const contentType = filled(parameters, `MediaContentType${index}`);
    media.push({ url, ...(contentType === undefined ? {} : { contentType }) });
  }
  return media;
}

function unknownEvent(parameters: TwilioParameters, dedupeKey: string): TelephonyEvent {
  return { type: 'unknown', dedupeKey, raw: rawOf(parameters) };
}

/** The same fields, the same key, in whatever order they come; a call's requests keep its name in it. */
function keyOfOther(parameters: TwilioParameters, body: Uint8Array): string {
  const fields = Array.from(parameters, (field) => JSON.stringify(field)).toSorted();
  const signed = parameters.size === 0 ? body : fields.join();
  const digest = createHash('sha256').update(signed).digest('base64url');
  const callSid = filled(parameters, 'CallSid');
  return callSid === undefined
    ? `${twilioProviderId}:unknown:${digest}`
    : `${twilioProviderId}:call:${callSid}:${digest}`;
}

/**
 * Every field, in order of arrival; a name that comes several times has a list. Made when it is asked for, which a server
 * that keeps texts and not the carrier's own words never does.
 */
function rawOf(parameters: TwilioParameters): Readonly<Record<string, unknown>> {
  const values = new Map<string, string | string[]>();
  for (const [name, value] of parameters) {
    const earlier = values.get(name);
    if (Array.isArray(earlier)) earlier.push(value);
    else values.set(name, earlier === undefined ? value : [earlier, value]);
  }
  return Object.fromEntries(values);
}

function filled(parameters: TwilioParameters, name: string): string | undefined {
  const value = parameters.get(name);
  return value === '' ? undefined : value;
}
