import type { DeliveryStatus } from '@openclaw/telephony-core';
import type { InboundDelivery } from '../carrier/inbound-text.ts';
import type { InboundRecord, RecordOf, SimMessage } from '../carrier/message.ts';

/** A status as Twilio writes it on messages that are sent. */
export type TwilioMessageStatus = Exclude<DeliveryStatus, 'unrecognized'>;

/** All of them. */
export const twilioStatuses: readonly TwilioMessageStatus[] = [
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'undelivered',
  'failed',
  'canceled',
];

/** A message that the simulated Twilio accepted from the application. It changes as it travels. */
export interface TwilioSimMessage extends SimMessage<TwilioMessageStatus> {
  /** `SM`, or `MM` with media, and 32 hexadecimal digits; the same as `id`. */
  readonly sid: string;
  readonly direction: 'outbound-api' | 'outbound-reply';
  readonly messagingServiceSid: string | undefined;
  /** All parameters of the request, also those that change nothing here. */
  readonly parameters: URLSearchParams;
}

/** What became of an inbound text to a Twilio number. */
export interface TwilioInboundDelivery extends InboundDelivery {
  /** `SM`, or `MM` with media, and 32 hexadecimal digits; the same as `id`. */
  readonly sid: string;
  readonly replies: readonly TwilioSimMessage[];
}

/** The same message while the simulator works on it. */
export type OutboundRecord = RecordOf<TwilioSimMessage>;

/** A message that somebody sent to one of our numbers. */
export interface TwilioInboundRecord extends InboundRecord {
  readonly messagingServiceSid: string | undefined;
}

/** Anything that `GET …/Messages/{sid}.json` shows. */
export type MessageRecord = OutboundRecord | TwilioInboundRecord;

/** True for what somebody sent to us. */
export function isInbound(record: MessageRecord): record is TwilioInboundRecord {
  return record.direction === 'inbound';
}
