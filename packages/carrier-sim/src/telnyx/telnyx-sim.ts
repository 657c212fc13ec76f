import type { CarrierSim, SimTypes } from '../carrier/carrier-sim.ts';
import type { WebhookMessage } from '../carrier/webhook-request.ts';
import type { TelnyxSimCall } from './call.ts';
import type { CallControlApplication } from './connections.ts';
import type { TelnyxInboundText } from './inbound.ts';
import type { TelnyxSimMessage } from './message.ts';
import type { TelnyxNumberRecord } from './numbers.ts';
import type { TelnyxNumberChange } from './options.ts';
import type { MessagingProfile } from './profiles.ts';

/** Where Telnyx' simulator says more than the others. */
export interface TelnyxSimTypes extends SimTypes {
  readonly message: TelnyxSimMessage;
  readonly call: TelnyxSimCall;
  readonly number: TelnyxNumberRecord;
  readonly change: TelnyxNumberChange;
  readonly text: TelnyxInboundText;
}

/** A simulated Telnyx account that listens on the loopback until it is closed. */
export interface TelnyxSim extends CarrierSim<TelnyxSimTypes> {
  /** What verifies its webhooks, as Mission Control shows it: base64 of 32 bytes. */
  readonly publicKey: string;
  /** A messaging profile with the webhooks set on it now. */
  messagingProfile(id: string): MessagingProfile | undefined;
  /** A Call Control application with the webhooks set on it now. */
  callControlApplication(id: string): CallControlApplication | undefined;
  /**
   * Signs any JSON document as a webhook of this account; for {@link CarrierSim.post}. An event has
   * `{ data: { event_type, id, payload }, meta }`.
   */
  sign(url: string, document: Readonly<Record<string, unknown>>): WebhookMessage;
}
