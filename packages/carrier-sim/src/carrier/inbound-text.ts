import type { InboundRecord, SimMessage, StoredMedia } from './message.ts';
import type { AutoReply, OptOutType } from './opt-out.ts';
import { measure } from './segments.ts';
import type { WebhookAttempt, WebhookMessage } from './webhook-request.ts';

/** A text, or a picture message, that somebody sends to one of our numbers. */
export interface InboundText {
  /** A phone number, a short code or a sender name. */
  readonly from: string;
  /** One of the account's numbers. */
  readonly to: string;
  /** Default `''`, which needs media. */
  readonly text?: string;
  /** Kept by the simulated carrier, and downloadable from it. */
  readonly media?: readonly { readonly contentType: string; readonly bytes: Uint8Array }[];
  /** The carrier's remark that the text is an opt-out keyword; default: what the carrier would say of this text. */
  readonly optOutType?: OptOutType;
  /** Further fields of the webhook, or other values for those that are there. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What became of an inbound text. */
export interface InboundDelivery {
  /** The carrier's identifier of the text. */
  readonly id: string;
  /** The webhook byte for byte, as it was sent last; undefined for a number without a URL. */
  readonly request: WebhookMessage | undefined;
  /** Every try, with retries and, at the end, the fallback URL. */
  readonly attempts: readonly WebhookAttempt[];
  /** The last attempt was answered with 2xx. */
  readonly acknowledged: boolean;
  /** Messages that the reply's XML asked for. */
  readonly replies: readonly SimMessage[];
  /** The carrier's own answer to an opt-out keyword. */
  readonly autoReply: AutoReply | undefined;
}

/**
 * The text as the carrier keeps it.
 *
 * @throws {RangeError} when it is empty
 */
export function createInboundRecord(
  input: Omit<InboundText, 'parameters'>,
  {
    now,
    id,
    mediaId,
  }: { readonly now: () => number; readonly id: string; readonly mediaId: () => string },
): InboundRecord {
  const body = input.text ?? '';
  const files = input.media ?? [];
  if (body === '' && files.length === 0) {
    throw new RangeError('an inbound message has text or media');
  }
  const acceptedAt = new Date(now());
  return {
    id,
    direction: 'inbound',
    from: input.from,
    to: input.to,
    body,
    ...measure(body),
    acceptedAt,
    updatedAt: acceptedAt,
    media: files.map(({ contentType, bytes }): StoredMedia => ({
      id: mediaId(),
      contentType,
      bytes,
    })),
  };
}
