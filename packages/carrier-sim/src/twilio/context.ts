import { type BoundedLog, createBoundedLog } from '../carrier/bounded-log.ts';
import { createFaultPlan } from '../carrier/faults.ts';
import { createInFlight, type InFlight } from '../carrier/in-flight.ts';
import { createWaiters, type Waiters } from '../carrier/message-waiters.ts';
import type { Random } from '../carrier/random-id.ts';
import { createWebhookSender, type WebhookSender } from '../carrier/webhook-sender.ts';
import type { Alert } from './alert.ts';
import type { TwilioFaultPlan } from './faults.ts';
import type { OutboundRecord } from './message.ts';
import { createMessageStore, type MessageStore } from './message-store.ts';
import { createNumbers, type Numbers } from './numbers.ts';
import { type AutoReply, createOptOuts, type OptOuts } from './opt-out.ts';
import type { TwilioSimOptions, TwilioTiming } from './options.ts';

/** A request that reached the second origin, where the media are. */
export interface CdnRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Everything that one simulated account knows. Its parts take it as their first argument. */
export interface SimContext {
  readonly options: TwilioSimOptions;
  readonly timing: Required<TwilioTiming>;
  readonly now: () => number;
  readonly random: Random;
  readonly numbers: Numbers;
  readonly messages: MessageStore;
  readonly optOuts: OptOuts;
  readonly faults: TwilioFaultPlan;
  readonly alerts: BoundedLog<Alert>;
  readonly autoReplies: BoundedLog<AutoReply>;
  readonly cdnRequests: BoundedLog<CdnRequest>;
  readonly accepted: Waiters<OutboundRecord>;
  readonly sender: WebhookSender;
  /** Replaced by a reset: work that was started before must not meet what comes after. */
  inFlight: InFlight;
  /** Where the REST API is; set as soon as it listens. */
  url: string;
  /** Where the media are; set as soon as it listens. */
  cdnUrl: string;
}

/** A reply longer than this is error 11750. */
const maxReplyBytes = 64 * 1024;

/** Sets up an account that has done nothing yet. */
export function createContext(options: TwilioSimOptions): SimContext {
  const { now = Date.now, random = Math.random, maxRecordCount = 100_000, origins = {} } = options;
  return {
    options,
    timing: {
      receiptDelayMs: 0,
      connectTimeoutMs: 5_000,
      readTimeoutMs: 15_000,
      totalTimeoutMs: 15_000,
      closeGraceMs: 1_000,
      ...options.timing,
    },
    now,
    random,
    numbers: createNumbers(options.numbers, { now, random }),
    messages: createMessageStore(maxRecordCount),
    optOuts: createOptOuts(),
    faults: createFaultPlan(),
    alerts: createBoundedLog(maxRecordCount),
    autoReplies: createBoundedLog(maxRecordCount),
    cdnRequests: createBoundedLog(maxRecordCount),
    accepted: createWaiters(maxRecordCount),
    sender: createWebhookSender({ origins, now, maxReplyBytes }),
    inFlight: createInFlight(),
    url: '',
    cdnUrl: '',
  };
}

/** Forgets everything that happened; numbers keep their webhooks. */
export async function resetContext(context: SimContext): Promise<void> {
  const before = context.inFlight;
  context.inFlight = createInFlight();
  await before.stop(0);
  context.messages.clear();
  context.optOuts.clear();
  context.faults.clear();
  context.alerts.clear();
  context.autoReplies.clear();
  context.cdnRequests.clear();
  context.accepted.dismiss('the simulator was reset');
}
