import type { DeliveryOutcome } from '../carrier/message.ts';
import type { CarrierSimOptions, CarrierTiming, NumberOptions } from '../carrier/options.ts';
import type { TwilioMessageStatus, TwilioSimMessage } from './message.ts';

/** A telephone number of the simulated account, and the webhooks set on it. */
export interface TwilioNumberOptions extends NumberOptions {
  /** `PN` and 32 hexadecimal digits; default: made up. */
  readonly sid?: string;
  /** Where inbound texts are posted; may end in connection overrides such as `#rc=2&rp=all`. */
  readonly messageUrl?: string;
  /** Default `POST`. */
  readonly messageMethod?: 'GET' | 'POST';
  /** Tried once `messageUrl` has failed. */
  readonly messageFallbackUrl?: string;
  /** Default `POST`. */
  readonly messageFallbackMethod?: 'GET' | 'POST';
  /** Asked for TwiML when somebody calls; may end in connection overrides. */
  readonly voiceUrl?: string;
  /** Default `POST`. */
  readonly voiceMethod?: 'GET' | 'POST';
  /** Asked once `voiceUrl` has failed, or answered what cannot be carried out. */
  readonly voiceFallbackUrl?: string;
  /** Told when a call that came in has ended. */
  readonly statusCallback?: string;
  /** `MG` and 32 hexadecimal digits: makes the number a sender of that Messaging Service. */
  readonly messagingServiceSid?: string;
  /** Adds `OptOutType` to the webhook of an opt-out keyword, as Advanced Opt-Out does; default false. */
  readonly advancedOptOut?: boolean;
  /** Default true; without it, sending fails with 21606. */
  readonly smsCapable?: boolean;
}

/** What of a number can be changed later. */
export type TwilioNumberChange = Omit<TwilioNumberOptions, 'number' | 'sid'>;

/** An API key: `sid` is the user name, `secret` the password. */
export interface TwilioApiKey {
  /** `SK` and 32 hexadecimal digits. */
  readonly sid: string;
  readonly secret: string;
  /** A standard key (the default) may not read the account itself; a main key may. */
  readonly main?: boolean;
}

/** How long things take. A webhook's connection has 5,000 ms and its reply 15,000, unless said otherwise. */
export interface TwilioTiming extends CarrierTiming {
  /** For a webhook with all its retries; default 15,000, Twilio's own. */
  readonly totalTimeoutMs?: number;
}

/** What {@link startTwilioSim} takes. */
export interface TwilioSimOptions extends CarrierSimOptions {
  /** `AC` and 32 hexadecimal digits. */
  readonly accountSid: string;
  /** Signs the webhooks, and is one of the passwords of the REST API. */
  readonly authToken: string;
  readonly apiKeys?: readonly TwilioApiKey[];
  readonly numbers: readonly TwilioNumberOptions[];
  readonly timing?: TwilioTiming;
  /** Decides what becomes of a message; `undefined` leaves it to the recipient's number. */
  outcome?(message: TwilioSimMessage): DeliveryOutcome<TwilioMessageStatus> | undefined;
  /** Inbound media asks for credentials; default true, as on new accounts. */
  readonly protectMedia?: boolean;
  /** Messages, alerts and other records that are kept; default 100,000. When it is reached, sending fails with 21611. */
  readonly maxRecordCount?: number;
}
