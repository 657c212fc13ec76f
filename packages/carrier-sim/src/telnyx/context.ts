import {
  type CarrierContext,
  createCarrierContext,
  defaultTiming,
  resetContext,
} from '../carrier/context.ts';
import { randomUuid } from '../carrier/random-id.ts';
import type { TelnyxCallRecord } from './call.ts';
import type { CommandQueue } from './call-journey.ts';
import { type Connections, createConnections } from './connections.ts';
import type { OutboundRecord, TelnyxInboundRecord } from './message.ts';
import { createTelnyxNumbers, type TelnyxNumbers } from './numbers.ts';
import type { TelnyxSimOptions } from './options.ts';
import { createProfiles, type Profiles } from './profiles.ts';
import { createSigningKey, type SigningKey } from './signing-key.ts';

/** Everything that one simulated account knows. Its parts take it as their first argument. */
export interface TelnyxContext extends CarrierContext<
  OutboundRecord,
  TelnyxInboundRecord,
  TelnyxCallRecord
> {
  readonly options: TelnyxSimOptions;
  readonly profiles: Profiles;
  /** The Call Control applications. */
  readonly connections: Connections;
  /** The commands that wait, by the call that they are for. */
  readonly queues: Map<string, CommandQueue>;
  /** The call that each `command_id` was for. */
  readonly commandIds: Map<string, string>;
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
  const context = createCarrierContext<OutboundRecord, TelnyxInboundRecord, TelnyxCallRecord>(
    options,
    {
      timing,
      maxReplyBytes,
    },
  );
  const { now, random } = context;
  const profiles = createProfiles({ now, random });
  const connections = createConnections({ now, random });
  return {
    ...context,
    options,
    profiles,
    connections,
    queues: new Map(),
    commandIds: new Map(),
    numbers: createTelnyxNumbers(options.numbers, { profiles, connections, now, random }),
    key: createSigningKey(options.privateKey, random),
    foreignKey: createSigningKey(undefined, random),
    organizationId: randomUuid(random),
  };
}

/** Forgets everything that happened; numbers keep their webhooks. */
export async function resetTelnyx(context: TelnyxContext): Promise<void> {
  await resetContext(context);
  context.queues.clear();
  context.commandIds.clear();
}
