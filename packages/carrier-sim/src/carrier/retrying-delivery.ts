import type { CarrierContext } from './context.ts';
import type { Dispatch, DispatchOptions } from './faulty-delivery.ts';
import {
  type AttemptLimits,
  isAcknowledged,
  type WebhookAttempt,
  type WebhookMessage,
} from './webhook-request.ts';

/** A webhook that its carrier tries to deliver several times. */
export interface RetryPlan {
  /** The URL, and another one for when all tries at it have failed. */
  readonly urls: readonly string[];
  /** What each try sends, counted from 1 over all URLs. */
  readonly compose: (attempt: number, url: string) => WebhookMessage;
  /** Before each further try at the same URL; so many tries more than pauses are made. */
  readonly pausesMs: readonly number[];
  /** Default: the carrier's own. */
  readonly timeouts?: Pick<AttemptLimits, 'connectTimeoutMs' | 'readTimeoutMs'>;
  /** What is tried again; default: whatever was not answered with 2xx. */
  readonly again?: (attempt: WebhookAttempt) => boolean;
}

/** Sends a webhook until it is answered with 2xx, at most as often as the plan says. */
export async function deliverWithRetries(
  context: CarrierContext,
  { urls, compose, pausesMs, timeouts, again = () => true }: RetryPlan,
  { change, hangUp }: DispatchOptions,
): Promise<Dispatch> {
  const { inFlight, sender } = context;
  const { retryAcceleration } = context.timing;
  const { connectTimeoutMs, readTimeoutMs } = timeouts ?? context.timing;
  const limits = { connectTimeoutMs, readTimeoutMs, signal: inFlight.signal, hangUp };
  const attempts: WebhookAttempt[] = [];
  let request = change(compose(1, urls[0] ?? ''));
  for (const url of urls) {
    for (const pauseMs of [0, ...pausesMs]) {
      if (pauseMs > 0 && !(await inFlight.pause(pauseMs / retryAcceleration))) {
        return { request, attempts };
      }
      request = change(compose(attempts.length + 1, url));
      // Each try waits for the one before: that is what trying again means.
      const attempt = await sender.send(request, limits);
      attempts.push(attempt);
      if (isAcknowledged(attempt) || isOurDoing(attempt)) return { request, attempts };
      if (isHopeless(attempt) || !again(attempt)) break;
    }
  }
  return { request, attempts };
}

/** The carrier itself ended it. */
function isOurDoing({ error }: WebhookAttempt): boolean {
  return error === 'hung-up' || error === 'aborted';
}

/** Nothing was sent, and nothing will be however often it is tried. */
function isHopeless({ error }: WebhookAttempt): boolean {
  return error === 'not-routed' || error === 'invalid-request';
}
