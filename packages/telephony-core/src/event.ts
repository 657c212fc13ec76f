import type { CallParty } from './address.ts';
import type { DeliveryStatus } from './delivery.ts';
import type { InboundMessage } from './messaging.ts';
import type { CallEndReason, CallRef } from './voice.ts';

/** What every event has. */
export interface EventBase {
  /** The same for every time the carrier sends one event, different otherwise; made from signed data only. */
  readonly dedupeKey: string;
  /** Only when the carrier says so; never invented. */
  readonly occurredAt?: Date;
  /** The carrier's own words, for logs that are not kept and for fields that the contract does not have. */
  readonly raw: unknown;
}

/** Something happened at the carrier: `noun.action`, one union. */
export type TelephonyEvent = MessageEvent | CallEvent | (EventBase & { readonly type: 'unknown' });

/** A text arrived, or a text of ours moved on. */
export type MessageEvent =
  | (EventBase & { readonly type: 'message.received'; readonly message: InboundMessage })
  | (EventBase & {
      readonly type: 'message.status';
      readonly messageId: string;
      readonly status: DeliveryStatus;
      readonly carrierErrorCode?: string;
    });

/** A call began, moved on or ended. */
export type CallEvent = EventBase & { readonly call: CallRef } & (
    | { readonly type: 'call.incoming'; readonly from: CallParty; readonly to: CallParty }
    | { readonly type: 'call.ringing' }
    | { readonly type: 'call.answered'; readonly by?: 'human' | 'machine' | 'fax' }
    | { readonly type: 'call.digits'; readonly digits: string; readonly turn?: string }
    | {
        readonly type: 'call.speech';
        readonly transcript: string;
        readonly final: boolean;
        readonly turn?: string;
      }
    | { readonly type: 'call.instruction-ended'; readonly instructionId?: string }
    | { readonly type: 'call.ended'; readonly reason: CallEndReason }
  );
