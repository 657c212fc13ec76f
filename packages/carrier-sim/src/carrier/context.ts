import { type BoundedLog, createBoundedLog } from './bounded-log.ts';
import type { CallRecord } from './call.ts';
import type { CarrierFaultPlan } from './fault-kinds.ts';
import { createFaultPlan } from './faults.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import type { InboundRecord, OutboundRecord } from './message.ts';
import { createMessageStore, type MessageStore } from './message-store.ts';
import { createWaiters, type Waiters } from './message-waiters.ts';
import { type AutoReply, createOptOuts, type OptOuts } from './opt-out.ts';
import type { CarrierSimOptions, CarrierTiming } from './options.ts';
import type { Random } from './random-id.ts';
import { createSwitchboard, type Switchboard } from './switchboard.ts';
import { createWebhookSender, type WebhookSender } from './webhook-sender.ts';

/** A request that reached the second origin, where the media are. */
export interface CdnRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Everything that one simulated account of any carrier knows. Its parts take it as their first argument. */
export interface CarrierContext<
  Outbound extends OutboundRecord = OutboundRecord,
  Inbound extends InboundRecord = InboundRecord,
  Call extends CallRecord = CallRecord,
> {
  readonly options: CarrierSimOptions;
  readonly timing: Required<CarrierTiming>;
  readonly now: () => number;
  readonly random: Random;
  readonly messages: MessageStore<Outbound, Inbound>;
  readonly optOuts: OptOuts;
  readonly faults: CarrierFaultPlan;
  readonly autoReplies: BoundedLog<AutoReply>;
  readonly cdnRequests: BoundedLog<CdnRequest>;
  readonly accepted: Waiters<Outbound>;
  readonly calls: Switchboard<Call>;
  readonly sender: WebhookSender;
  /** Replaced by a reset: work that was started before must not meet what comes after. */
  inFlight: InFlight;
  /** Where the REST API is; set as soon as it listens. */
  url: string;
  /** Where the media are; set as soon as it listens. */
  cdnUrl: string;
}

/** What takes the same time on every carrier when nobody says otherwise. */
export const defaultTiming = {
  receiptDelayMs: 0,
  closeGraceMs: 1_000,
  retryAcceleration: 1_000,
  callAcceleration: 1_000,
};

/** What is kept when nobody says otherwise. */
export const defaultMaxRecordCount = 100_000;

/** Sets up an account that has done nothing yet. */
export function createCarrierContext<
  Outbound extends OutboundRecord,
  Inbound extends InboundRecord = InboundRecord,
  Call extends CallRecord = CallRecord,
>(
  options: CarrierSimOptions,
  habits: { readonly timing: Required<CarrierTiming>; readonly maxReplyBytes: number },
): CarrierContext<Outbound, Inbound, Call> {
  const { now = Date.now, random = Math.random, origins = {} } = options;
  const maxRecordCount = options.maxRecordCount ?? defaultMaxRecordCount;
  return {
    options,
    timing: habits.timing,
    now,
    random,
    messages: createMessageStore(maxRecordCount),
    optOuts: createOptOuts(),
    faults: createFaultPlan(),
    autoReplies: createBoundedLog(maxRecordCount),
    cdnRequests: createBoundedLog(maxRecordCount),
    accepted: createWaiters(maxRecordCount),
    calls: createSwitchboard(maxRecordCount),
    sender: createWebhookSender({ origins, now, maxReplyBytes: habits.maxReplyBytes }),
    inFlight: createInFlight(),
    url: '',
    cdnUrl: '',
  };
}

/** Forgets everything that happened; numbers keep their webhooks. */
export async function resetContext(context: CarrierContext): Promise<void> {
  const before = context.inFlight;
  context.inFlight = createInFlight();
  await before.stop(0);
  context.messages.clear();
  context.optOuts.clear();
  context.faults.clear();
  context.autoReplies.clear();
  context.cdnRequests.clear();
  context.accepted.dismiss('the simulator was reset');
  context.calls.clear('the simulator was reset');
}
