import type { CarrierContext } from './context.ts';
import type { WebhookFault } from './fault-kinds.ts';
import type { WebhookAttempt, WebhookMessage } from './webhook-request.ts';

/** A webhook as it was sent last, and every try. */
export interface Dispatch {
  readonly request: WebhookMessage;
  readonly attempts: readonly WebhookAttempt[];
}

/** How one webhook is sent. */
export interface DispatchOptions {
  /** Applied to each request before it leaves. */
  readonly change: (message: WebhookMessage) => WebhookMessage;
  /** Hang up right after sending. */
  readonly hangUp: boolean;
}

/** A webhook that is ready to be sent in the way of its carrier, with retries. */
export interface WebhookDraft {
  /** What the first try sends. */
  readonly first: WebhookMessage;
  /** The same request with a signature that none of the account's keys made. */
  readonly forge: (message: WebhookMessage) => WebhookMessage;
  readonly send: (options: DispatchOptions) => Promise<Dispatch>;
}

/** Delivers a webhook as a fault wants it, and reports what was really sent. */
export async function deliverWithFault(
  context: CarrierContext,
  fault: WebhookFault | undefined,
  draft: WebhookDraft,
): Promise<Dispatch> {
  const change =
    fault?.kind === 'forged' ? draft.forge : (message: WebhookMessage): WebhookMessage => message;
  const hangUp = fault?.kind === 'hang-up';
  if (fault?.kind === 'lost') return { request: draft.first, attempts: [] };
  if (fault?.kind === 'slow') await context.inFlight.pause(fault.delayMs);
  const once = await draft.send({ change, hangUp });
  if (fault?.kind !== 'duplicate') return once;
  const again = await draft.send({ change, hangUp });
  return { request: again.request, attempts: [...once.attempts, ...again.attempts] };
}
