import type { KeyValueStore } from '@openclaw/telephony-store';

/** Who texted a while ago, and waits for what comes back. Survives a restart, as the host's turns do. */
export interface Awaited {
  /** A text of theirs goes to the agent. */
  readonly wrote: (person: string) => Promise<void>;
  /** Whether what is sent to them now answers a text of theirs. */
  readonly awaits: (person: string) => Promise<boolean>;
}

/** Longer than a turn takes; who texted that lately is awake. */
const answerTtlMs = 30 * 60_000;

/**
 * The host does not say whether what it delivers is an answer, or something that an agent thought of by itself. An answer
 * leaves in the quiet hours too, and before everything else: so whoever texted lately is answered.
 */
export function createAwaited(keyValue: KeyValueStore, accountId: string): Awaited {
  const keyOf = (person: string): string => `openclaw/awaited/${accountId}/${person}`;
  return {
    wrote: async (person) => {
      await keyValue.set(keyOf(person), '', { ttlMs: answerTtlMs });
    },
    awaits: async (person) => (await keyValue.get(keyOf(person))) !== undefined,
  };
}
