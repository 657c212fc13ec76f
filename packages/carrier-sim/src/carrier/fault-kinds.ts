import type { FaultMatch, FaultPlan } from './faults.ts';

interface Where<Place extends string> {
  /**
   * `send`: a request that creates a message. `call`: one that places a call. `api`: any other REST request. `media`: a
   * download from the second origin. `receipt`: a status callback of a message. `inbound`: the webhook of an inbound
   * text. `call-webhook`: any webhook of a call; `match.status` picks the event.
   */
  readonly on: Place;
  readonly match?: FaultMatch;
  /** How often it strikes; default 1, `Infinity` for ever. */
  readonly times?: number;
}

/** What can go wrong with an answer of the simulated carrier. */
export type ReplyFault = Where<'send' | 'call' | 'api' | 'media'> &
  (
    | {
        /** An error 500; an HTML page of a gateway with status 502. */
        readonly kind: 'status-500' | 'html';
        /** The request was carried out all the same; default false. */
        readonly afterAccept?: boolean;
      }
    | {
        readonly kind: 'status-429';
        /** Sent as `Retry-After`; left out when undefined. */
        readonly retryAfterSeconds?: number;
      }
    | {
        readonly kind: 'error';
        /** The carrier's error number, from which the HTTP status follows; with Plivo, which has none, the HTTP status. */
        readonly code: number;
      }
    | { readonly kind: 'slow'; readonly delayMs: number }
    | {
        /**
         * `drop-…` closes the connection without a byte, before or after the request was carried out.
         * `cut-off-json` answers a whole response with half of the document, `cut-off-reply` half a response;
         * both carry the request out.
         */
        readonly kind:
          | 'drop-before-accept'
          | 'drop-after-accept'
          | 'cut-off-json'
          | 'cut-off-reply';
      }
  );

/** What can go wrong with a webhook. */
export type WebhookFault = Where<'receipt' | 'inbound' | 'call-webhook'> &
  (
    | {
        /**
         * `lost`: never sent. `duplicate`: the same bytes and headers twice. `forged`: a signature of another key.
         * `hang-up`: the carrier closes the connection as soon as it has sent the request.
         */
        readonly kind: 'lost' | 'duplicate' | 'forged' | 'hang-up';
      }
    | { readonly kind: 'slow'; readonly delayMs: number }
  );

/** Something that goes wrong on purpose. */
export type CarrierFault = ReplyFault | WebhookFault;

/** The faults of one simulator. */
export type CarrierFaultPlan = FaultPlan<CarrierFault>;
