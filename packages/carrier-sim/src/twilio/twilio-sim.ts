import type { WebhookAttempt, WebhookMessage } from '../carrier/webhook-request.ts';
import type { Alert } from './alert.ts';
import type { CdnRequest } from './context.ts';
import type { TwilioFaultPlan } from './faults.ts';
import type { InboundDelivery } from './inbound.ts';
import type { InboundText } from './inbound-record.ts';
import type { ReceiptDelivery, SimMessage, TwilioMessageStatus } from './message.ts';
import type { NumberRecord } from './numbers.ts';
import type { AutoReply, OptOutPair } from './opt-out.ts';
import type { TwilioNumberChange } from './options.ts';

/** Which message {@link TwilioSim.nextMessage} waits for. */
export interface NextMessageOptions {
  readonly to?: string;
  /** A part of the text, or a pattern for it. */
  readonly matching?: string | RegExp;
  /** Default 5,000. */
  readonly timeoutMs?: number;
}

/** A simulated Twilio account that listens on the loopback until it is closed. */
export interface TwilioSim {
  /** Origin of the REST API, as in `http://127.0.0.1:49152`: what goes where `https://api.twilio.com` was. */
  readonly url: string;
  /** The same as {@link TwilioSim.url}, under the name that providers give to it. */
  readonly baseUrl: string;
  /** The second origin, to which downloads of inbound media are sent on. */
  readonly cdnUrl: string;
  /** The account's numbers with the webhooks set on them now. */
  readonly numbers: readonly NumberRecord[];
  /** What the application sent and the carrier accepted, oldest first. */
  readonly messages: readonly SimMessage[];
  /** The carrier's own answers to opt-out keywords. */
  readonly autoReplies: readonly AutoReply[];
  /** Who does not want messages from whom. */
  readonly optOuts: readonly OptOutPair[];
  /** What the carrier would complain about in its debugger. */
  readonly alerts: readonly Alert[];
  /** What reached the second origin: it must never see credentials. */
  readonly cdnRequests: readonly CdnRequest[];
  /** What goes wrong on purpose. */
  readonly faults: TwilioFaultPlan;

  /**
   * Sets webhooks on a number; what is not given stays as it is.
   *
   * @throws {RangeError} when the account has no such number
   */
  setNumber(number: string, change: TwilioNumberChange): void;
  /**
   * Sends a text to one of our numbers, and resolves once its webhook has ended.
   *
   * @throws {RangeError} when the account has no such number, or the text is empty
   */
  text(text: InboundText): Promise<InboundDelivery>;
  /**
   * Posts the webhook of a delivery again: the same bytes, the same headers.
   *
   * @throws {RangeError} when the delivery had no webhook
   */
  redeliver(delivery: Pick<InboundDelivery, 'request'>): Promise<WebhookAttempt>;
  /**
   * The webhook of a delivery with one byte of the body changed and the signature kept; for {@link TwilioSim.post}.
   *
   * @throws {RangeError} when the delivery had no webhook, or none with a body
   */
  forge(delivery: Pick<InboundDelivery, 'request'>): WebhookMessage;
  /** Sends a request as it is, once. */
  post(message: WebhookMessage): Promise<WebhookAttempt>;
  /**
   * Signs a form as a webhook of this account; for {@link TwilioSim.post}.
   *
   * @throws {WebhookVerificationError} for a URL that cannot be signed
   */
  sign(url: string, parameters: Readonly<Record<string, string>>): WebhookMessage;
  /**
   * The oldest accepted message that fits and that no earlier call returned, or the next one to come.
   *
   * @throws {Error} when none came in time, or the simulator was closed or reset
   */
  nextMessage(options?: NextMessageOptions): Promise<SimMessage>;
  /**
   * Sets a message's status and posts the status callback, whatever the order of receipts.
   *
   * @returns undefined when the message asked for no status callbacks
   * @throws {RangeError} when there is no such message
   */
  receipt(
    sid: string,
    status: TwilioMessageStatus,
    options?: { readonly errorCode?: number },
  ): Promise<ReceiptDelivery | undefined>;
  /**
   * Resolves once all messages are at their end and all webhooks have ended.
   *
   * @throws {AggregateError} when the simulator itself failed in the background
   */
  settled(): Promise<void>;
  /** Forgets messages, faults, opt-outs and records; what is under way is aborted. Numbers keep their webhooks. */
  reset(): Promise<void>;
  /** Stops listening. Webhooks on the wire may finish for `closeGraceMs`; nothing new starts. */
  close(): Promise<void>;
}
