import type { DeliveryOutcome } from '../carrier/message.ts';
import type { CarrierSimOptions, NumberChange, NumberOptions } from '../carrier/options.ts';
import type { PlivoMessageStatus, PlivoSimMessage } from './message.ts';

/** A telephone number of the simulated account. Its webhook is that of its application. */
export interface PlivoNumberOptions extends NumberOptions {
  /** Sets the message URL of the number's application. */
  readonly messageUrl?: string;
  /** Default `POST`. */
  readonly messageMethod?: 'GET' | 'POST';
  /** Sets the answer URL of the number's application: asked for XML when somebody calls. */
  readonly voiceUrl?: string;
  /** Default `POST`. */
  readonly voiceMethod?: 'GET' | 'POST';
  /** Sets the hangup URL of the application: told when a call has ended; default: the answer URL. */
  readonly hangupUrl?: string;
  /** Sets the fallback answer URL of the application. */
  readonly voiceFallbackUrl?: string;
  /** Default: an application of its own. `null`: none, as a number is after it was bought. */
  readonly appId?: string | null;
  /** A UUID: makes the number a sender of that Powerpack. */
  readonly powerpackUuid?: string;
  /** The subaccount that has the number; default: the account itself. */
  readonly subaccount?: string;
}

/** What can be changed later: the webhooks of the number's application, and so of all numbers on it. */
export interface PlivoNumberChange extends NumberChange {
  readonly messageMethod?: 'GET' | 'POST';
  readonly voiceMethod?: 'GET' | 'POST';
  readonly hangupUrl?: string;
  readonly voiceFallbackUrl?: string;
}

/** A subaccount, with a token of its own. */
export interface PlivoSubaccount {
  /** `SA` and capital letters and digits. */
  readonly authId: string;
  readonly authToken: string;
}

/**
 * Which signatures webhooks carry.
 *
 * `v3-and-v2`: both families, plain and `Ma`. `v3`, `v2`: only that family. `ma-v3`: as seen on live inbound texts, a V3
 * header that does not match, and a `Ma-V3` header that does.
 */
export type PlivoSignatures = 'v3-and-v2' | 'v3' | 'v2' | 'ma-v3';

/** What {@link startPlivoSim} takes. */
export interface PlivoSimOptions extends CarrierSimOptions {
  /** `MA` and capital letters and digits. */
  readonly authId: string;
  /** Signs the webhooks, and opens the REST API. */
  readonly authToken: string;
  readonly subaccounts?: readonly PlivoSubaccount[];
  readonly numbers: readonly PlivoNumberOptions[];
  /** Default `v3-and-v2`. */
  readonly signatures?: PlivoSignatures;
  /**
   * What a request for a call is answered with: an identifier of its `own` (default), as in Plivo's documentation, or the
   * `same` as the call's, as it is seen in signed webhooks.
   */
  readonly requestUuids?: 'own' | 'same';
  /** Decides what becomes of a message; `undefined` leaves it to the recipient's number. */
  outcome?(message: PlivoSimMessage): DeliveryOutcome<PlivoMessageStatus> | undefined;
  /** Messages and other records that are kept; default 100,000. When it is reached, sending fails with 429. */
  readonly maxRecordCount?: number;
}
