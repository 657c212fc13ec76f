import type { JsonObject } from '../carrier/json-object.ts';
import type { InboundRecord, RecordOf, SimMessage } from '../carrier/message.ts';

/** A status as Plivo writes it on messages that are sent. */
export type PlivoMessageStatus =
  | 'queued'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'rejected'
  | 'read';

/** All of them. */
export const plivoStatuses: readonly PlivoMessageStatus[] = [
  'queued',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'rejected',
  'read',
];

/** A message that the simulated Plivo accepted from the application. It changes as it travels. */
export interface PlivoSimMessage extends SimMessage<PlivoMessageStatus> {
  readonly type: 'sms' | 'mms';
  readonly powerpackUuid: string | undefined;
  /** How `statusCallback` is called. */
  readonly statusMethod: 'GET' | 'POST';
  /** The account, or the subaccount, that sent it. */
  readonly authId: string;
  /** The request, also those fields that change nothing here. */
  readonly parameters: JsonObject;
}

/** The same message while the simulator works on it. */
export type OutboundRecord = RecordOf<PlivoSimMessage> & {
  /** What the carrier already knew when it accepted the message, and tells in a receipt only. */
  readonly refusal: number | undefined;
};

/** A message that somebody sent to one of our numbers. */
export interface PlivoInboundRecord extends InboundRecord {
  readonly powerpackUuid: string | undefined;
  /** 2403 once the webhook was refused for good. */
  errorCode: number | undefined;
}
