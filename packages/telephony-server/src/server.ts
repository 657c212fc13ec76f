import { randomUUID } from 'node:crypto';
import { TelephonyError } from '@openclaw/telephony-core';
import type { Runner } from '@openclaw/telephony-store';
import { openQueues } from './account-queues.ts';
import { accountRecords } from './records/account-records.ts';
import { createInboxDispatch } from './inbox/inbox-dispatch.ts';
import { createDispatchLimits } from './inbox/dispatch-limits.ts';
import { ownNumbers, statusUrlOf } from './derived-settings.ts';
import { createEndpoint } from './ingress/endpoint.ts';
import { assertSensible } from './sensible-options.ts';
import { createHandlerRuns } from './inbox/handler-runs.ts';
import { createHealth } from './observe/health.ts';
import { openLedgers } from './ledgers.ts';
import { silentLogger } from './observe/logger.ts';
import { createTakeOver } from './outbox/take-over.ts';
import { createServerMedia } from './media/media.ts';
import { labelled, silentMetrics } from './observe/metrics.ts';
import { createNotices } from './consent/notices.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createOutboxDispatch } from './outbox/outbox-dispatch.ts';
import { type Confirm, createConfirmation } from './inbox/confirmation.ts';
import { errorVocabulary } from './delivery/deliveries.ts';
import { createDeliveryCheck, planDeliveryCheck } from './delivery/delivery-check.ts';
import { createPatience } from './retry/patience.ts';
import { outsideSend } from './outbox/outside-send.ts';
import { createPacer, segmentsPerSecondOf } from './outbox/pacing.ts';
import { createQuietHours } from './outbox/quiet-hours.ts';
import { createRecipientPolicy } from './outbox/recipients.ts';
import { createServerCalls } from './calls/server-calls.ts';
import type { TelephonyServer, TelephonyServerOptions } from './server-types.ts';
import { createRefreshDelivery } from './delivery/refresh-delivery.ts';
import { recordingTexts } from './observe/record-text.ts';
import { resolveUnknown } from './outbox/resolve-unknown.ts';
import { createSchedule } from './schedule/schedule.ts';
import { createScheduledTexts } from './schedule/scheduled-texts.ts';
import { runScheduler } from './schedule/scheduler.ts';
import { sendLastAnswers } from './outbox/last-answers.ts';
import { startTogether } from './start-together.ts';
import { createSignalDispatch, keepingConsent } from './inbox/signal-dispatch.ts';
import { tellSendFailed } from './outbox/tell-send-failed.ts';

