import {
  type CarrierContext,
  createCarrierContext,
  defaultTiming,
  resetContext,
} from '../carrier/context.ts';
import { randomHex } from '../carrier/random-id.ts';
import { type Applications, createApplications } from './applications.ts';
import type { PlivoCallRecord } from './call.ts';
import type { OutboundRecord, PlivoInboundRecord } from './message.ts';
import { createPlivoNumbers, type PlivoNumbers } from './numbers.ts';
import type { PlivoSimOptions } from './options.ts';

/** Everything that one simulated account knows. Its parts take it as their first argument. */
export interface PlivoContext extends CarrierContext<
  OutboundRecord,
  PlivoInboundRecord,
  PlivoCallRecord
> {
  readonly options: PlivoSimOptions;
  readonly applications: Applications;
  readonly numbers: PlivoNumbers;
  /** Until when one message may still go to somebody who said STOP, by sender and recipient. */
  readonly acknowledgements: Map<string, number>;
  /** Signs what is forged on purpose. */
  readonly foreignToken: string;
}

const maxReplyBytes = 100 * 1024;

/** Sets up an account that has done nothing yet. */
export function createPlivoContext(options: PlivoSimOptions): PlivoContext {
  const timing = {
    ...defaultTiming,
    connectTimeoutMs: 8_000,
    readTimeoutMs: 8_000,
    ...options.timing,
  };
  const context = createCarrierContext<OutboundRecord, PlivoInboundRecord, PlivoCallRecord>(
    options,
    {
      timing,
      maxReplyBytes,
    },
  );
  const applications = createApplications(context);
  return {
    ...context,
    options,
    applications,
    numbers: createPlivoNumbers(options.numbers, { applications, now: context.now }),
    acknowledgements: new Map(),
    foreignToken: randomHex(40, context.random),
  };
}

/** Forgets everything that happened; numbers keep their webhooks. */
export async function resetPlivo(context: PlivoContext): Promise<void> {
  await resetContext(context);
  context.acknowledgements.clear();
}
