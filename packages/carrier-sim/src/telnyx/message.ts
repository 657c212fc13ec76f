import type { JsonObject } from '../carrier/json-object.ts';
import type { InboundRecord, RecordOf, SimMessage } from '../carrier/message.ts';

/** A status as Telnyx writes it in `to[].status` of messages that are sent. */
export type TelnyxMessageStatus =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'sending_failed'
  | 'delivery_failed'
  | 'delivery_unconfirmed'
  | 'expired';

/** All of them. */
export const telnyxStatuses: readonly TelnyxMessageStatus[] = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'sending_failed',
  'delivery_failed',
  'delivery_unconfirmed',
  'expired',
];

/** A message that the simulated Telnyx accepted from the application. It changes as it travels. */
export interface TelnyxSimMessage extends SimMessage<TelnyxMessageStatus> {
  readonly messagingProfileId: string;
  readonly type: 'SMS' | 'MMS';
  /** Tried once all tries at `statusCallback` have failed. */
  readonly failoverUrl: string | undefined;
  /** The request, also those fields that change nothing here. */
  readonly parameters: JsonObject;
}

/** The same message while the simulator works on it. */
export type OutboundRecord = RecordOf<TelnyxSimMessage>;

/** A message that somebody sent to one of our numbers. */
export interface TelnyxInboundRecord extends InboundRecord {
  readonly messagingProfileId: string | undefined;
}
