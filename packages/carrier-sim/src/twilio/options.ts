import type { OriginRoutes } from '../carrier/origin-routes.ts';
import type { Random } from '../carrier/random-id.ts';
import type { DeliveryOutcome, SimMessage } from './message.ts';

/** A telephone number of the simulated account, and the webhooks set on it. */
export interface TwilioNumberOptions {
  /** E.164 number, short code or sender name, as it appears in `From` and `To`. */
  readonly number: string;
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
  /** Kept and shown, never called: calls are not simulated. */
  readonly voiceUrl?: string;
  /** Kept and shown, never called: it concerns calls. */
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

/**
 * In which order status callbacks arrive.
 *
 * `in-order`: each after the one before was answered. `reversed`: the last status first. `shuffled`: by `random`.
 * `concurrent`: all at once. `before-response`: in order, before the sender has its answer.
 * `manual`: none by itself, and the status stays as it is until `receipt()` is called.
 */
export type ReceiptOrder =
  | 'in-order'
  | 'reversed'
  | 'shuffled'
  | 'concurrent'
  | 'before-response'
  | 'manual';

/** How long things take. */
export interface TwilioTiming {
  /** Before each step of a message's way; default 0. */
  readonly receiptDelayMs?: number;
  /** For a webhook's TCP and TLS connection; default 5,000, Twilio's own. */
  readonly connectTimeoutMs?: number;
  /** For a webhook's reply, and for each pause in it; default 15,000, Twilio's own. */
  readonly readTimeoutMs?: number;
  /** For a webhook with all its retries; default 15,000, Twilio's own. */
  readonly totalTimeoutMs?: number;
  /** How long `close()` lets webhooks that are on the wire finish; default 1,000. */
  readonly closeGraceMs?: number;
}

/** What {@link startTwilioSim} takes. */
export interface TwilioSimOptions {
  /** `AC` and 32 hexadecimal digits. */
  readonly accountSid: string;
  /** Signs the webhooks, and is one of the passwords of the REST API. */
  readonly authToken: string;
  readonly apiKeys?: readonly TwilioApiKey[];
  readonly numbers: readonly TwilioNumberOptions[];
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default `in-order`. */
  readonly receipts?: ReceiptOrder;
  readonly timing?: TwilioTiming;
  /**
   * Where public origins are served: `{ 'https://hooks.example.com': 'http://127.0.0.1:3000' }`. The webhook is signed
   * for the public URL. Any other host that is not this machine is never contacted.
   */
  readonly origins?: OriginRoutes;
  /** Decides what becomes of a message; `undefined` leaves it to the recipient's number. */
  readonly outcome?: (message: SimMessage) => DeliveryOutcome | undefined;
  /** Inbound media asks for credentials; default true, as on new accounts. */
  readonly protectMedia?: boolean;
  /** Messages, alerts and other records that are kept; default 100,000. When it is reached, sending fails with 21611. */
  readonly maxRecordCount?: number;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
  /** Makes the identifiers; default `Math.random`. */
  readonly random?: Random;
}
