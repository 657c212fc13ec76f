import type { E164, Sender, ShortCode, TelephonyProvider } from '@openclaw/telephony-core';
import type { TelephonyStore } from '@openclaw/telephony-store';
import type { AccessControl } from './inbox/access.ts';
import type { CallRecord } from './calls/call-record.ts';
import type { CallRequest, PlacedCall, VoiceOptions } from './calls/calls.ts';
import type { SmsOptions } from './outbox/compose.ts';
import type { Delivery } from './delivery/deliveries.ts';
import type { InboundLimits } from './ingress/endpoint.ts';
import type { HealthReport } from './observe/health.ts';
import type { Logger } from './observe/logger.ts';
import type { MediaHost } from './media/media-host.ts';
import type { InboundMediaOptions } from './media/media-received.ts';
import type { MediaSource } from './media/media-source.ts';
import type { MessageHandler } from './inbox/message-handler.ts';
import type { Metrics, MetricsText } from './observe/metrics.ts';
import type { NodeHandler } from './ingress/node-handler.ts';
import type { NoticeTexts } from './consent/notices.ts';
import type { Failover, HandedSend } from './outbox/failover.ts';
import type { QueuedSend } from './outbox/outbox.ts';
import type { FailedSend } from './outbox/dispatch-options.ts';
import type { SegmentsPerSecond } from './outbox/pacing.ts';
import type { QuietHours } from './outbox/quiet-hours.ts';
import type { SendPurpose } from './outbox/recipients.ts';
import type { ResolvedUnknown, UnknownDecision } from './outbox/resolve-unknown.ts';
import type { ScheduledTexts } from './schedule/scheduled-texts.ts';
import type { SendProgress } from './outbox/send-progress.ts';
import type { WebhookSecurity } from './ingress/signed-url.ts';
import type { SpendLimits } from './outbox/spend.ts';

/** What `createTelephonyServer` takes. */
export interface TelephonyServerOptions {
  readonly provider: TelephonyProvider;
  /** Our number, or the pool that sends for us. */
  readonly sender: Sender;
  /** Numbers that texts may arrive on; default: the sender's own, or any when it is a pool. */
  readonly numbers?: readonly (E164 | ShortCode)[];
  /** Holds the inbox, the outbox and every ledger. The caller closes it, after the server. */
  readonly store: TelephonyStore;
  readonly access: AccessControl;
  readonly onMessage: MessageHandler;
  /** Keeps several servers on one store apart; default `default`. */
  readonly accountId?: string;
  /** Where the carrier reaches us: an origin, or the whole URL of the webhook. Without it, the Host header decides. */
  readonly publicUrl?: string;
  /** Default `/telephony/webhook`. */
  readonly path?: string;
  /** Default `/telephony/status`. */
  readonly statusPath?: string;
  readonly webhookSecurity?: WebhookSecurity;
  /** Conversations handled at once; default 50. */
  readonly maxConcurrentSessions?: number;
  /** Bounds of what comes in. */
  readonly limits?: InboundLimits;
  /** How long one run of `onMessage` may take, in milliseconds; default 30 minutes, `Infinity` for ever. */
  readonly handlerTimeoutMs?: number;
  readonly sms?: SmsOptions;
  /** Lets the number take and make calls; without it, every caller is declined. */
  readonly voice?: VoiceOptions;
  readonly outbound?: OutboundOptions;
  readonly texts?: NoticeTexts;
  /** Bounds of the files that `onMessage` may fetch with `context.media()`. */
  readonly inboundMedia?: InboundMediaOptions;
  /**
   * Serves files of this machine to the carrier, on the server's own handler; without it, media are sent by public URL
   * alone. The caller closes it, after the server.
   */
  readonly mediaHost?: MediaHost;
  /** Called at most once for each message that ended without arriving. */
  readonly onDeliveryFailed?: (delivery: Delivery) => void;
  /**
   * Called for each message that never left, because the carrier refused it or was out of reach for `outbound.tryForMs`, or
   * because its person said STOP while it waited; once more when somebody tries it again in vain.
   */
  readonly onSendFailed?: (failed: FailedSend) => void;
  readonly logger?: Logger;
  /** Where to count and measure; default: nowhere. */
  readonly metrics?: Metrics;
  /** Makes the text of `GET /metrics`, which is answered on this machine alone; without it nobody is answered. */
  readonly renderMetrics?: () => Promise<MetricsText>;
  readonly now?: () => Date;
  readonly random?: () => number;
}