/**
 * Runs a phone number: webhooks are verified, stored and then acknowledged; texts go through consent and access to
 * `onMessage`; answers leave through a durable outbox.
 *
 * @throws {TelephonyError} `unsupported` when the provider cannot send texts
 * @throws {RangeError} for quiet hours, a speed, a length or a limit that make no sense
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
    maxConcurrentSessions: concurrency = 50,
  } = options;
  const { path = '/telephony/webhook', statusPath = '/telephony/status' } = options;
  const { messaging } = provider;
  assertSensible(options);
  if (messaging === undefined) {
    throw new TelephonyError('unsupported', `${provider.id} cannot send texts`, {
      provider: provider.id,
      outcome: 'not-performed',
    });
  }

  const keyValue = accountRecords(store.keyValue, accountId);
  const metrics = labelled(options.metrics ?? silentMetrics, { account: accountId });
  const media = createServerMedia({
    messaging,
    keyValue,
    host: options.mediaHost,
    inbound: options.inboundMedia,
    paths: [path, statusPath],
    logger,
  });
  const { texts, signals, outbox: queue, checks } = openQueues(store, accountId, logger);
  const onAccepted = messaging.getMessage
    ? (messageId: string) => planDeliveryCheck(checks, messageId, now())
    : undefined;
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
    ...(onAccepted ? { onAccepted } : {}),
  });
  const { consent, sends, deliveries } = ledgers;
  const refresh = createRefreshDelivery({ messaging, deliveries, logger, now });
  const quietFor = outbound.quietHours && createQuietHours(outbound.quietHours);

  const recipients = createRecipientPolicy({
    access,
    ...(outbound.allowTo ? { allowTo: outbound.allowTo } : {}),
  });
  const schedule = createSchedule({ keyValue, now, maxScheduled: outbound.maxScheduled });
  const urlOutbox = createOutbox({
    ...ledgers,
    schedule,
    messaging,
    sender,
    queue,
    recipients,
    logger,
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
  /** After the last answers: from here on nothing leaves. */
  const stopped = new AbortController();
  const givenUp = new AbortController();
  const patience = createPatience({ givenUp: givenUp.signal });
  const runs = createHandlerRuns({
    onMessage: media.onMessage(options.onMessage),
    now,
    metrics,
    ...(options.handlerTimeoutMs === undefined ? {} : { timeoutMs: options.handlerTimeoutMs }),
  });
  givenUp.signal.addEventListener('abort', () => runs.giveUp());
  const health = createHealth({
    account: accountId,
    provider: provider.id,
    keyValue,
    queues: { texts, signals, outbox: queue },
    schedule,
    closing: closing.signal,
    metrics,
    now,
  });
  const statusUrl = statusUrlOf(options.publicUrl, statusPath, messaging.capabilities);
  const ask = createConfirmation(messaging, { now });
  const confirm: Confirm = (id, arrivedAt) => patience(() => ask(id, arrivedAt));
  const { calls, callRecord } = createServerCalls(options, {
    keyValue,
    recipients,
    consent,
    statusPath,
    quietFor,
    now,
    closing: closing.signal,
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
    patience,
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
  const onGivenUp = tellSendFailed(options.onSendFailed, logger);
  const handleSend = createOutboxDispatch({
    ...ledgers,
    messaging: media.messaging,
    pacer: createPacer({
      segmentsPerSecond: segmentsPerSecondOf(sender, outbound.segmentsPerSecond),
      now,
      mostWaiting: Math.floor(concurrency / 2),
    }),
    ...(quietFor ? { quietFor } : {}),
    ...(onAccepted ? { onAccepted } : {}),
    ...(outbound.tryForMs === undefined ? {} : { tryForMs: outbound.tryForMs }),
    ...(outbound.failover ? { failover: outbound.failover, accountId } : {}),
    onGivenUp,
    now,
    logger,
    metrics,
    random,
    closing: stopped.signal,
    ...(statusUrl ? { statusUrl } : {}),
  });

  const handOverScheduled = (): Runner =>
    runScheduler({
      ...ledgers,
      schedule,
      outbox: urlOutbox,
      recipients: { check: (to, purpose) => patience(() => recipients.check(to, purpose)) },
      sender,
      discard: (files) => media.discard(files),
      onGivenUp,
      closing: closing.signal,
      now,
      logger,
      metrics,
    });

  let runners: readonly Runner[] = [];
  let inwardCount = 0;
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
    start({ inbox = true, scheduled = true } = {}) {
      if (runners.length > 0 || closing.signal.aborted) return;
      const check = createDeliveryCheck({ deliveries, refresh, now });
      const outward = [
        ...(scheduled ? [handOverScheduled] : []),
        () => queue.run(media.sending(handleSend), { concurrency }),
        () => checks.run(check, { concurrency: 2 }),
      ];
      const signal = keepingConsent(recordingTexts(ledgers.log, handleSignal), { logger });
      // Signals have runners of their own: a STOP must not wait for fifty applications that think.
      const inward = [
        () => signals.run(signal, { concurrency: signalConcurrency }),
        () => texts.run(recordingTexts(ledgers.log, handleText), { concurrency }),
      ];
      inwardCount = inbox ? inward.length : 0;
      runners = startTogether(inbox ? [...inward, ...outward] : outward);
    },
    async send(request) {
      const wanted = outsideSend(request);
      return (await schedule.known(wanted.id)) ?? outbox.send(wanted);
    },
    takeOver: createTakeOver({ ...ledgers, outbox: urlOutbox, messaging, sender, recipients }),
    scheduled: createScheduledTexts(schedule),
    call: ({ id = randomUUID(), ...request }) => calls.place({ ...request, id }),
    callRecord,
    sendProgress: async (id) => (await sends.get(id)) ?? schedule.progress(id),
    delivery: (messageId) => deliveries.get(messageId),
    refreshDelivery: (messageId) => refresh(messageId),
    getStatus: (messageId) => refresh(messageId, { staleAfterMs: 60_000 }),
    resolveUnknown: (id, decision) =>
      resolveUnknown(id, decision, { ...ledgers, outbox: urlOutbox }),
    async idle() {
      // In this order: what the inbox does fills the outbox, and so does the schedule.
      for (const runner of runners) await runner.idle();
    },
    async close({ graceMs } = {}) {
      closing.abort();
      const grace = graceMs === undefined ? undefined : setTimeout(() => givenUp.abort(), graceMs);
      const outward = runners.slice(inwardCount);
      await Promise.all(runners.slice(0, inwardCount).map((runner) => runner.close()));
      clearTimeout(grace);
      await sendLastAnswers(outward, graceMs);
      stopped.abort();
      await Promise.all(outward.map((runner) => runner.close()));
    },
    provider: provider.id,
    health: () => health.report(),
    measure: () => health.measure(),
  };
}

const signalConcurrency = 8;
