import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from './compare-and-set.ts';
import { isRecord, stringIn } from './json.ts';

/**
 * Who asked not to be texted. A STOP to one of an account's numbers holds for all of them: nobody knows which one they
 * meant.
 */
export interface ConsentLedger {
  /**
   * Records a STOP. Durable when it resolves; from then on nothing is sent to them but the one confirmation that
   * is named, which the rules permit. A second STOP changes nothing.
   */
  stop(person: string, confirmationId?: string): Promise<void>;
  /** Records a START. */
  start(person: string): Promise<void>;
  /** True when nothing may be sent, except the confirmation of that id. */
  blocks(person: string, sendId?: string): Promise<boolean>;
}

interface Block {
  readonly since: string;
  readonly confirmationId?: string;
}

const keyOf = (person: string): string => `consent/${person}`;

/** Keeps consent in a key-value store, without an end: only the person can lift their own STOP. */
export function createConsentLedger(options: {
  readonly keyValue: KeyValueStore;
  readonly now: () => Date;
}): ConsentLedger {
  const { keyValue, now } = options;
  return {
    async stop(person, confirmationId) {
      await updateRecord({
        keyValue,
        key: keyOf(person),
        parse: parseBlock,
        change: (current) =>
          current ?? {
            since: now().toISOString(),
            ...(confirmationId === undefined ? {} : { confirmationId }),
          },
      });
    },
    async start(person) {
      await keyValue.delete(keyOf(person));
    },
    async blocks(person, sendId) {
      const block = await readRecord(keyValue, keyOf(person), parseBlock);
      return block !== undefined && (sendId === undefined || block.confirmationId !== sendId);
    },
  };
}

/** A block that cannot be read still blocks. */
function parseBlock(json: unknown): Block {
  if (!isRecord(json)) return { since: '' };
  const confirmationId = stringIn(json, 'confirmationId');
  return {
    since: stringIn(json, 'since') ?? '',
    ...(confirmationId === undefined ? {} : { confirmationId }),
  };
}
