import {
  isChannelAddress,
  type DeliveryStatus,
  type InboundMedia,
  type InboundMessage,
  isDeliveryStatus,
  isE164,
  isMessageAddress,
  isOptOutKeyword,
  isShortCode,
  parseOptOutKeyword,
  type TelephonyEvent,
} from '@openclaw/telephony-core';
import { isRecord, type JsonRecord, numberIn, stringIn } from './json.ts';

/** What the inbox keeps of an event: everything that is needed to act on it, and nothing of the carrier's own words. */
export type InboxItem =
  | { readonly kind: 'message'; readonly message: InboundMessage }
  | {
      readonly kind: 'status';
      readonly messageId: string;
      readonly status: DeliveryStatus;
      readonly carrierErrorCode?: string;
      /** Which of our sends the carrier was told to report to; absent when it was told nothing. */
      readonly sendRef?: string;
    };

/** An inbox item for an event that something has to be done about; `undefined` for any other. */
export function toInboxItem(event: TelephonyEvent, sendRef?: string): InboxItem | undefined {
  if (event.type === 'message.received') return { kind: 'message', message: event.message };
  if (event.type !== 'message.status') return undefined;
  return {
    kind: 'status',
    messageId: event.messageId,
    status: event.status,
    ...(event.carrierErrorCode === undefined ? {} : { carrierErrorCode: event.carrierErrorCode }),
    ...(sendRef === undefined ? {} : { sendRef }),
  };
}

/**
 * Which items must be handled one after the other: one conversation, or one message's receipts. A STOP has a lane of its
 * own, because it must not wait for an application that is still thinking about the text before it.
 */
export function laneOf(item: InboxItem): string {
  if (item.kind === 'status') return `receipt ${item.messageId}`;
  const { to, from, text, optOut } = item.message;
  const stops = (optOut ?? parseOptOutKeyword(text)) === 'stop';
  return `${stops ? 'stop ' : ''}${to} ${from}`;
}

/**
 * Reads an item back from the store.
 *
 * @throws {TypeError} for what no version of this code wrote
 */
export function parseInboxItem(json: unknown): InboxItem {
  if (isRecord(json)) {
    if (json['kind'] === 'message' && isRecord(json['message'])) {
      return { kind: 'message', message: parseMessage(json['message']) };
    }
    const { status } = json;
    const messageId = stringIn(json, 'messageId');
    if (json['kind'] === 'status' && messageId !== undefined && isDeliveryStatus(status)) {
      const carrierErrorCode = stringIn(json, 'carrierErrorCode');
      const sendRef = stringIn(json, 'sendRef');
      return {
        kind: 'status',
        messageId,
        status,
        ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
        ...(sendRef === undefined ? {} : { sendRef }),
      };
    }
  }
  throw new TypeError('the inbox holds an item that this version cannot read');
}

function parseMessage(json: JsonRecord): InboundMessage {
  const id = stringIn(json, 'id');
  const from = stringIn(json, 'from');
  const to = stringIn(json, 'to');
  const text = stringIn(json, 'text');
  if (id === undefined || text === undefined || from === undefined || !isMessageAddress(from)) {
    throw new TypeError('the inbox holds a message that this version cannot read');
  }
  if (to === undefined || !(isE164(to) || isShortCode(to) || isChannelAddress(to))) {
    throw new TypeError('the inbox holds a message to an address that this version cannot read');
  }
  const segmentCount = numberIn(json, 'segmentCount');
  const optOut = json['optOut'];
  return {
    id,
    from,
    to,
    text,
    media: Array.isArray(json['media']) ? json['media'].flatMap(parseMedia) : [],
    ...(segmentCount === undefined ? {} : { segmentCount }),
    ...(isOptOutKeyword(optOut) ? { optOut } : {}),
  };
}

function parseMedia(json: unknown): InboundMedia[] {
  const url = isRecord(json) ? stringIn(json, 'url') : undefined;
  if (!isRecord(json) || url === undefined || !URL.canParse(url)) return [];
  const contentType = stringIn(json, 'contentType');
  const bytes = numberIn(json, 'bytes');
  return [
    {
      url: new URL(url),
      ...(contentType === undefined ? {} : { contentType }),
      ...(bytes === undefined ? {} : { bytes }),
    },
  ];
}
