import type { KeyValueStore } from '@openclaw/telephony-store';

/** Somebody who was let in. */
export interface ApprovedSender {
  readonly sender: string;
  readonly approvedAt: Date;
}

/** Who was let in, one entry for each person. */
export interface Approvals {
  has(sender: string): Promise<boolean>;
  /** True for the one who approved; false when the sender was approved already. */
  add(sender: string, approvedAt: Date): Promise<boolean>;
  remove(sender: string): Promise<boolean>;
  list(): Promise<readonly ApprovedSender[]>;
}

export function createApprovals(keyValue: KeyValueStore, prefix: string): Approvals {
  const keyOf = (sender: string): string => prefix + encodeURIComponent(sender);
  return {
    has: async (sender) => (await keyValue.get(keyOf(sender))) !== undefined,
    add: (sender, approvedAt) =>
      keyValue.set(keyOf(sender), approvedAt.toISOString(), { ifVersion: 'absent' }),
    remove: (sender) => keyValue.delete(keyOf(sender)),
    async list() {
      const all: ApprovedSender[] = [];
      for await (const { key, value } of keyValue.list(prefix)) {
        const sender = decodeURIComponent(key.slice(prefix.length));
        all.push({ sender, approvedAt: new Date(value) });
      }
      return all;
    },
  };
}
