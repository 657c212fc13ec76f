import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from './compare-and-set.ts';
import { isRecord, stringIn } from './json.ts';

/** Who asked not to be texted from which of our numbers. */
export interface ConsentLedger {
  /**
   * Records a STOP. Durable when it resolves; from then on nothing is sent to them but the one confirmation that
   * is named, which the rules permit.
   */
  stop(pair: NumberPair, at: Date, confirmationId?: string): Promise<void>;
  /** Records a START. It lifts no STOP that came after it, in whatever order the two are handled. */
  start(pair: NumberPair, at: Date): Promise<void>;
  /** True when nothing may be sent, except the confirmation of that id. */
  blocks(pair: NumberPair, sendId?: string): Promise<boolean>;
}

/** Our number (or sender pool) and theirs. */
export interface NumberPair {
  readonly ours: string;
  readonly theirs: string;
}

interface Block {
  readonly since: string;
  readonly confirmationId?: string;
}

const keyOf = ({ ours, theirs }: NumberPair): string => `consent/${ours}/${theirs}`;

/** Keeps consent in a key-value store, without an end: only the person can lift their own STOP. */
export function createConsentLedger(options: { readonly keyValue: KeyValueStore }): ConsentLedger {
  const { keyValue } = options;
  return {
    async stop(pair, at, confirmationId) {
      await updateRecord({
        keyValue,
        key: keyOf(pair),
        parse: parseBlock,
        change: (current) =>
          current ?? {
            since: at.toISOString(),
            ...(confirmationId === undefined ? {} : { confirmationId }),
          },
      });
    },
    async start(pair, at) {
      const entry = await keyValue.get(keyOf(pair));
      if (entry === undefined) return;
      const { since } = parseBlock(JSON.parse(entry.value));
      if (since > at.toISOString()) return;
      await keyValue.delete(keyOf(pair), { ifVersion: entry.version });
    },
    async blocks(pair, sendId) {
      const block = await readRecord(keyValue, keyOf(pair), parseBlock);
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
