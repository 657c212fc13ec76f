import type { CarrierSim, SimTypes } from '../carrier/carrier-sim.ts';
import type { Alert } from './alert.ts';
import type { TwilioSimCall } from './call.ts';
import type { TwilioInboundDelivery, TwilioSimMessage } from './message.ts';
import type { TwilioNumberRecord } from './numbers.ts';
import type { TwilioNumberChange } from './options.ts';

/** Where Twilio's simulator says more than the others. */
export interface TwilioSimTypes extends SimTypes {
  readonly message: TwilioSimMessage;
  readonly call: TwilioSimCall;
  readonly number: TwilioNumberRecord;
  readonly change: TwilioNumberChange;
  readonly delivery: TwilioInboundDelivery;
}

/** A simulated Twilio account that listens on the loopback until it is closed. */
export interface TwilioSim extends CarrierSim<TwilioSimTypes> {
  /** What the carrier would complain about in its debugger. */
  readonly alerts: readonly Alert[];
}
