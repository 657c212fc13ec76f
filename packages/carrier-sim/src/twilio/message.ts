import type { DeliveryStatus } from '@openclaw/telephony-core';
import type { WebhookAttempt, WebhookMessage } from '../carrier/webhook-request.ts';

/** A status as Twilio writes it on messages that are sent. */
export type TwilioMessageStatus = Exclude<DeliveryStatus, 'unrecognized'>;

/** What becomes of a message in the end. `sent`: no receipt from the handset ever comes. */
export interface DeliveryOutcome {
  readonly status: 'sent' | 'delivered' | 'undelivered' | 'failed';
  /** Twilio's error number, such as 30003. */
  readonly errorCode?: number;
}

/** A status callback and what came of it. */
export interface ReceiptDelivery {
  readonly status: TwilioMessageStatus;
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

/** A message that the simulated carrier accepted from the application. It changes as it travels. */
export interface SimMessage {
  /** `SM`, or `MM` with media, and 32 hexadecimal digits. */
  readonly sid: string;
  readonly direction: 'outbound-api' | 'outbound-reply';
  /** Undefined while a Messaging Service has not picked a number. */
  readonly from: string | undefined;
  readonly to: string;
  readonly messagingServiceSid: string | undefined;
  readonly body: string;
  readonly mediaUrls: readonly string[];
  /** As billed. The API's own `num_segments` says `"0"` with a Messaging Service. */
  readonly numSegments: number;
  readonly encoding: 'gsm7' | 'ucs2';
  readonly status: TwilioMessageStatus;
  readonly errorCode: number | undefined;
  readonly statusHistory: readonly { readonly status: TwilioMessageStatus; readonly at: Date }[];
  readonly acceptedAt: Date;
  readonly statusCallback: string | undefined;
  readonly receipts: readonly ReceiptDelivery[];
  readonly mediaDownloads: readonly MediaDownload[];
  /** All parameters of the request, also those that change nothing here. */
  readonly parameters: URLSearchParams;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The same message while the simulator works on it. */
export type OutboundRecord = Writable<
  Omit<SimMessage, 'statusHistory' | 'receipts' | 'mediaDownloads'>
> & {
  statusHistory: { readonly status: TwilioMessageStatus; readonly at: Date }[];
  receipts: ReceiptDelivery[];
  mediaDownloads: MediaDownload[];
  updatedAt: Date;
};

/** A picture of an inbound message, as the carrier keeps it. */
export interface StoredMedia {
  /** `ME` and 32 hexadecimal digits. */
  readonly sid: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** A message that somebody sent to one of our numbers. */
export interface InboundRecord {
  readonly sid: string;
  readonly direction: 'inbound';
  readonly from: string;
  readonly to: string;
  readonly messagingServiceSid: string | undefined;
  body: string;
  readonly numSegments: number;
  readonly acceptedAt: Date;
  updatedAt: Date;
  media: readonly StoredMedia[];
}

/** Anything that `GET …/Messages/{sid}.json` shows. */
export type MessageRecord = OutboundRecord | InboundRecord;
