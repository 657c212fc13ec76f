import { dispatchCallWebhook } from '../carrier/call-webhook.ts';
import type { JsonObject } from '../carrier/json-object.ts';
import type { WebhookAttempt } from '../carrier/webhook-request.ts';
import type { TelnyxCallRecord } from './call.ts';
import type { TelnyxContext } from './context.ts';
import { createEvent, draftEvent } from './signed-event.ts';

/** Posts an event of one call, and resolves once it was taken or given up. */
export type TellOfCall = (type: string, more?: JsonObject) => Promise<void>;

/** Whom to tell, and what else every event has. */
export interface CallEventsOptions {
  /** The webhook, and the failover URL; none: nobody is told. */
  readonly urls: readonly string[];
  /** Set after the others: replaces a field, or adds one. */
  readonly extra: JsonObject;
}

/** How long Telnyx waits for a reply about a call, when the application does not say. */
const callTimeouts = { connectTimeoutMs: 2_000, readTimeoutMs: 10_000 };

/** Makes the events of one call. */
export function createCallEvents(
  context: TelnyxContext,
  call: TelnyxCallRecord,
  { urls, extra }: CallEventsOptions,
): TellOfCall {
  const [first, ...others] = urls;
  return async (type, more = {}) => {
    if (first === undefined || context.inFlight.stopped) return;
    const payload = { ...callFields(call), ...partyFields(call, type), ...more, ...extra };
    const event = createEvent(context, type, payload);
    const timeouts = { ...callTimeouts, ...context.options.timing };
    const draft = draftEvent(context, event, [first, ...others], { timeouts, again: isPassing });
    await dispatchCallWebhook(context, call, type, draft);
  };
}

/** What Telnyx sends again: what may be better the next time. */
function isPassing({ status }: WebhookAttempt): boolean {
  return status === undefined || status >= 500 || status === 408 || status === 429;
}

function callFields(call: TelnyxCallRecord): JsonObject {
  return {
    call_control_id: call.id,
    call_leg_id: call.callLegId,
    call_session_id: call.callSessionId,
    connection_id: call.connectionId,
    ...(call.clientState === undefined ? {} : { client_state: call.clientState }),
  };
}

const ofTheWholeCall: ReadonlySet<string> = new Set([
  'call.initiated',
  'call.answered',
  'call.hangup',
]);

/** Who calls whom: what is spoken and played in a call does not tell that. */
function partyFields({ from, to, acceptedAt }: TelnyxCallRecord, type: string): JsonObject {
  if (ofTheWholeCall.has(type)) return { from, to, start_time: acceptedAt.toISOString() };
  return /^call\.(?:gather|machine)\./u.test(type) ? { from, to } : {};
}
