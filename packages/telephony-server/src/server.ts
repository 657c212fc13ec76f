import { randomUUID } from 'node:crypto';
import {
  type E164,
  type MessagingCapabilities,
  type Sender,
  type ShortCode,
  TelephonyError,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import type { JobFailure, Runner, TelephonyStore } from '@openclaw/telephony-store';
import type { AccessControl } from './access.ts';
import { createAdmission } from './admission.ts';
import type { SmsOptions } from './compose.ts';
import { createInboxDispatch, type MessageHandler } from './inbox-dispatch.ts';
import { parseSignalItem, parseTextItem } from './inbox-item.ts';
import { createIngress } from './ingress.ts';
import { openLedgers } from './ledgers.ts';
import { type Logger, reasonOf, silentLogger } from './logger.ts';
import { createNodeHandler, type NodeHandler } from './node-handler.ts';
import { createNotices, type NoticeTexts } from './notices.ts';
import { createOutbox, type QueuedSend } from './outbox.ts';
import { createOutboxDispatch } from './outbox-dispatch.ts';
import { createConfirmation } from './confirmation.ts';
import type { Delivery } from './deliveries.ts';
import { parseOutboxItem } from './outbox-item.ts';
import { createPacer, defaultSegmentsPerSecond } from './pacing.ts';
import { createRecipientPolicy, type SendPurpose } from './recipients.ts';
import { refreshDelivery } from './refresh-delivery.ts';
import { createRouter } from './routes.ts';
import type { SendProgress } from './send-progress.ts';
import { createSignalDispatch } from './signal-dispatch.ts';
import { createSignedUrl, isProxy, type WebhookSecurity } from './signed-url.ts';

import type { SpendLimits } from './spend.ts';

/** What {@link createTelephonyServer} takes. */
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
  readonly sms?: SmsOptions;
  readonly outbound?: OutboundOptions;
  readonly texts?: NoticeTexts;
  /** Called at most once for each message that ended without arriving. */
  readonly onDeliveryFailed?: (delivery: Delivery) => void;
  readonly logger?: Logger;
  readonly now?: () => Date;
  readonly random?: () => number;
}

/** Bounds of what is sent. */
export interface OutboundOptions extends SpendLimits {
  /** Whom agents may text beside those who were let in; `'*'`: everybody. When set, it binds operators too. */
  readonly allowTo?: readonly string[];
  /** Default: what carriers take from a sender of this kind. */
  readonly segmentsPerSecond?: number;
}

/** A send asked for by a person or a program, outside of any reply. */
export interface OutboundRequest {
  readonly to: E164 | ShortCode;
  readonly text?: string;
  readonly media?: readonly URL[];
  /** Default `agent`, which may text only those who were let in. */
  readonly purpose?: Exclude<SendPurpose, 'reply'>;
  /** Sending the same id again sends nothing; default: a new one. */
  readonly id?: string;
}

/** One phone number, running. */
export interface TelephonyServer {
  /** Answers webhooks; give it to `http.createServer`, or call it from a route of your own. */
  readonly handler: NodeHandler;
  /**
   * Begins to work off inbox and outbox. Without it, both only take in. A process that has something to send and no
   * application starts with `inbox: false`, and leaves the texts that wait to one that has.
   */
  start(parts?: { readonly inbox?: boolean }): void;
  /**
   * Puts a send into the outbox. Durable when it resolves.
   *
   * @throws {TelephonyError} when it may not be sent
   */
  send(request: OutboundRequest): Promise<QueuedSend>;
  /** How far a send of ours has come; `undefined` until it begins. */
  sendProgress(id: string): Promise<SendProgress | undefined>;
  /** What is known here of a message at the carrier. */
  delivery(messageId: string): Promise<Delivery | undefined>;
  /**
   * The same, after asking the carrier about a message whose end is not known here.
   *
   * @throws {TelephonyError} when the carrier does not answer and nothing is known here
   */
  refreshDelivery(messageId: string): Promise<Delivery | undefined>;
  /** Resolves when nothing can be done now. */
  idle(): Promise<void>;
  /**
   * Finishes what is under way, and resolves. Webhooks that still come are asked to come again; what waits, waits for the
   * next start. A handler that never ends keeps it waiting.
   */
  close(): Promise<void>;
}

/**
 * Runs a phone number: webhooks are verified, stored and then acknowledged; texts go through consent and access to
 * `onMessage`; answers leave through a durable outbox.
 *
 * @throws {TelephonyError} `unsupported` when the provider cannot send texts
 * @example
 * const server = createTelephonyServer({ provider, sender, store, access, onMessage: (m, reply) => reply(m.text) });
 * server.start();
 * createServer(server.handler).listen(3335);
 */
