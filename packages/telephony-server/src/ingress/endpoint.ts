import type { WebhookReceiver } from '@openclaw/telephony-core';
import type { WorkQueue } from '@openclaw/telephony-store';
import { createAdmission } from './admission.ts';
import type { Calls } from '../calls/calls.ts';
import { createBacklog } from '../inbox/backlog.ts';
import { createFailureBudget } from './failure-budget.ts';
import type { Health } from '../observe/health.ts';
import type { SignalItem, TextItem } from '../inbox/inbox-item.ts';
import { createIngress } from './ingress.ts';
import { createLocalPages } from './local-pages.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics, MetricsText } from '../observe/metrics.ts';
import { createNodeHandler, type NodeHandler } from './node-handler.ts';
import { createRouter } from './routes.ts';
import { createSignedUrl, isProxy, type WebhookSecurity } from './signed-url.ts';

/** Bounds of what comes in. `Infinity` lifts one. */
export interface InboundLimits {
  /** Texts of one sender that are handled in a minute, the rest wait; default 30. */
  readonly textsPerSenderPerMinute?: number;
  /** Texts to one number of ours that are handled in a minute, the rest wait; default 300. */
  readonly textsPerNumberPerMinute?: number;
  /** Texts of one sender to one of our numbers that may wait; the carrier is answered 429 for more. Default 300. */
  readonly maxWaitingPerSender?: number;
  /** Texts that may wait in all, and as many receipts; the carrier is answered 503 for more. Default 50,000. */
  readonly maxWaiting?: number;
  /** Refused requests of one peer in a minute before it is answered 429 for them; default 300. */
  readonly failuresPerMinute?: number;
  /** Bodies read at once; default 64. */
  readonly maxReads?: number;
  /** Bodies read at once for one peer that is no proxy; default 8. */
  readonly maxReadsPerPeer?: number;
}

/** What {@link createEndpoint} takes. */
export interface EndpointOptions {
  readonly webhooks: WebhookReceiver;
  readonly texts: WorkQueue<TextItem>;
  readonly signals: WorkQueue<SignalItem>;
  readonly calls: Calls;
  readonly path: string;
  readonly statusPath: string;
  readonly publicUrl: string | undefined;
  readonly security: WebhookSecurity | undefined;
  readonly limits: InboundLimits;
  readonly health: Health;
  readonly renderMetrics: (() => Promise<MetricsText>) | undefined;
  readonly closing: AbortSignal;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Puts everything together that stands between a socket and the inbox. */
export function createEndpoint(options: EndpointOptions): NodeHandler {
  const { webhooks, texts, signals, calls, path, statusPath, publicUrl, security } = options;
  const { limits, health, renderMetrics, closing, now, logger, metrics } = options;
  const { failuresPerMinute, maxReads, maxReadsPerPeer } = limits;
  const { maxWaiting, maxWaitingPerSender } = limits;
  return createNodeHandler({
    findRoute: createRouter({ path, statusPath }),
    admission: createAdmission({
      requiredHeaders: webhooks.requiredHeaders,
      ...(maxReads === undefined ? {} : { maxReads }),
      ...(maxReadsPerPeer === undefined ? {} : { maxReadsPerPeer }),
    }),
    budget: createFailureBudget({
      now,
      ...(failuresPerMinute === undefined ? {} : { perMinute: failuresPerMinute }),
    }),
    ingress: createIngress({
      webhooks,
      texts,
      signals,
      calls,
      logger,
      backlog: createBacklog({
        texts,
        signals,
        now,
        ...(maxWaiting === undefined ? {} : { maxWaiting }),
        ...(maxWaitingPerSender === undefined ? {} : { maxWaitingPerSender }),
      }),
    }),
    pages: createLocalPages({
      accounts: [health],
      logger,
      ...(renderMetrics ? { renderMetrics } : {}),
    }),
    signedUrl: createSignedUrl({
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(security ? { security } : {}),
    }),
    isProxy: isProxy(security),
    closing,
    now,
    logger,
    metrics,
  });
}
