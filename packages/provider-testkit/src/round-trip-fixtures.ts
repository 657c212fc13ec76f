import type {
  HttpTransport,
  TelephonyErrorCode,
  TelephonyProvider,
} from '@openclaw/telephony-core';
import type { Never } from './fixtures.ts';

/** A signed webhook as it went over the wire. */
export interface SentWebhook {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** A text that a {@link LoopbackCarrier} delivered to us. */
export interface LoopbackDelivery {
  /** The carrier's id of the text. */
  readonly id: string;
  readonly request: SentWebhook | undefined;
  /** True when we answered its webhook with 2xx. */
  readonly acknowledged: boolean;
}

/** What goes wrong with the next request that sends. */
export type LineFault = { readonly on: 'send'; readonly times?: number } & (
  | { readonly kind: 'status-500' | 'html'; readonly afterAccept?: boolean }
  | { readonly kind: 'status-429'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'error'; readonly code: number }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | {
      readonly kind: 'drop-before-accept' | 'drop-after-accept' | 'cut-off-json' | 'cut-off-reply';
    }
);

/**
 * A carrier that listens on this machine and really speaks HTTP: it answers requests, and signs and posts webhooks. The
 * simulators of `@openclaw/carrier-sim` are such carriers.
 */
export interface LoopbackCarrier {
  /** What goes where the carrier's own origin was. */
  readonly baseUrl: string;
  /** What it accepted, oldest first. */
  readonly messages: readonly {
    readonly id: string;
    readonly from: string | undefined;
    readonly to: string;
    readonly body: string;
  }[];
  /** What reached the host to which downloads of media are redirected. */
  readonly cdnRequests: readonly unknown[];
  readonly faults: { add(fault: LineFault): void };
  /** Sets where texts to one of our numbers are posted. */
  setNumber(number: string, change: { readonly messageUrl: string }): void;
  /** Somebody sends us a text; resolves once its webhook has ended. */
  text(text: {
    readonly from: string;
    readonly to: string;
    readonly text?: string;
    readonly media?: readonly { readonly contentType: string; readonly bytes: Uint8Array }[];
  }): Promise<LoopbackDelivery>;
  /** Posts the webhook of a delivery again. */
  redeliver(delivery: Pick<LoopbackDelivery, 'request'>): Promise<unknown>;
  /** The webhook of a delivery with one byte of its body changed. */
  forge(delivery: Pick<LoopbackDelivery, 'request'>): SentWebhook;
  /** Sends a request as it is; resolves with the status of the answer. */
  post(webhook: SentWebhook): Promise<{ readonly status?: number | undefined }>;
  /** Resolves once all messages are at their end and all webhooks have ended. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** How a provider is made for one round trip. */
export interface RoundTripOptions {
  readonly baseUrl: string;
  /** Left out unless the scenario needs one of its own. */
  readonly transport?: HttpTransport;
  /** True where the carrier must not believe the credentials. */
  readonly hasWrongCredentials?: boolean;
}

/** A carrier and a provider that speak to each other. */
export interface RoundTripEnds<
  Provider extends TelephonyProvider = TelephonyProvider,
  Carrier extends LoopbackCarrier = LoopbackCarrier,
> {
  /** Starts a carrier that knows `contractValues.ownNumber` as ours. It is closed after the scenario. */
  readonly startCarrier: () => Promise<Carrier>;
  readonly createProvider: (options: RoundTripOptions) => Provider;
  /** The clock by which webhooks are received; default: the real one. */
  readonly now?: () => Date;
}

/** The ends of a round trip, and what this carrier does that another one would do in other words. */
export interface RoundTripContract<
  Provider extends TelephonyProvider = TelephonyProvider,
  Carrier extends LoopbackCarrier = LoopbackCarrier,
> extends RoundTripEnds<Provider, Carrier> {
  /** None may reach the host from which media are downloaded in the end. */
  readonly secrets: readonly string[];
  /** Recipients to whom a message is accepted and does not come through. */
  readonly undeliverable?: readonly {
    readonly to: string;
    readonly status: 'failed' | 'undelivered';
    readonly carrierErrorCode: string;
  }[];
  /** Recipients that the carrier refuses at once. */
  readonly refused?: readonly {
    readonly to: string;
    readonly code: TelephonyErrorCode;
    /** Left out where the carrier's answers have no number. */
    readonly providerCode?: string;
  }[];
  /** The error's `providerCode` for wrong credentials, where there is one. */
  readonly wrongCredentials?: { readonly providerCode?: string };
  /** One of the carrier's own error numbers, as a {@link LineFault} gives it, and its name in the contract. */
  readonly error?: { readonly number: number; readonly code: TelephonyErrorCode };
  /** Expected of a number that is not ours: `sender_not_allowed`. */
  readonly foreignSender?: { readonly from: string } | Never;
  /** Expected of a message to somebody who wrote STOP: `recipient_opted_out`. */
  readonly afterStop?: 'refused' | Never;
  /** The path of a file of an inbound message on the carrier's own host; the host is one on this machine. */
  readonly media?: {
    readonly path: string;
    /** The Authorization header that the own host must see; left out where every file is public. */
    readonly authorization?: string;
  };
}