export function createTelephonyServer(options: TelephonyServerOptions): TelephonyServer {
  const { provider, sender, store, access, outbound = {}, logger = silentLogger } = options;
  const { accountId = 'default', now = () => new Date(), random = Math.random } = options;
  const { path = '/telephony/webhook', statusPath = '/telephony/status' } = options;
  const { messaging } = provider;
  if (messaging === undefined) {
    throw new TelephonyError('unsupported', `${provider.id} cannot send texts`, {
      provider: provider.id,
      outcome: 'not-performed',
    });
  }

  const ledgers = openLedgers({
    store,
    accountId,
    limits: outbound,
    logger,
    now,
    ...(options.onDeliveryFailed ? { onDeliveryFailed: options.onDeliveryFailed } : {}),
  });
  const { consent, sends, deliveries } = ledgers;
  const onFailure = ({ id, attempt, next, error }: JobFailure): void =>
    logger.error({ jobId: id, attempt, next, reason: reasonOf(error) }, 'handling failed');
  const texts = store.queue(`texts:${accountId}`, { parse: parseTextItem, onFailure });
  const signals = store.queue(`signals:${accountId}`, { parse: parseSignalItem, onFailure });
  const queue = store.queue(`outbox:${accountId}`, { parse: parseOutboxItem, onFailure });

  const recipients = createRecipientPolicy({
    access,
    ...(outbound.allowTo ? { allowTo: outbound.allowTo } : {}),
  });
  const outbox = createOutbox({
    ...ledgers,
    messaging,
    sender,
    queue,
    recipients,
    ...(options.sms ? { sms: options.sms } : {}),
  });
  const notices = createNotices({
    outbox,
    consent,
    now,
    answersOptOut: messaging.capabilities.optOut === 'application',
    ...(options.texts ? { texts: options.texts } : {}),
  });

  const closing = new AbortController();
  const statusUrl = statusUrlOf(options.publicUrl, statusPath, messaging.capabilities);
  const confirm = createConfirmation(messaging);
  const handleText = createInboxDispatch({
    confirm,
    isOurs: ownNumbers(sender, options.numbers),
    access,
    consent,
    notices,
    outbox,
    logger,
    onMessage: options.onMessage,
  });
  const handleSignal = createSignalDispatch({ confirm, deliveries, sends, notices, logger });
  const handleSend = createOutboxDispatch({
    ...ledgers,
    messaging,
    pacer: createPacer({
      segmentsPerSecond: outbound.segmentsPerSecond ?? defaultSegmentsPerSecond(sender),
      now,
    }),
    logger,
    random,
    closing: closing.signal,
    ...(statusUrl ? { statusUrl } : {}),
  });

  let runners: readonly Runner[] = [];
  return {
    handler: createNodeHandler({
      findRoute: createRouter({ path, statusPath }),
      admission: createAdmission({
        requiredHeaders: provider.webhooks.requiredHeaders,
        isProxy: isProxy(options.webhookSecurity),
      }),
      ingress: createIngress({ webhooks: provider.webhooks, texts, signals, logger }),
      signedUrl: createSignedUrl({
        ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
        ...(options.webhookSecurity ? { security: options.webhookSecurity } : {}),
      }),
      closing: closing.signal,
      now,
      logger,
    }),
    start({ inbox = true } = {}) {
      if (runners.length > 0 || closing.signal.aborted) return;
      const concurrency = options.maxConcurrentSessions ?? 50;
      const sending = queue.run(handleSend, { concurrency });
      // Signals have runners of their own: a STOP must not wait for fifty applications that think.
      runners = inbox
        ? [
            signals.run(handleSignal, { concurrency: signalConcurrency }),
            texts.run(handleText, { concurrency }),
            sending,
          ]
        : [sending];
    },
    send: ({ purpose = 'agent', id = randomUUID(), ...request }) =>
      outbox.send({ ...request, id, purpose }),
    sendProgress: (id) => sends.get(id),
    delivery: (messageId) => deliveries.get(messageId),
    refreshDelivery: (messageId) => refreshDelivery(messageId, { messaging, deliveries, logger }),
    async idle() {
      // In this order: what the inbox does fills the outbox.
      for (const runner of runners) await runner.idle();
    },
    async close() {
      closing.abort();
      await Promise.all(runners.map((runner) => runner.close()));
    },
  };
}

const signalConcurrency = 8;

/** Where the carrier reports to. Without a public URL there is no address that it could reach. */
function statusUrlOf(
  publicUrl: string | undefined,
  statusPath: string,
  { deliveryReceipts }: MessagingCapabilities,
): URL | undefined {
  return publicUrl === undefined || deliveryReceipts !== 'per-message-url'
    ? undefined
    : new URL(statusPath, publicUrl);
}

function ownNumbers(
  sender: Sender,
  numbers: TelephonyServerOptions['numbers'],
): (address: string) => boolean {
  if (numbers !== undefined) return (address) => numbers.some((number) => number === address);
  return sender.kind === 'pool' ? () => true : (address) => address === sender.address;
}
