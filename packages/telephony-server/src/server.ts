import { randomUUID } from 'node:crypto';
import { type MessagingCapabilities, type Sender, TelephonyError } from '@openclaw/telephony-core';
import type { JobFailure, Runner } from '@openclaw/telephony-store';
import { accountRecords } from './account-records.ts';
import { createCallLedger } from './call-record.ts';
import { createCalls, type VoiceOptions } from './calls.ts';
import { createInboxDispatch } from './inbox-dispatch.ts';
import { parseSignalItem, parseTextItem } from './inbox-item.ts';
import { createDispatchLimits } from './dispatch-limits.ts';
import { createEndpoint } from './endpoint.ts';
import { createHandlerRuns } from './handler-runs.ts';
import { createHealth } from './health.ts';
import { openLedgers } from './ledgers.ts';
import { type LogFields, reasonOf, silentLogger } from './logger.ts';
import { correlationIdOf } from './correlation.ts';
import { createServerMedia } from './media.ts';
import { labelled, silentMetrics } from './metrics.ts';
import { createNotices } from './notices.ts';
import { createOutbox } from './outbox.ts';
import { createOutboxDispatch } from './outbox-dispatch.ts';
import { createConfirmation } from './confirmation.ts';
import { errorVocabulary } from './deliveries.ts';
import { createDeliveryCheck, parseDeliveryCheck, planDeliveryCheck } from './delivery-check.ts';
import { parseOutboxItem } from './outbox-item.ts';
import { createPacer, segmentsPerSecondOf } from './pacing.ts';
import { createQuietHours } from './quiet-hours.ts';
import { createRecipientPolicy } from './recipients.ts';
import type { TelephonyServer, TelephonyServerOptions } from './server-types.ts';
import { createSpendLedger, type SpendLimits } from './spend.ts';
import { createRefreshDelivery } from './refresh-delivery.ts';
import { recordingTexts } from './record-text.ts';
import { resolveUnknown } from './resolve-unknown.ts';
import { createSignalDispatch } from './signal-dispatch.ts';

/**
 * Runs a phone number: webhooks are verified, stored and then acknowledged; texts go through consent and access to
 * `onMessage`; answers leave through a durable outbox.
 *
 * @throws {TelephonyError} `unsupported` when the provider cannot send texts
 * @throws {RangeError} for quiet hours, a speed or a length that make no sense
 * @example
 * const server = createTelephonyServer({ provider, sender, store, access, onMessage: (m, reply) => reply(m.text) });
 * server.start();
 * createServer(server.handler).listen(3335);
 */
