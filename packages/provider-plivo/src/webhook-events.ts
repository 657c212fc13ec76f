import { createHash } from 'node:crypto';
import type {
  DeliveryStatus,
  InboundMedia,
  OptOutKeyword,
  TelephonyEvent,
  WebhookRequest,
} from '@openclaw/telephony-core';
import { turnParameter } from './call-document.ts';
import { toCallEvent } from './call-events.ts';
import { readOwnAddress, readSender } from './addresses.ts';
import { plivoProviderId } from './errors.ts';
import { isInboundStatus, toDeliveryStatus, toErrorCode } from './message-status.ts';
import type { PlivoParameters } from './webhook-parameters.ts';

/** Far above what Plivo sends (10), so that a forged list costs nothing. */
const mostMediaCount = 50;

/**
 * Turns the fields into an event; whatever is no text, no receipt and no call becomes `unknown`.
 *
 * A receipt of ours and a text to us have most fields in common, so the status decides: a text has none, whether it
 * has words or not.
 */
export function toEvent(parameters: PlivoParameters, webhook: WebhookRequest): TelephonyEvent {
  const id = filled(parameters, 'MessageUUID');
  if (id === undefined) return toOther(parameters, webhook);
  const status = filled(parameters, 'Status');
  return status === undefined || isInboundStatus(status)
    ? toMessage(parameters, id)
    : toReceipt(parameters, id, status);
}

function toOther(parameters: PlivoParameters, { url, body }: WebhookRequest): TelephonyEvent {
  const dedupeKey = keyOfOther(parameters, body);
  // Who asked for a call was told the id of the request, and knows it by nothing else.
  const callId =
    filled(parameters, 'ALegRequestUUID') ??
    filled(parameters, 'RequestUUID') ??
    filled(parameters, 'CallUUID');
  if (callId === undefined || filled(parameters, 'CallUUID') === undefined) {
    return unknownEvent(parameters, dedupeKey);
  }
  const turn = URL.parse(url)?.searchParams.get(turnParameter) ?? undefined;
  return toCallEvent(parameters, { callId, dedupeKey, raw: rawOf(parameters) }, turn);
}

function toMessage(parameters: PlivoParameters, id: string): TelephonyEvent {
  const dedupeKey = `${plivoProviderId}:message:${id}`;
  const channel = parameters.get('Type')?.toLowerCase() ?? '';
  const from = readSender(parameters.get('From') ?? '', channel);
  const to = readOwnAddress(parameters.get('To') ?? '', channel);
  if (from === undefined || to === undefined) return unknownEvent(parameters, dedupeKey);
  const segmentCount = Number(parameters.get('Units') ?? 0);
  const optOut = keywords.get(parameters.get('MessageIntent')?.toLowerCase() ?? '');
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
      // Texts have `Text`, pictures and WhatsApp `Body`.
      text: filled(parameters, 'Text') ?? parameters.get('Body') ?? '',
      media: toMedia(parameters),
      ...(Number.isSafeInteger(segmentCount) && segmentCount > 0 ? { segmentCount } : {}),
      ...(optOut === undefined ? {} : { optOut }),
    },
  };
}

const keywords: ReadonlyMap<string, OptOutKeyword> = new Map([
  ['optout', 'stop'],
  ['optin', 'start'],
  ['help', 'help'],
]);

/** What a part does not say of the whole message: others may still be on their way, or fail. */
const arrived: ReadonlySet<DeliveryStatus> = new Set<DeliveryStatus>(['delivered', 'read']);

function toReceipt(parameters: PlivoParameters, id: string, word: string): TelephonyEvent {
  const carrierErrorCode = toErrorCode(parameters.get('ErrorCode'));
  const whole = filled(parameters, 'ParentMessageUUID') ?? id;
  const status = toDeliveryStatus(word);
  const isPart = whole !== id || partCountIn(parameters) > 1;
  return {
    type: 'message.status',
    // Each step of one message is an event of its own, and Plivo may send each of them several times.
    dedupeKey: `${plivoProviderId}:status:${id}:${word}`,
    get raw() {
      return rawOf(parameters);
    },
    // A part of a long message has an id of its own; only the whole one's is known to who sent it.
    messageId: whole,
    status: isPart && arrived.has(status) ? 'sent' : status,
    ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
  };
}

/** How many parts a message went out in. The first of them has the id of the whole, and only `1 of 2` tells them apart. */
function partCountIn(parameters: PlivoParameters): number {
  return Number(/^\d+ of (\d+)$/u.exec(parameters.get('PartInfo') ?? '')?.[1] ?? 1);
}

/** `Media0`, `Media1`, … by number, from whichever Plivo begins to count; or the older list in one field. */
function toMedia(parameters: PlivoParameters): readonly InboundMedia[] {
  const numbered = Array.from(parameters)
    .filter(([name]) => /^Media\d{1,4}$/u.test(name))
    .toSorted(([one], [other]) => Number(one.slice(5)) - Number(other.slice(5)))
    .map(([, value]) => value);
  const listed = numbered.length > 0 ? numbered : (parameters.get('MediaUrls') ?? '').split(',');
  const media = listed
    .slice(0, mostMediaCount)
    .map((value) => URL.parse(value.trim()))
    .filter((url) => url !== null)
    .map((url): InboundMedia => ({ url }));
  const contentType = filled(parameters, 'MimeType');
  const [first, ...more] = media;
  // The type is named once, so it is clear for one file only.
  return first === undefined || more.length > 0 || contentType === undefined
    ? media
    : [{ ...first, contentType }];
}

function unknownEvent(parameters: PlivoParameters, dedupeKey: string): TelephonyEvent {
  return { type: 'unknown', dedupeKey, raw: rawOf(parameters) };
}

/** The fields as an object; what is there several times becomes a list. */
function rawOf(parameters: PlivoParameters): Readonly<Record<string, string | readonly string[]>> {
  const valuesOf = new Map<string, string[]>();
  for (const [name, value] of parameters) {
    const values = valuesOf.get(name);
    if (values === undefined) valuesOf.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries(
    Array.from(valuesOf, ([name, values]) => [
      name,
      values.length === 1 ? (values[0] ?? '') : values,
    ]),
  );
}

/** The same fields, the same key, in whatever order they come; a call's requests keep its name in it. */
function keyOfOther(parameters: PlivoParameters, body: Uint8Array): string {
  const fields = Array.from(parameters, (field) => JSON.stringify(field)).toSorted();
  const signed = parameters.size === 0 ? body : fields.join();
  const digest = createHash('sha256').update(signed).digest('base64url');
  const call = filled(parameters, 'CallUUID');
  return call === undefined
    ? `${plivoProviderId}:unknown:${digest}`
    : `${plivoProviderId}:call:${call}:${digest}`;
}

function filled(parameters: PlivoParameters, name: string): string | undefined {
  const value = parameters.get(name);
  return value === '' ? undefined : value;
}
