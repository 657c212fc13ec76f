import type { SimCall } from './call.ts';
import type { CdnRequest } from './context.ts';
import type { FarEnd, magicFarEnds } from './far-end.ts';
import type { CarrierFaultPlan } from './fault-kinds.ts';
import type { InboundCall, NextCallOptions } from './inbound-call.ts';
import type { InboundDelivery, InboundText } from './inbound-text.ts';
import type { ReceiptDelivery, SimMessage } from './message.ts';
import type { AutoReply, OptOutPair } from './opt-out.ts';
import type { NumberChange, NumberOptions } from './options.ts';
import type { WebhookAttempt, WebhookMessage } from './webhook-request.ts';

/** Which message {@link CarrierSim.nextMessage} waits for. */
export interface NextMessageOptions {
  readonly to?: string;
  /** A part of the text, or a pattern for it. */
  readonly matching?: string | RegExp;
  /** Default 5,000. */
  readonly timeoutMs?: number;
}

/** A recipient for which sending ends badly, and what the carrier says then. */
export interface MagicNumber {
  readonly number: string;
  /** The last status, in the carrier's words. */
  readonly status: string;
  readonly errorCode: number;
}

/** Recipients that decide what becomes of a message; the same numbers on every carrier but for the last digits. */
export interface MagicNumbers {
  /** Refused at once: no telephone number. */
  readonly invalid: string;
  /** Has opted out. Twilio and Telnyx refuse at once, Plivo accepts and reports a failure. */
  readonly optedOut: string;
  /** Switched off. */
  readonly unreachable: MagicNumber;
  /** The message is taken for spam. */
  readonly filtered: MagicNumber;
  /** No receipt from the handset ever comes. */
  readonly silent: string;
  /** Who does not answer a call as a person does. */
  readonly calls: typeof magicFarEnds;
}

/** Where one carrier's simulator says more than the others. */
export interface SimTypes {
  readonly message: SimMessage;
  readonly call: SimCall;
  readonly number: NumberOptions;
  readonly change: NumberChange;
  readonly text: InboundText;
  readonly delivery: InboundDelivery;
}

/**
 * A simulated account of any carrier that listens on the loopback until it is closed.
 *
 * All three simulators have this surface; what one of them has beyond it is in its own type.
 */
export interface CarrierSim<Types extends SimTypes = SimTypes> {
  /** Which carrier is simulated. */
  readonly carrier: 'twilio' | 'telnyx' | 'plivo';
  /** Origin of the REST API, as in `http://127.0.0.1:49152`: what goes where the carrier's own origin was. */
  readonly url: string;
  /** The same as {@link CarrierSim.url}, under the name that providers give to it. */
  readonly baseUrl: string;
  /** The second origin, from which inbound media are downloaded in the end. */
  readonly cdnUrl: string;
  /** The account's numbers with the webhooks set on them now. */
  readonly numbers: readonly Types['number'][];
  /** What the application sent and the carrier accepted, oldest first. */
  readonly messages: readonly Types['message'][];
  /** Every call of the account, placed by the application or come in, oldest first. */
  readonly calls: readonly Types['call'][];
  /** The carrier's own answers to opt-out keywords. */
  readonly autoReplies: readonly AutoReply[];
  /** Who does not want messages from whom. */
  readonly optOuts: readonly OptOutPair[];
  /** What reached the second origin: it must never see credentials. */
  readonly cdnRequests: readonly CdnRequest[];
  /** What goes wrong on purpose. */
  readonly faults: CarrierFaultPlan;
  /** Recipients that decide what becomes of a message. */
  readonly magicNumbers: MagicNumbers;
  /** The carrier's words for the status of a message. */
  readonly statuses: readonly Types['message']['status'][];

  /**
   * Sets webhooks on a number; what is not given stays as it is.
   *
   * @throws {RangeError} when the account has no such number
   */
  setNumber(number: string, change: Types['change']): void;
  /**
   * Sends a text to one of our numbers, and resolves once its webhook has ended, retries included.
   *
   * @throws {RangeError} when the account has no such number, or the text is empty
   */
  text(text: Types['text']): Promise<Types['delivery']>;
  /**
   * The signed webhook of a text that nobody has sent yet; for {@link CarrierSim.forge} and {@link CarrierSim.post}. The
   * carrier does not know this text: it acts on no keyword, and has no media of it.
   *
   * @throws {RangeError} when the account has no such number, the number has no webhook, or the text is empty
   */
  draft(text: Types['text']): WebhookMessage;
  /**
   * Posts the webhook of a delivery again: the same bytes, the same headers.
   *
   * @throws {RangeError} when the delivery had no webhook
   */
  redeliver(delivery: Pick<InboundDelivery, 'request'>): Promise<WebhookAttempt>;
  /**
   * The webhook of a delivery with one byte of the body changed and the signature kept; for {@link CarrierSim.post}.
   *
   * @throws {RangeError} when the delivery had no webhook, or none with a body
   */
  forge(delivery: Pick<InboundDelivery, 'request'>): WebhookMessage;
  /** Sends a request as it is, once. */
  post(message: WebhookMessage): Promise<WebhookAttempt>;
  /**
   * Signs any fields as a webhook of this account, in the carrier's format; for {@link CarrierSim.post}.
   *
   * @throws {WebhookVerificationError} for a URL that cannot be signed
   */
  sign(url: string, fields: Readonly<Record<string, string>>): WebhookMessage;
  /**
   * The oldest accepted message that fits and that no earlier call returned, or the next one to come.
   *
   * @throws {Error} when none came in time, or the simulator was closed or reset
   */
  nextMessage(options?: NextMessageOptions): Promise<Types['message']>;
  /**
   * Sets a message's status and posts the status callback, whatever the order of receipts.
   *
   * @returns undefined when the message asked for no status callbacks
   * @throws {RangeError} when there is no such message, or the carrier has no such status
   */
  receipt(
    id: string,
    status: Types['message']['status'],
    options?: { readonly errorCode?: number },
  ): Promise<ReceiptDelivery<Types['message']['status']> | undefined>;
  /**
   * Calls one of our numbers, and resolves once the call has ended and its last webhook is through.
   *
   * @throws {RangeError} when the account has no such number
   */
  callIn(call: InboundCall): Promise<Types['call']>;
  /**
   * The oldest call that fits, has come so far, and was not returned for this state before, or the next one to come so
   * far. One that has ended is returned once its last webhook is through.
   *
   * @throws {Error} when none came in time, or the simulator was closed or reset
   */
  nextCall(options?: NextCallOptions): Promise<Types['call']>;
  /**
   * The person on the telephone hangs up: declines a call that rings, gives up one of their own that was not answered.
   * Resolves once the last webhook of the call is through.
   *
   * @throws {RangeError} when there is no such call
   */
  hangUp(id: string): Promise<Types['call']>;
  /** How the telephone with this number behaves, for calls in both directions that begin from now on. */
  setFarEnd(number: string, farEnd: FarEnd): void;
  /**
   * Resolves once all messages and calls are at their end and all webhooks have ended.
   *
   * @throws {AggregateError} when the simulator itself failed in the background
   */
  settled(): Promise<void>;
  /** Forgets messages, calls, far ends, faults, opt-outs and records; what is under way is aborted. Numbers keep their webhooks. */
  reset(): Promise<void>;
  /** Stops listening. Webhooks on the wire may finish for `closeGraceMs`; nothing new starts. */
  close(): Promise<void>;
}
