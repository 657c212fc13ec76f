import { randomUUID } from 'node:crypto';
import {
  type E164,
  type MessagingCapabilities,
  type Sender,
  type ShortCode,
  TelephonyError,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import type { Runner, TelephonyStore } from '@openclaw/telephony-store';
import type { AccessControl } from './access.ts';
import { createAdmission } from './admission.ts';
import type { SmsOptions } from './compose.ts';
import { createConsentLedger } from './consent.ts';
import { createDeliveryTracker, type Delivery } from './deliveries.ts';
import { createInboxDispatch, type MessageHandler } from './inbox-dispatch.ts';
import { parseInboxItem } from './inbox-item.ts';
import { createIngress } from './ingress.ts';
import { type Logger, reasonOf, silentLogger } from './logger.ts';
import { createNodeHandler, type NodeHandler } from './node-handler.ts';
import type { NoticeTexts } from './notices.ts';
import { createOutbox, type QueuedSend } from './outbox.ts';
import { createOutboxDispatch } from './outbox-dispatch.ts';
import { parseOutboxItem, senderKey } from './outbox-item.ts';
import { createPacer, defaultSegmentsPerSecond } from './pacing.ts';
import { createRecipientPolicy, type SendPurpose } from './recipients.ts';
import { createRouter } from './routes.ts';
import { createSendLedger, type SendProgress } from './send-progress.ts';
import { createSignedUrl, isProxy, type WebhookSecurity } from './signed-url.ts';
import { createSpendLedger, type SpendLimits } from './spend.ts';

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
  /** Called once for each message that ended without arriving. */
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
  /** Begins to work off inbox and outbox. Without it, both only take in. */
  start(): void;
  /**
   * Puts a send into the outbox. Durable when it resolves.
   *
   * @throws {TelephonyError} when it may not be sent
   */
  send(request: OutboundRequest): Promise<QueuedSend>;
  /** How far a send of ours has come. */
  sendProgress(id: string): Promise<SendProgress | undefined>;
  /** What is known of a message at the carrier. */
  delivery(messageId: string): Promise<Delivery | undefined>;
  /** Resolves when nothing can be done now. */
  idle(): Promise<void>;
  /** Takes nothing new, finishes what is under way, and resolves. */
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

  const { keyValue } = store;
  const inbox = store.queue(`inbox:${accountId}`, {
    parse: parseInboxItem,
    onFailure: ({ id, attempt, next, error }) =>
      logger.error({ inboxId: id, attempt, next, reason: reasonOf(error) }, 'handling failed'),
  });
  const outboxQueue = store.queue(`outbox:${accountId}`, { parse: parseOutboxItem });
  const consent = createConsentLedger({ keyValue });
  const sends = createSendLedger({ keyValue, now });
  const deliveries = createDeliveryTracker({
    keyValue,
    now,
    ...(options.onDeliveryFailed ? { onFailed: options.onDeliveryFailed } : {}),
  });
  const outbox = createOutbox({
    messaging,
    sender,
    queue: outboxQueue,
    recipients: createRecipientPolicy({
      access,
      ...(outbound.allowTo ? { allowTo: outbound.allowTo } : {}),
    }),
    consent,
    spend: createSpendLedger({ keyValue, now, limits: outbound }),
    sends,
    ...(options.sms ? { sms: options.sms } : {}),
  });

  const closing = new AbortController();
  const statusUrl = statusUrlOf(options.publicUrl, statusPath, messaging.capabilities);
  const dispatchSend = createOutboxDispatch({
    messaging,
    sends,
    deliveries,
    consent,
    pacer: createPacer({
      segmentsPerSecond: outbound.segmentsPerSecond ?? defaultSegmentsPerSecond(sender),
      now,
    }),
    logger,
    now,
    random,
    closing: closing.signal,
    ...(statusUrl ? { statusUrl } : {}),
  });
  const dispatchItem = createInboxDispatch({
    ours: senderKey(sender),
    isOurs: ownNumbers(sender, options.numbers),
    access,
    consent,
    deliveries,
    sends,
    outbox,
    logger,
    onMessage: options.onMessage,
    answersOptOut: messaging.capabilities.optOut === 'application',
    ...(options.texts ? { texts: options.texts } : {}),
  });

  let runners: readonly Runner[] = [];
  return {
    handler: createNodeHandler({
      findRoute: createRouter({ path, statusPath }),
      admission: createAdmission({
        requiredHeaders: provider.webhooks.requiredHeaders,
        isProxy: isProxy(options.webhookSecurity),
      }),
      ingress: createIngress({ webhooks: provider.webhooks, inbox, logger }),
      signedUrl: createSignedUrl({
        path,
        statusPath,
        ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
        ...(options.webhookSecurity ? { security: options.webhookSecurity } : {}),
      }),
      now,
      logger,
    }),
    start() {
      if (runners.length > 0 || closing.signal.aborted) return;
      const concurrency = options.maxConcurrentSessions ?? 50;
      runners = [
        inbox.run(dispatchItem, { concurrency }),
        outboxQueue.run(dispatchSend, { concurrency }),
      ];
    },
    send: ({ purpose = 'agent', id = randomUUID(), ...request }) =>
      outbox.send({ ...request, id, purpose }),
    sendProgress: (id) => sends.get(id),
    delivery: (messageId) => deliveries.get(messageId),
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
