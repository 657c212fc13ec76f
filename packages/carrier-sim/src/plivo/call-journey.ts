import { type CallRoute, followDocuments } from '../carrier/call-documents.ts';
import { type CallLine, ringFarEnd } from '../carrier/call-line.ts';
import type { FarEnd } from '../carrier/far-end.ts';
import type { PlivoCallRecord } from './call.ts';
import type { CallWebhooks, WebhookTarget } from './call-webhooks.ts';
import type { PlivoContext } from './context.ts';

/** A call that is about to begin. */
export interface Departure {
  readonly call: PlivoCallRecord;
  readonly line: CallLine<CallRoute>;
  readonly webhooks: CallWebhooks;
}

/** Takes a call of the application's from the queue to its last report. */
export async function goOut(
  context: PlivoContext,
  { call, line, webhooks }: Departure,
  {
    farEnd,
    ringTimeoutSeconds,
    answer,
  }: {
    readonly farEnd: FarEnd;
    readonly ringTimeoutSeconds: number;
    readonly answer: WebhookTarget;
  },
): Promise<void> {
  line.ring();
  await webhooks.tellOfRinging();
  if (await ringFarEnd(line, farEnd, ringTimeoutSeconds)) {
    if (farEnd.answer === 'machine' && call.parameters['machine_detection'] === 'hangup') {
      line.end({ reason: 'completed', by: 'api' });
    }
    if (call.end === undefined) await followDocuments(call, line, webhooks.ask, answer);
  }
  await finish(context, { call, line, webhooks });
}

/** Takes a call that came in from its first question to its last report. */
export async function comeIn(
  context: PlivoContext,
  { call, line, webhooks }: Departure,
  answer: WebhookTarget | undefined,
): Promise<void> {
  line.ring();
  const steps = answer === undefined ? undefined : await webhooks.ask(answer);
  const [first] = steps ?? [];
  if (steps === undefined) {
    // Nobody says what to do, so it is not picked up.
    line.end({ reason: 'failed', by: 'error' });
  } else if (first?.do === 'reject') {
    line.end({ reason: first.reason, by: 'document' });
  } else if (call.end === undefined) {
    line.answer();
    await followDocuments(call, line, webhooks.ask, { steps });
  }
  await finish(context, { call, line, webhooks });
}

async function finish({ calls }: PlivoContext, { call, line, webhooks }: Departure): Promise<void> {
  if (call.end !== undefined) {
    await webhooks.tellOfEnd();
    calls.reached(call, 'ended');
  }
  line.finish();
}
