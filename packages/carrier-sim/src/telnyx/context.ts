import { type CarrierContext, createCarrierContext, defaultTiming } from '../carrier/context.ts';
import { randomUuid } from '../carrier/random-id.ts';
import type { OutboundRecord, TelnyxInboundRecord } from './message.ts';
import { createTelnyxNumbers, type TelnyxNumbers } from './numbers.ts';
import type { TelnyxSimOptions } from './options.ts';
import { createProfiles, type Profiles } from './profiles.ts';
import { createSigningKey, type SigningKey } from './signing-key.ts';

/** Everything that one simulated account knows. Its parts take it as their first argument. */
export interface TelnyxContext extends CarrierContext<OutboundRecord, TelnyxInboundRecord> {
  readonly options: TelnyxSimOptions;
  readonly profiles: Profiles;
  readonly numbers: TelnyxNumbers;
  readonly key: SigningKey;
  /** Signs what is forged on purpose. */
  readonly foreignKey: SigningKey;
  readonly organizationId: string;
}

const maxReplyBytes = 64 * 1024;

/** Sets up an account that has done nothing yet. */
export function createTelnyxContext(options: TelnyxSimOptions): TelnyxContext {
  const timing = {
    ...defaultTiming,
    connectTimeoutMs: 2_000,
    readTimeoutMs: 2_000,
    ...options.timing,
  };
  const context = createCarrierContext<OutboundRecord, TelnyxInboundRecord>(options, {
    timing,
    maxReplyBytes,
  });
  const { now, random } = context;
  const profiles = createProfiles({ now, random });
  return {
    ...context,
    options,
    profiles,
    numbers: createTelnyxNumbers(options.numbers, { profiles, now, random }),
    key: createSigningKey(options.privateKey, random),
    foreignKey: createSigningKey(undefined, random),
    organizationId: randomUuid(random),
  };
}
