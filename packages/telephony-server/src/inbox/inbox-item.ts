import {
  isChannelAddress,
  type DeliveryStatus,
  type InboundMedia,
  type InboundMessage,
  type OptOutKeyword,
  isDeliveryStatus,
  isE164,
  isMessageAddress,
  isOptOutKeyword,
  isShortCode,
  type TelephonyEvent,
} from '@openclaw/telephony-core';
import type { Said } from '../consent/consent.ts';
import { keywordOf, liftsStop } from '../consent/keyword.ts';
import { isRecord, type JsonRecord, numberIn, stringIn } from '../records/json.ts';

/** What every item has. */
interface ItemBase {
  /** The signature did not cover the body: the carrier must be asked before anything is believed. */
  readonly unconfirmed?: true;
}

/** What a person has written. */
interface MessageItem extends ItemBase {
  readonly message: InboundMessage;
  /** When a word of consent was said, by the carrier's clock; absent where the carrier tells of no time. */
  readonly saidAtMs?: number;
}

/** A text that is meant for the application, as the inbox keeps it. */
export interface TextItem extends MessageItem {
  readonly kind: 'text';
}

/** What must not wait for any application: a word of consent, or a receipt. */
export type SignalItem =
  | (MessageItem & { readonly kind: 'keyword'; readonly keyword: OptOutKeyword })
  | (ItemBase & {
      readonly kind: 'receipt';
      readonly messageId: string;
      readonly status: DeliveryStatus;
      readonly carrierErrorCode?: string;
      /** Which of our sends the carrier was told to report to; absent when it was told nothing. */
      readonly sendRef?: string;
    });

/** What the inbox keeps of an event: everything that is needed to act on it, and nothing of the carrier's own words. */
export type InboxItem = TextItem | SignalItem;

/** How an event came in. */
export interface Arrival {
  readonly sendRef?: string | undefined;
  readonly bodyAuthenticated: boolean;
}

/** An inbox item for an event that something has to be done about; `undefined` for any other. */
export function toInboxItem(event: TelephonyEvent, arrival: Arrival): InboxItem | undefined {
  const doubt = arrival.bodyAuthenticated ? {} : { unconfirmed: true as const };
  if (event.type === 'message.received') {
    const { message } = event;
    const keyword = keywordOf(message);
    const isAboutConsent = keyword !== undefined || liftsStop(message);
    const saidAtMs = isAboutConsent ? event.occurredAt?.getTime() : undefined;
    const base = { message, ...doubt, ...(saidAtMs === undefined ? {} : { saidAtMs }) };
    return keyword === undefined
      ? { kind: 'text', ...base }
      : { kind: 'keyword', keyword, ...base };
  }
  if (event.type !== 'message.status') return undefined;
  const { messageId, status, carrierErrorCode } = event;
  return {
    kind: 'receipt',
    messageId,
    status,
    ...doubt,
    ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
    ...(arrival.sendRef === undefined ? {} : { sendRef: arrival.sendRef }),
  };
}

/** When the word of consent in it was said. */
export const saidOf = ({ saidAtMs }: MessageItem): Said =>
  saidAtMs === undefined ? {} : { atMs: saidAtMs };

/** Which items must be handled one after the other: one conversation, or one message's receipts. */
export function laneOf(item: InboxItem): string {
  return item.kind === 'receipt' ? item.messageId : `${item.message.to} ${item.message.from}`;
}

/**
 * Reads a text back from the store.
 *
 * @throws {TypeError} for what no version of this code wrote
 */
export function parseTextItem(json: unknown): TextItem {
  if (isRecord(json) && json['kind'] === 'text' && isRecord(json['message'])) {
    return { kind: 'text', message: parseMessage(json['message']), ...aboutIn(json) };
  }
  throw new TypeError('the inbox holds an item that this version cannot read');
}

/**
 * Reads a signal back from the store.
 *
 * @throws {TypeError} for what no version of this code wrote
 */
export function parseSignalItem(json: unknown): SignalItem {
  if (isRecord(json)) {
    const { kind, keyword, message, status } = json;
    if (kind === 'keyword' && isOptOutKeyword(keyword) && isRecord(message)) {
      return { kind, keyword, message: parseMessage(message), ...aboutIn(json) };
    }
    const messageId = stringIn(json, 'messageId');
    if (kind === 'receipt' && messageId !== undefined && isDeliveryStatus(status)) {
      const carrierErrorCode = stringIn(json, 'carrierErrorCode');
      const sendRef = stringIn(json, 'sendRef');
      return {
        kind,
        messageId,
        status,
        ...doubtIn(json),
        ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
        ...(sendRef === undefined ? {} : { sendRef }),
      };
    }
  }
  throw new TypeError('the inbox holds a signal that this version cannot read');
}

const doubtIn = (json: JsonRecord): ItemBase =>
  json['unconfirmed'] === true ? { unconfirmed: true } : {};

/** Items of earlier versions have no time. */
function aboutIn(json: JsonRecord): Omit<MessageItem, 'message'> {
  const saidAtMs = numberIn(json, 'saidAtMs');
  return { ...doubtIn(json), ...(saidAtMs === undefined ? {} : { saidAtMs }) };
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
