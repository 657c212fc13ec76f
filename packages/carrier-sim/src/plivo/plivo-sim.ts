import type { CarrierSim, SimTypes } from '../carrier/carrier-sim.ts';
import type { PlivoApplication } from './applications.ts';
import type { PlivoSimCall } from './call.ts';
import type { PlivoSimMessage } from './message.ts';
import type { PlivoNumberRecord } from './numbers.ts';
import type { PlivoNumberChange } from './options.ts';

/** Where Plivo's simulator says more than the others. */
export interface PlivoSimTypes extends SimTypes {
  readonly message: PlivoSimMessage;
  readonly call: PlivoSimCall;
  readonly number: PlivoNumberRecord;
  readonly change: PlivoNumberChange;
}

/** A simulated Plivo account that listens on the loopback until it is closed. */
export interface PlivoSim extends CarrierSim<PlivoSimTypes> {
  /** An application with the webhooks set on it now. */
  application(id: string): PlivoApplication | undefined;
}
