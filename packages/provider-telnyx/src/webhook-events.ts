import { createHash } from 'node:crypto';
import {
  type DeliveryStatus,
  type InboundMedia,
  isChannelAddress,
  isE164,
  isJsonObject,
  isMessageAddress,
  isOptOutKeyword,
  isShortCode,
  type JsonObject,
  objectIn,
  objectsIn,
  positiveIntegerIn,
  type TelephonyEvent,
  textIn,
  withoutRcs,
} from '@openclaw/telephony-core';
import { toCallEvent } from './call-events.ts';
import { telnyxProviderId } from './errors.ts';
import { addressAt, channelOf } from './message-address.ts';
import { errorCodeOf, statusWordOf, toDeliveryStatus } from './message-status.ts';

/** What an event says of our message when it does not say it of the recipient. */
const impliedStatuses: ReadonlyMap<string, DeliveryStatus | undefined> = new Map([
  ['message.queued', 'queued'],
  ['message.sending', 'sending'],
  ['message.sent', 'sent'],
  // How it ended stands with the recipient, and nowhere else.
  ['message.finalized', undefined],
  // No events of texts by Telnyx's description, but of other channels, and of other carriers' habits.
  ['message.delivered', 'delivered'],
  ['message.read', 'read'],
  ['message.failed', 'failed'],
]);

/**
 * Turns the body of a webhook into an event; whatever is no text, no receipt and no call becomes `unknown`.
 *
 * Texts to us and receipts of ours have the same payload, so the name of the event decides.
 */
export function toEvent(json: unknown, body: Uint8Array): TelephonyEvent {
  const envelope = isJsonObject(json) ? json : {};
  const data = objectIn(envelope, 'data');
  const payload = objectIn(data, 'payload');
  const type = textIn(data, 'event_type') ?? '';
  const id = textIn(payload, 'id');
  const base = {
    dedupeKey: keyOf(data, body),
    ...occurredAtOf(data),
    raw: json,
  };
  if (id !== undefined && type === 'message.received') {
    // Telnyx may announce one text at two URLs; it is one text all the same.
    const dedupeKey = keyOfMessage(id);
    if (isOfGroup(payload)) return { ...base, dedupeKey, type: 'unknown' };
    const event = toMessage(payload, id);
    if (event !== undefined) return { ...base, ...event, dedupeKey };
  }
  if (id !== undefined && impliedStatuses.has(type) && payload['direction'] !== 'inbound') {
    return { ...base, ...toReceipt(payload, id, type) };
  }
  return toCallEvent(type, payload, base) ?? { ...base, type: 'unknown' };
}

/** With several recipients nothing says which of them is our number, and an answer would go to one of them alone. */
function isOfGroup(payload: JsonObject): boolean {
  const { to, cc } = payload;
  if (Array.isArray(to) && to.length > 1) return true;
  return Array.isArray(cc) ? cc.length > 0 : Boolean(cc);
}

type Received = Pick<TelephonyEvent & { type: 'message.received' }, 'type' | 'message'>;

function toMessage(payload: JsonObject, id: string): Received | undefined {
  const channel = channelOf(payload);
  const from = withoutRcs(addressAt(payload['from'], channel) ?? '');
  const [recipient] = Array.isArray(payload['to']) ? payload['to'] : [payload['to']];
  const to = addressAt(recipient, channel) ?? '';
  if (payload['direction'] === 'outbound') return undefined;
  if (!isMessageAddress(from) || !(isE164(to) || isShortCode(to) || isChannelAddress(to))) {
    return undefined;
  }
  const text = textOf(payload);
  const media = objectsIn(payload, 'media').flatMap(toMedia);
  // An edit, a reaction or a place, which other channels have, is no empty message.
  if (channel !== undefined && text === '' && media.length === 0) return undefined;
  const segmentCount = positiveIntegerIn(payload, 'parts');
  const optOut = textIn(payload, 'autoresponse_type')?.toLowerCase();
  return {
    type: 'message.received',
    message: {
      id,
      from,
      to,
      text,
      media,
      ...(segmentCount === undefined ? {} : { segmentCount }),
      ...(isOptOutKeyword(optOut) ? { optOut } : {}),
    },
  };
}

/** A text has it in one place, the other channels one level deeper. */
function textOf(payload: JsonObject): string {
  const body = objectIn(payload, 'body');
  const inBody = textIn(body, 'text') ?? textIn(objectIn(body, 'text'), 'body');
  return textIn(payload, 'text') ?? inBody ?? '';
}

function toMedia(file: JsonObject): readonly InboundMedia[] {
  const url = URL.parse(textIn(file, 'url') ?? '');
  if (url === null) return [];
  const contentType = textIn(file, 'content_type');
  const bytes = positiveIntegerIn(file, 'size');
  return [
    {
      url,
      ...(contentType === undefined ? {} : { contentType }),
      ...(bytes === undefined ? {} : { bytes }),
    },
  ];
}

type Status = Pick<
  TelephonyEvent & { type: 'message.status' },
  'type' | 'messageId' | 'status' | 'carrierErrorCode'
>;

function toReceipt(payload: JsonObject, messageId: string, type: string): Status {
  const word = statusWordOf(payload);
  const carrierErrorCode = errorCodeOf(payload);
  return {
    type: 'message.status',
    messageId,
    status:
      word === undefined ? (impliedStatuses.get(type) ?? 'unrecognized') : toDeliveryStatus(word),
    ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
  };
}

const keyOfMessage = (id: string): string => `${telnyxProviderId}:message:${id}`;

/** Every attempt to deliver one event has the event's id, and another `meta`. */
function keyOf(data: JsonObject, body: Uint8Array): string {
  const eventId = textIn(data, 'id');
  if (eventId !== undefined) return `${telnyxProviderId}:event:${eventId}`;
  const digest = createHash('sha256').update(body).digest('base64url');
  return `${telnyxProviderId}:unknown:${digest}`;
}

function occurredAtOf(data: JsonObject): { readonly occurredAt?: Date } {
  const at = new Date(textIn(data, 'occurred_at') ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? {} : { occurredAt: at };
}
