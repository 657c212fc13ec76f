import type { WebhookAttempt, WebhookMessage } from '../carrier/webhook-request.ts';
import type { SimContext } from './context.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import type { WebhookFault } from './faults.ts';
import { withForeignSignature } from './signed-webhook.ts';

/** Delivers a webhook as a fault wants it, and reports what was really sent. */
export async function deliverWithFault(
  context: SimContext,
  fault: WebhookFault | undefined,
  delivery: {
    readonly message: WebhookMessage;
    readonly configuredUrl: string;
    readonly sid: string;
  },
): Promise<{ readonly request: WebhookMessage; readonly attempts: readonly WebhookAttempt[] }> {
  const forged = fault?.kind === 'forged';
  const message = forged ? withForeignSignature(delivery.message) : delivery.message;
  const hangUp = fault?.kind === 'hang-up';
  const once = (): Promise<readonly WebhookAttempt[]> =>
    deliverWebhook(context, { ...delivery, message, hangUp });
  if (fault?.kind === 'lost') return { request: message, attempts: [] };
  if (fault?.kind === 'slow') await context.inFlight.pause(fault.delayMs);
  const attempts = await once();
  if (fault?.kind !== 'duplicate') return { request: message, attempts };
  return { request: message, attempts: [...attempts, ...(await once())] };
}
