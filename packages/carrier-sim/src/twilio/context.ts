import { type BoundedLog, createBoundedLog } from '../carrier/bounded-log.ts';
import {
  type CarrierContext,
  createCarrierContext,
  defaultMaxRecordCount,
  defaultTiming,
  resetContext,
} from '../carrier/context.ts';
import type { Alert } from './alert.ts';
import type { TwilioCallRecord } from './call.ts';
import type { OutboundRecord, TwilioInboundRecord } from './message.ts';
import { createNumbers, type Numbers } from './numbers.ts';
import type { TwilioSimOptions, TwilioTiming } from './options.ts';

/** Everything that one simulated account knows. Its parts take it as their first argument. */
export interface SimContext extends CarrierContext<
  OutboundRecord,
  TwilioInboundRecord,
  TwilioCallRecord
> {
  readonly options: TwilioSimOptions;
  readonly timing: Required<TwilioTiming>;
  readonly numbers: Numbers;
  readonly alerts: BoundedLog<Alert>;
}

/** A reply longer than this is error 11750. */
const maxReplyBytes = 64 * 1024;

/** Sets up an account that has done nothing yet. */
export function createContext(options: TwilioSimOptions): SimContext {
  const timing = {
    ...defaultTiming,
    connectTimeoutMs: 5_000,
    readTimeoutMs: 15_000,
    totalTimeoutMs: 15_000,
    ...options.timing,
  };
  const context = createCarrierContext<OutboundRecord, TwilioInboundRecord, TwilioCallRecord>(
    options,
    { timing, maxReplyBytes },
  );
  return {
    ...context,
    options,
    timing,
    numbers: createNumbers(options.numbers, context),
    alerts: createBoundedLog(options.maxRecordCount ?? defaultMaxRecordCount),
  };
}

/** Forgets everything that happened; numbers keep their webhooks. */
export async function resetTwilio(context: SimContext): Promise<void> {
  await resetContext(context);
  context.alerts.clear();
}
