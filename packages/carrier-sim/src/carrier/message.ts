import type { SmsEncoding } from '@openclaw/sms-encoding';
import type { WebhookAttempt, WebhookMessage } from './webhook-request.ts';

/** What becomes of a message in the end. */
export interface DeliveryOutcome<Status extends string = string> {
  /** The last status that the message reaches, in the carrier's words. */
  readonly status: Status;
  /** The carrier's number for what went wrong. */
  readonly errorCode?: number;
}

/** A status callback and what came of it. */
export interface ReceiptDelivery<Status extends string = string> {
  readonly status: Status;
  /** As it was sent last: a carrier that signs every try anew sends other bytes each time. */
  readonly request: WebhookMessage;
  /** Empty when a fault lost it. */
  readonly attempts: readonly WebhookAttempt[];
  /** The last attempt was answered with 2xx. */
  readonly acknowledged: boolean;
}

/** One download of a picture that the application sent. */
export interface MediaDownload {
  readonly url: string;
  readonly status?: number;
  /** Why there was no whole reply; `not-routed` is no failure: the URL is outside of this machine and was left alone. */
  readonly error?: string;
  readonly contentType?: string;
  readonly bytes?: Uint8Array;
}

/** A message that a simulated carrier accepted from the application. It changes as it travels. */
export interface SimMessage<Status extends string = string> {
  /** The carrier's identifier. */
  readonly id: string;
  /** Undefined while a sender pool has not picked a number. */
  readonly from: string | undefined;
  /** E.164 with the plus sign, on every carrier. */
  readonly to: string;
  readonly body: string;
  readonly mediaUrls: readonly string[];
  /** As billed. */
  readonly numSegments: number;
  readonly encoding: SmsEncoding;
  readonly status: Status;
  readonly errorCode: number | undefined;
  readonly statusHistory: readonly { readonly status: Status; readonly at: Date }[];
  readonly acceptedAt: Date;
  /** Where its status callbacks go; undefined when nobody is told. */
  readonly statusCallback: string | undefined;
  readonly receipts: readonly ReceiptDelivery<Status>[];
  readonly mediaDownloads: readonly MediaDownload[];
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A message while the simulator works on it. */
export type RecordOf<Message extends SimMessage> = Writable<
  Omit<Message, 'statusHistory' | 'receipts' | 'mediaDownloads'>
> & {
  direction: 'outbound-api' | 'outbound-reply';
  statusHistory: { readonly status: Message['status']; readonly at: Date }[];
  receipts: ReceiptDelivery<Message['status']>[];
  mediaDownloads: MediaDownload[];
  updatedAt: Date;
};

/** A message of any carrier while the simulator works on it. */
export type OutboundRecord = RecordOf<SimMessage>;

/** A picture of an inbound message, as the carrier keeps it. */
export interface StoredMedia {
  readonly id: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** A message that somebody sent to one of our numbers. */
export interface InboundRecord {
  readonly id: string;
  readonly direction: 'inbound';
  readonly from: string;
  readonly to: string;
  body: string;
  readonly numSegments: number;
  readonly encoding: SmsEncoding;
  readonly acceptedAt: Date;
  updatedAt: Date;
  media: readonly StoredMedia[];
}
