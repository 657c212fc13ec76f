import {
  type E164,
  isAlphanumericSenderId,
  isE164,
  isShortCode,
  type Sender,
  type ShortCode,
} from '@openclaw/telephony-core';
import type { ComposedMessage } from './compose.ts';
import { isRecord, numberIn, stringIn } from '../records/json.ts';
import type { SendPurpose } from './recipients.ts';

/** A send that waits in the outbox: one recipient, one or several messages, each sent in its own request. */
export interface OutboxItem {
  readonly to: E164 | ShortCode;
  readonly from: Sender;
  readonly purpose: SendPurpose;
  /** In the order in which they leave. */
  readonly messages: readonly ComposedMessage[];
  /** Media go with the first message. */
  readonly media: readonly string[];
  /** True for what nobody waits for now: it does not leave in the quiet hours. */
  readonly isUnasked: boolean;
  /** What the log calls the conversation that this send belongs to. */
  readonly correlationId?: string;
  /** The account that has handed it over, when it is not this one's own. */
  readonly onBehalfOf?: string;
}

/** What the ledgers call our end of a conversation: the number, or the sender pool. */
export const senderKey = (from: Sender): string => (from.kind === 'pool' ? from.id : from.address);

/** True for what somebody waits for who has just texted: it goes before everything else. */
export const isAnswer = ({ purpose, isUnasked }: OutboxItem): boolean =>
  (purpose === 'reply' || purpose === 'notice') && !isUnasked;

/**
 * Reads an item back from the store.
 *
 * @throws {TypeError} for what no version of this code wrote
 */
export function parseOutboxItem(json: unknown): OutboxItem {
  if (isRecord(json)) {
    const to = stringIn(json, 'to');
    const from = parseSender(json['from']);
    const purpose = json['purpose'];
    const correlationId = stringIn(json, 'correlationId');
    const onBehalfOf = stringIn(json, 'onBehalfOf');
    if (
      to !== undefined &&
      (isE164(to) || isShortCode(to)) &&
      from !== undefined &&
      isPurpose(purpose) &&
      Array.isArray(json['messages'])
    ) {
      return {
        to,
        from,
        purpose,
        messages: json['messages'].map(parseComposed),
        media: Array.isArray(json['media'])
          ? json['media'].filter((url) => typeof url === 'string')
          : [],
        isUnasked: json['isUnasked'] === true,
        ...(correlationId === undefined ? {} : { correlationId }),
        ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
      };
    }
  }
  throw new TypeError('the outbox holds an item that this version cannot read');
}

function parseComposed(json: unknown): ComposedMessage {
  const record = isRecord(json) ? json : {};
  return {
    text: stringIn(record, 'text') ?? '',
    segmentCount: numberIn(record, 'segmentCount') ?? 1,
  };
}

function parseSender(json: unknown): Sender | undefined {
  if (!isRecord(json)) return undefined;
  const id = stringIn(json, 'id');
  if (json['kind'] === 'pool' && id !== undefined) return { kind: 'pool', id };
  const address = stringIn(json, 'address');
  if (address === undefined) return undefined;
  return isE164(address) || isShortCode(address) || isAlphanumericSenderId(address)
    ? { kind: 'number', address }
    : undefined;
}

export const isPurpose = (value: unknown): value is SendPurpose =>
  value === 'reply' || value === 'notice' || value === 'operator' || value === 'agent';
