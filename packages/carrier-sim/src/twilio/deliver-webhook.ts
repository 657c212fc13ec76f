import type { Dispatch, DispatchOptions } from '../carrier/faulty-delivery.ts';
import type { WebhookAttempt, WebhookMessage } from '../carrier/webhook-request.ts';
import { alertFor } from './alert.ts';
import { readConnectionPolicy, retryReason } from './connection-overrides.ts';
import type { SimContext } from './context.ts';

/** A webhook on its way. */
export interface WebhookDelivery extends Partial<DispatchOptions> {
  readonly message: WebhookMessage;
  /** The URL with its fragment, where the connection overrides are. */
  readonly configuredUrl: string;
  /** What it is about, for alerts. */
  readonly sid: string;
}

/** Sends a webhook, again as often as the URL's overrides say, and notes what the carrier would complain about. */
export async function deliverWebhook(
  context: SimContext,
  { message, configuredUrl, sid, hangUp = false, change }: WebhookDelivery,
): Promise<Dispatch> {
  const request = change?.(message) ?? message;
  const policy = readConnectionPolicy(configuredUrl, context.timing);
  const { signal } = context.inFlight;
  const attempts: WebhookAttempt[] = [];
  let leftMs = policy.totalTimeoutMs;
  for (;;) {
    const limits = {
      connectTimeoutMs: Math.min(policy.connectTimeoutMs, leftMs),
      readTimeoutMs: Math.min(policy.readTimeoutMs, leftMs),
    };
    // Each try waits for the one before: that is what trying again means.
    const attempt = await context.sender.send(request, { ...limits, signal, hangUp });
    attempts.push(attempt);
    leftMs -= attempt.durationMs;
    const reason = retryReason(attempt);
    const again = reason !== undefined && policy.retryOn.has(reason);
    if (!again || attempts.length > policy.retryCount || leftMs <= 0) break;
  }
  const code = attempts.map(alertFor).at(-1);
  if (code !== undefined) context.alerts.add({ code, sid, url: message.url });
  return { request, attempts };
}