/** Bounds of what is sent. */
export interface OutboundOptions extends SpendLimits {
  /** Whom agents may text beside those who were let in; `'*'`: everybody. When set, it binds operators too. */
  readonly allowTo?: readonly string[];
  /** For every sender, or for each kind; default: what carriers take from a sender of this kind. */
  readonly segmentsPerSecond?: SegmentsPerSecond;
  /** When what nobody asked for waits: sends of agents, and notices that answer no text. Default: never. */
  readonly quietHours?: QuietHours;
  /** How long a message is tried while the carrier is out of reach, in milliseconds; default 24 hours. */
  readonly tryForMs?: number;
  /** Another account of the same store that sends what this one's carrier does not take; default: none. */
  readonly failover?: Failover;
  /**
   * How many texts may be scheduled at once; default 10,000, 0 for none. Exact within one process; each other one that
   * schedules on the same store may add a quarter of what was free.
   */
  readonly maxScheduled?: number;
}

/** A send asked for by a person or a program, outside of any reply. */
export interface OutboundRequest {
  readonly to: E164 | ShortCode;
  readonly text?: string;
  readonly media?: readonly MediaSource[];
  /**
   * Default `agent`, which may text only those who were let in. So may `notice` and `reply` from outside of the server;
   * a `reply` answers a text that just came, and leaves in the quiet hours too, unless it has a `sendAt`.
   */
  readonly purpose?: SendPurpose;
  /** Sending the same id again sends nothing; default: a new one. */
  readonly id?: string;
  /** Instead of `sms.flattenMarkdown`. */
  readonly flattenMarkdown?: boolean;
  /**
   * Not before then, at most 366 days ahead; a moment that has passed is now. Who may be texted and what the text comes to
   * is checked at once; limits, words of consent and quiet hours hold when it is due.
   */
  readonly sendAt?: Date;
}

/** One phone number, running. */
export interface TelephonyServer {
  /** The carrier's name, as the provider has it. */
  readonly provider: string;
  /** Answers webhooks; give it to `http.createServer`, or call it from a route of your own. */
  readonly handler: NodeHandler;
  /**
   * Begins to work off inbox and outbox. Without it, both only take in. A process that has something to send and no
   * application starts with `inbox: false`, and leaves the texts that wait to one that has; with `scheduled: false`, it
   * leaves those alone too that were scheduled and are due.
   */
  start(parts?: { readonly inbox?: boolean; readonly scheduled?: boolean }): void;
  /**
   * Puts a send into the outbox, or into the schedule when it has a `sendAt` that is ahead. Durable when it resolves.
   *
   * @throws {TelephonyError} when it may not be sent
   */
  send(request: OutboundRequest): Promise<QueuedSend>;
  /**
   * Sends for another account, once for each id: see `outbound.failover`. Durable when it resolves.
   *
   * @throws {TelephonyError} `not-performed`, when it may not leave from here
   */
  takeOver(id: string, send: HandedSend): Promise<void>;
  /**
   * Calls somebody and reads a message to whoever picks up. The same id never dials twice.
   *
   * @throws {TelephonyError} when they may not be called, or what a call needs is not set; `outcome` tells whether the
   *   call may exist all the same
   */
  call(request: CallRequest): Promise<PlacedCall>;
  /** What is known here of a call of ours, by the id that `call` returned or by the carrier's. */
  callRecord(id: string): Promise<CallRecord | undefined>;
  /** How far a send of ours has come; `undefined` until it begins. */
  sendProgress(id: string): Promise<SendProgress | undefined>;
  /** The texts that are to leave later. */
  readonly scheduled: ScheduledTexts;
  /** What is known here of a message at the carrier. */
  delivery(messageId: string): Promise<Delivery | undefined>;
  /**
   * The same, after asking the carrier about a message whose end is not known here.
   *
   * @throws {TelephonyError} when the carrier does not answer and nothing is known here
   */
  refreshDelivery(messageId: string): Promise<Delivery | undefined>;
  /**
   * The same, and the carrier is asked only when nothing was heard of the message for a minute.
   *
   * @throws {TelephonyError} when the carrier does not answer and nothing is known here
   */
  getStatus(messageId: string): Promise<Delivery | undefined>;
  /**
   * Carries out what a person decided of the messages of a send that ended as `unknown`: it did leave, or it is to be
   * sent again, which may make the recipient get it twice. `openAccountView` lists them.
   *
   * @throws {TelephonyError} `limit_reached` when sending again would cost too much
   */
  resolveUnknown(sendId: string, decision: UnknownDecision): Promise<ResolvedUnknown>;
  /** Resolves when nothing can be done now. */
  idle(): Promise<void>;
  /**
   * Finishes what is under way, lets the last answers leave, for 5 seconds at most, and resolves. Webhooks that still come are
   * asked to come again; what waits, waits for the next start. After `graceMs`, runs of `onMessage` that have not ended are given up: their signal is aborted, and their
   * texts wait for the next start too; so do texts whose access decision has not come. Without it, a run may take its
   * `handlerTimeoutMs`, and a decision a minute.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
  /** What `GET /health?deep=1` tells. Never rejects. */
  health(): Promise<HealthReport>;
  /**
   * Sets the gauges of the queues, as `GET /metrics` does before it renders.
   *
   * @throws {StoreError} when the store does not answer
   */
  measure(): Promise<void>;
}
