import type { InboundRecord, OutboundRecord } from './message.ts';

/** Every message of the account, in both directions. */
export interface MessageStore<
  Outbound extends OutboundRecord = OutboundRecord,
  Inbound extends InboundRecord = InboundRecord,
> {
  /** True when no more messages are taken. */
  readonly full: boolean;
  add(record: Outbound | Inbound): void;
  get(id: string): Outbound | Inbound | undefined;
  /** What somebody sent to us, by its identifier. */
  inbound(id: string): Inbound | undefined;
  /** What the application sent, by its identifier. */
  sent(id: string): Outbound | undefined;
  remove(id: string): boolean;
  /** Newest first, as the APIs list them. */
  list(): readonly (Outbound | Inbound)[];
  /** What the application sent, oldest first. */
  readonly outbound: readonly Outbound[];
  clear(): void;
}

/** Makes an empty store. Whoever adds asks {@link MessageStore.full} first. */
export function createMessageStore<Outbound extends OutboundRecord, Inbound extends InboundRecord>(
  maxCount: number,
): MessageStore<Outbound, Inbound> {
  const records = new Map<string, Outbound | Inbound>();
  let outbound: Outbound[] = [];
  const isInbound = (record: Outbound | Inbound): record is Inbound =>
    record.direction === 'inbound';
  return {
    get full() {
      return records.size >= maxCount;
    },
    add(record) {
      records.set(record.id, record);
      if (!isInbound(record)) outbound.push(record);
    },
    get: (id) => records.get(id),
    inbound(id) {
      const record = records.get(id);
      return record !== undefined && isInbound(record) ? record : undefined;
    },
    sent(id) {
      const record = records.get(id);
      return record === undefined || isInbound(record) ? undefined : record;
    },
    remove(id) {
      outbound = outbound.filter((record) => record.id !== id);
      return records.delete(id);
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