export function createTelephonyServer(options: TelephonyServerOptions): TelephonyServer {
  const { provider, sender, store, access, outbound = {}, logger = silentLogger } = options;
  const {
    limits = {},
    accountId = 'default',
    now = () => new Date(),
    random = Math.random,
  } = options;
  const { path = '/telephony/webhook', statusPath = '/telephony/status' } = options;
  const { messaging } = provider;
  if (messaging === undefined) {
    throw new TelephonyError('unsupported', `${provider.id} cannot send texts`, {
      provider: provider.id,
      outcome: 'not-performed',
    });
  }

  const metrics = labelled(options.metrics ?? silentMetrics, { account: accountId });
  const media = createServerMedia({
    messaging,
    keyValue: accountRecords(store.keyValue, accountId),
    host: options.mediaHost,
    inbound: options.inboundMedia,
    paths: [path, statusPath],
    logger,
  });
  const onFailure = ({ id, attempt, next, error }: JobFailure, about: LogFields = {}): void =>
    logger.error(
      { ...about, jobId: id, attempt, next, reason: reasonOf(error) },
      'handling failed',
    );
  const onTextFailure = (failure: JobFailure): void =>
    onFailure(failure, { correlationId: correlationIdOf(failure.id) });
  const texts = store.queue(`texts:${accountId}`, {
    parse: parseTextItem,
    onFailure: onTextFailure,
  });
  const signals = store.queue(`signals:${accountId}`, { parse: parseSignalItem, onFailure });
  const queue = store.queue(`outbox:${accountId}`, { parse: parseOutboxItem, onFailure });
  const checks = store.queue(`checks:${accountId}`, { parse: parseDeliveryCheck, onFailure });
  const ledgers = openLedgers({
    store,
    accountId,
    limits: outbound,
    queue,
    ...errorVocabulary(messaging),
    metrics,
    logger,
    now,
    ...(options.onDeliveryFailed ? { onDeliveryFailed: options.onDeliveryFailed } : {}),
  });
  const { consent, sends, deliveries } = ledgers;
  const refresh = createRefreshDelivery({ messaging, deliveries, logger, now });
  const quietFor = outbound.quietHours && createQuietHours(outbound.quietHours);

  const recipients = createRecipientPolicy({
    access,
    ...(outbound.allowTo ? { allowTo: outbound.allowTo } : {}),
  });
  const urlOutbox = createOutbox({
    ...ledgers,
    messaging,
    sender,
    queue,
    recipients,
    hasQuietHours: quietFor !== undefined,
    ...(options.sms ? { sms: options.sms } : {}),
  });
  const outbox = media.outbox(urlOutbox);
  const notices = createNotices({
    outbox,
    consent,
    now,
    answersOptOut: messaging.capabilities.optOut === 'application',
    ...(options.texts ? { texts: options.texts } : {}),
  });

  const closing = new AbortController();
  const runs = createHandlerRuns({
    onMessage: media.onMessage(options.onMessage),
    now,
    metrics,
    ...(options.handlerTimeoutMs === undefined ? {} : { timeoutMs: options.handlerTimeoutMs }),
  });
  const health = createHealth({
    account: accountId,
    provider: provider.id,
    keyValue: accountRecords(store.keyValue, accountId),
    queues: { texts, signals, outbox: queue },
    closing: closing.signal,
    metrics,
    now,
  });
  const statusUrl = statusUrlOf(options.publicUrl, statusPath, messaging.capabilities);
  const confirm = createConfirmation(messaging);
  const callRecords = createCallLedger(accountRecords(store.keyValue, accountId));
  const calls = createCalls({
    voice: provider.voice,
    settings: options.voice,
    sender,
    statusUrl: options.publicUrl === undefined ? undefined : new URL(statusPath, options.publicUrl),
    acknowledgement: provider.webhooks.acknowledgement,
    access,
    recipients,
    consent,
    spend: createSpendLedger({
      keyValue: accountRecords(accountRecords(store.keyValue, accountId), 'calls'),
      now,
      limits: callLimits(options.voice),
    }),
    ledger: callRecords,
    logger,
  });
  const handleText = createInboxDispatch({
    confirm,
    isOurs: ownNumbers(sender, options.numbers),
    access,
    consent,
    notices,
    outbox,
    limits: createDispatchLimits({
      perSenderPerMinute: limits.textsPerSenderPerMinute,
      perNumberPerMinute: limits.textsPerNumberPerMinute,
      now,
    }),
    runs,
    logger,
    metrics,
  });
  const handleSignal = createSignalDispatch({
    confirm,
    deliveries,
    sends,
    notices,
    logger,
    metrics,
  });
  const handleSend = createOutboxDispatch({
    ...ledgers,
    messaging: media.messaging,
    pacer: createPacer({
      segmentsPerSecond: segmentsPerSecondOf(sender, outbound.segmentsPerSecond),
      now,
    }),
    ...(quietFor ? { quietFor } : {}),
    ...(messaging.getMessage
      ? { onAccepted: (messageId) => planDeliveryCheck(checks, messageId, now()) }
      : {}),
    now,
    logger,
    metrics,
    random,
    closing: closing.signal,
    ...(statusUrl ? { statusUrl } : {}),
  });

  let runners: readonly Runner[] = [];
  return {
    handler: media.handler(
      createEndpoint({
        webhooks: provider.webhooks,
        texts,
        signals,
        calls,
        path,
        statusPath,
        publicUrl: options.publicUrl,
        security: options.webhookSecurity,
        limits,
        health,
        renderMetrics: options.renderMetrics,
        closing: closing.signal,
        now,
        logger,
        metrics,
      }),
    ),
    start({ inbox = true } = {}) {
      if (runners.length > 0 || closing.signal.aborted) return;
      const concurrency = options.maxConcurrentSessions ?? 50;
      const sending = queue.run(media.sending(handleSend), { concurrency });
      const checking = checks.run(createDeliveryCheck({ deliveries, refresh, now }), {
        concurrency: 2,
      });
      // Signals have runners of their own: a STOP must not wait for fifty applications that think.
      runners = inbox
        ? [
            signals.run(recordingTexts(ledgers.log, handleSignal), {
              concurrency: signalConcurrency,
            }),
            texts.run(recordingTexts(ledgers.log, handleText), { concurrency }),
            sending,
            checking,
          ]
        : [sending, checking];
    },
    send: ({ purpose = 'agent', id = randomUUID(), ...request }) =>
      outbox.send({ ...request, id, purpose }),
    call: ({ id = randomUUID(), ...request }) => calls.place({ ...request, id }),
    callRecord: async (id) =>
      (await callRecords.get(id)) ??
      callRecords.get((await callRecords.idOf({ providerId: provider.id, callId: id })) ?? ''),
    sendProgress: (id) => sends.get(id),
    delivery: (messageId) => deliveries.get(messageId),
    refreshDelivery: (messageId) => refresh(messageId),
    getStatus: (messageId) => refresh(messageId, { staleAfterMs: 60_000 }),
    resolveUnknown: (id, decision) =>
      resolveUnknown(id, decision, { ...ledgers, outbox: urlOutbox }),
    async idle() {
      // In this order: what the inbox does fills the outbox.
      for (const runner of runners) await runner.idle();
    },
    async close({ graceMs } = {}) {
      closing.abort();
      const grace = graceMs === undefined ? undefined : setTimeout(() => runs.giveUp(), graceMs);
      await Promise.all(runners.map((runner) => runner.close()));
      clearTimeout(grace);
    },
    provider: provider.id,
    health: () => health.report(),
    measure: () => health.measure(),
  };
}

const signalConcurrency = 8;

/** Calls have limits of their own, in the same kind of ledger: one call is one message there. */
function callLimits({ maxPerHour = 20, maxPerDay = 100 }: VoiceOptions = {}): SpendLimits {
  return { maxPerHour, maxPerDay, maxSegmentsPerDay: Infinity };
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
