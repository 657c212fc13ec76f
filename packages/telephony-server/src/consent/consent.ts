import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from '../records/compare-and-set.ts';
import { isRecord, numberIn, stringIn } from '../records/json.ts';

/**
 * Who asked not to be texted. A STOP to one of an account's numbers holds for all of them: nobody knows which one they
 * meant.
 */
export interface ConsentLedger {
  /**
   * Records a STOP. Durable when it resolves; from then on nothing is sent to them but the one confirmation that
   * is named, which the rules permit. A second STOP only counts as the later one. Resolves with the confirmation that
   * may be sent.
   */
  stop(person: string, confirmationId?: string, said?: Said): Promise<string | undefined>;
  /** The carrier refused a message for a STOP: recorded, unless they have said START since the message was accepted. */
  stopLearned(person: string, acceptedAt: Date): Promise<void>;
  /**
   * Records a START. True when it lifted a STOP, and again for the same `id` when it comes again. One that was said before
   * the last STOP, and only came later, changes nothing.
   */
  start(person: string, id?: string, said?: Said): Promise<boolean>;
  /** True when nothing may be sent, except the confirmation of that id. */
  blocks(person: string, sendId?: string): Promise<boolean>;
}

/** When a word was said, by the carrier's clock; a carrier that tells of no time leaves the words in the order they came. */
export interface Said {
  readonly atMs?: number;
}

interface Block {
  readonly since: string;
  /** When the last STOP was said, by the carrier's clock. */
  readonly saidAtMs?: number;
  readonly confirmationId?: string;
}

/** The last START of a person. */
interface Start {
  readonly at: string;
  /** Which one of theirs lifted a STOP last. */
  readonly liftedBy?: string;
}

const keyOf = (person: string): string => `consent/${person}`;
const startKeyOf = (person: string): string => `consent-start/${person}`;
/** Longer than a message is followed: a receipt that comes later changes nothing. */
const startTtlMs = 35 * 24 * 3_600_000;

/** Keeps consent in a key-value store, without an end: only the person can lift their own STOP. */
export function createConsentLedger(options: {
  readonly keyValue: KeyValueStore;
  readonly now: () => Date;
}): ConsentLedger {
  const { keyValue, now } = options;
  const startOf = (person: string): Promise<Start | undefined> =>
    readRecord(keyValue, startKeyOf(person), parseStart);
  async function stop(
    person: string,
    confirmationId?: string,
    { atMs }: Said = {},
  ): Promise<string | undefined> {
    const block = await updateRecord({
      keyValue,
      key: keyOf(person),
      parse: parseBlock,
      change(current) {
        const saidAtMs = latest(current?.saidAtMs, atMs);
        const said = saidAtMs === undefined ? {} : { saidAtMs };
        if (current !== undefined) return { ...current, ...said };
        return {
          since: now().toISOString(),
          ...(confirmationId === undefined ? {} : { confirmationId }),
          ...said,
        };
      },
    });
    return block?.confirmationId;
  }
  return {
    stop,
    async stopLearned(person, acceptedAt) {
      const started = await startOf(person);
      if (started !== undefined && Date.parse(started.at) >= acceptedAt.getTime()) return;
      await stop(person);
    },
    async start(person, id, { atMs } = {}) {
      for (;;) {
        const entry = await keyValue.get(keyOf(person));
        const block = entry && parseBlock(JSON.parse(entry.value));
        if (atMs !== undefined && block?.saidAtMs !== undefined && atMs < block.saidAtMs)
          return false;
        const before = await startOf(person);
        const liftedBy = block === undefined ? before?.liftedBy : id;
        const started: Start = {
          at: now().toISOString(),
          ...(liftedBy === undefined ? {} : { liftedBy }),
        };
        // Before the block goes: after a crash in between, the same START still knows that it lifts it.
        await keyValue.set(startKeyOf(person), JSON.stringify(started), { ttlMs: startTtlMs });
        if (entry === undefined) return id !== undefined && liftedBy === id;
        // A STOP that is written down meanwhile is looked at anew: it may be the later word.
        if (await keyValue.delete(keyOf(person), { ifVersion: entry.version })) return true;
        if (atMs === undefined) return false;
      }
    },
    async blocks(person, sendId) {
      const block = await readRecord(keyValue, keyOf(person), parseBlock);
      return block !== undefined && (sendId === undefined || block.confirmationId !== sendId);
    },
  };
}

const latest = (one: number | undefined, other: number | undefined): number | undefined =>
  one !== undefined && other !== undefined ? Math.max(one, other) : (one ?? other);

function parseStart(json: unknown): Start | undefined {
  const at = isRecord(json) ? stringIn(json, 'at') : undefined;
  const liftedBy = isRecord(json) ? stringIn(json, 'liftedBy') : undefined;
  return at === undefined ? undefined : { at, ...(liftedBy === undefined ? {} : { liftedBy }) };
}

/** A block that cannot be read still blocks. */
function parseBlock(json: unknown): Block {
  if (!isRecord(json)) return { since: '' };
  const confirmationId = stringIn(json, 'confirmationId');
  const saidAtMs = numberIn(json, 'saidAtMs');
  return {
    since: stringIn(json, 'since') ?? '',
    ...(saidAtMs === undefined ? {} : { saidAtMs }),
    ...(confirmationId === undefined ? {} : { confirmationId }),
  };
}
