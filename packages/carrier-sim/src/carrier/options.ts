import type { DeliveryOutcome, SimMessage } from './message.ts';
import type { OriginRoutes } from './origin-routes.ts';
import type { Random } from './random-id.ts';

/** A telephone number of a simulated account, and the webhook set on it. */
export interface NumberOptions {
  /** E.164 number, short code or sender name. */
  readonly number: string;
  /** Where inbound texts are posted; absent or empty: nowhere. */
  readonly messageUrl?: string;
  /** Who is asked what to do when somebody calls; absent or empty: nobody. */
  readonly voiceUrl?: string;
}

/** What of a number can be changed later, on every carrier. An empty URL takes the webhook away. */
export type NumberChange = Omit<NumberOptions, 'number'>;

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
export interface CarrierTiming {
  /** Before each step of a message's way; default 0. */
  readonly receiptDelayMs?: number;
  /** For a webhook's TCP and TLS connection; default: the carrier's own. */
  readonly connectTimeoutMs?: number;
  /** For a webhook's reply, and for each pause in it; default: the carrier's own. */
  readonly readTimeoutMs?: number;
  /** How long `close()` lets webhooks that are on the wire finish; default 1,000. */
  readonly closeGraceMs?: number;
  /**
   * How many times faster than the carrier the pauses between two tries at a webhook go by; default 1,000, so that a
   * minute is 60 ms. With 1, tests that wait for Plivo's retries take seven minutes. Time-outs stay as they are, and so
   * does Twilio, which does not pause.
   */
  readonly retryAcceleration?: number;
  /**
   * How many times faster than life a call goes by: ringing, speech, time limits; default 1,000, so that a minute is
   * 60 ms. It stands still while the application is asked something. With 1, a test can cut in on a call that lasts.
   */
  readonly callAcceleration?: number;
}

/** What a simulated account of any carrier takes. */
export interface CarrierSimOptions {
  readonly numbers: readonly NumberOptions[];
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default `in-order`. */
  readonly receipts?: ReceiptOrder;
  readonly timing?: CarrierTiming;
  /**
   * Where public origins are served: `{ 'https://hooks.example.com': 'http://127.0.0.1:3000' }`. The webhook is signed
   * for the public URL. Any other host that is not this machine is never contacted.
   */
  readonly origins?: OriginRoutes;
  /** Decides what becomes of a message; `undefined` leaves it to the recipient's number. */
  outcome?(message: SimMessage): DeliveryOutcome | undefined;
  /** Messages, calls and other records that are kept; default 100,000 of each. */
  readonly maxRecordCount?: number;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
  /** Makes the identifiers; default `Math.random`. */
  readonly random?: Random;
}
