import type { InboundRecord, MessageRecord, OutboundRecord } from './message.ts';

/** Every message of the account, in both directions. */
export interface MessageStore {
  /** True when no more messages are taken. */
  readonly full: boolean;
  add(record: MessageRecord): void;
  get(sid: string): MessageRecord | undefined;
  remove(sid: string): boolean;
  /** Newest first, as the API lists them. */
  list(): readonly MessageRecord[];
  /** What the application sent, oldest first. */
  readonly outbound: readonly OutboundRecord[];
  clear(): void;
}

/** True for what the application sent. */
export function isOutbound(record: MessageRecord): record is OutboundRecord {
  return record.direction !== 'inbound';
}

/** True for what somebody sent to us. */
export function isInbound(record: MessageRecord): record is InboundRecord {
  return record.direction === 'inbound';
}

/** Makes an empty store. Whoever adds asks {@link MessageStore.full} first. */
export function createMessageStore(maxCount: number): MessageStore {
  const records = new Map<string, MessageRecord>();
  let outbound: OutboundRecord[] = [];
  return {
    get full() {
      return records.size >= maxCount;
    },
    add(record) {
      records.set(record.sid, record);
      if (isOutbound(record)) outbound.push(record);
    },
    get: (sid) => records.get(sid),
    remove(sid) {
      outbound = outbound.filter((record) => record.sid !== sid);
      return records.delete(sid);
    },
    list: () => [...records.values()].toReversed(),
    get outbound() {
      return outbound;
    },
    clear() {
      records.clear();
      outbound = [];
    },
  };
}
