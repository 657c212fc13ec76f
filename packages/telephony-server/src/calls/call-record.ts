import type { CallEndReason, CallRef } from '@openclaw/telephony-core';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { readRecord, updateRecord } from '../records/compare-and-set.ts';
import { isRecord, type JsonRecord, stringIn } from '../records/json.ts';

/** A call of ours, as far as it is known here. */
export interface CallRecord {
  /** What the person hears who picks up. */
  readonly message: string;
  /** `dialling` before the carrier has answered us; `unknown` when its answer was lost: the call may exist. */
  readonly state: 'dialling' | 'placed' | 'answered' | 'ended' | 'failed' | 'unknown';
  /** The carrier's id, once it is known. */
  readonly callId?: string;
  readonly reason?: CallEndReason;
}

/** Remembers the calls that were placed, for 30 days. */
export interface CallLedger {
  get(id: string): Promise<CallRecord | undefined>;
  /** Writes a call down before it is placed. False when there is one of that id already. */
  begin(id: string, message: string): Promise<boolean>;
  /**
   * Moves a call on, never back: events overtake each other. The carrier's id is kept whenever it comes, the first one as
   * the call's own.
   */
  move(id: string, change: Partial<Omit<CallRecord, 'message'>>): Promise<void>;
  /** The id under which a call of the carrier's was placed here. */
  idOf(call: CallRef): Promise<string | undefined>;
}

const keyOf = (id: string): string => `call/${id}`;
const ttlMs = 30 * 24 * 3_600_000;

/** Keeps calls in a key-value store. */
export function createCallLedger(keyValue: KeyValueStore): CallLedger {
  return {
    get: (id) => readRecord(keyValue, keyOf(id), parseCall),
    begin: (id, message) =>
      keyValue.set(keyOf(id), JSON.stringify({ message, state: 'dialling' }), {
        ttlMs,
        ifVersion: 'absent',
      }),
    async move(id, { state, callId, reason }) {
      const before = await readRecord(keyValue, keyOf(id), parseCall);
      // Before the record says so: after a failure in between, both are written once more.
      if (before !== undefined && callId !== undefined && before.callId !== callId) {
        await keyValue.set(`call-id/${callId}`, id, { ttlMs });
      }
      await updateRecord({
        keyValue,
        key: keyOf(id),
        ttlMs,
        parse: parseCall,
        change(record) {
          if (record === undefined) return undefined;
          const isNews = state !== undefined && rank[state] > rank[record.state];
          const isNamed = callId !== undefined && record.callId === undefined;
          if (!isNews && !isNamed) return undefined;
          return {
            ...record,
            ...(isNamed ? { callId } : {}),
            ...(isNews ? { state } : {}),
            ...(isNews && reason !== undefined ? { reason } : {}),
          };
        },
      });
    },
    async idOf({ callId }) {
      return (await keyValue.get(`call-id/${callId}`))?.value;
    },
  };
}

/** How far a call has come in each state. An event of a call proves that it exists, whatever its request seemed to do. */
const rank: { readonly [state in CallRecord['state']]: number } = {
  dialling: 0,
  unknown: 1,
  failed: 1,
  placed: 2,
  answered: 3,
  ended: 4,
};
const isState = (value: unknown): value is CallRecord['state'] =>
  typeof value === 'string' && Object.hasOwn(rank, value);

const reasons: ReadonlySet<string> = new Set<CallEndReason>([
  'completed',
  'busy',
  'no-answer',
  'rejected',
  'canceled',
  'failed',
  'unrecognized',
]);
const isReason = (value: string | undefined): value is CallEndReason =>
  value !== undefined && reasons.has(value);

function parseCall(json: unknown): CallRecord | undefined {
  if (!isRecord(json) || !isState(json['state'])) return undefined;
  return { message: stringIn(json, 'message') ?? '', state: json['state'], ...endOf(json) };
}

function endOf(json: JsonRecord): Pick<CallRecord, 'callId' | 'reason'> {
  const callId = stringIn(json, 'callId');
  const reason = stringIn(json, 'reason');
  return {
    ...(callId === undefined ? {} : { callId }),
    ...(isReason(reason) ? { reason } : {}),
  };
}
