import type { KeyValueStore } from '@openclaw/telephony-store';

/** The part of a key-value store that belongs to one account: several numbers share a store and see nothing of each other. */
export function accountRecords(keyValue: KeyValueStore, accountId: string): KeyValueStore {
  const prefix = `account/${accountId}/`;
  return {
    async get(key) {
      const entry = await keyValue.get(prefix + key);
      return entry && { ...entry, key };
    },
    set: (key, value, options) => keyValue.set(prefix + key, value, options),
    delete: (key, options) => keyValue.delete(prefix + key, options),
    async *list(within, { after, ...options } = {}) {
      const wanted = { ...options, ...(after === undefined ? {} : { after: prefix + after }) };
      for await (const entry of keyValue.list(prefix + within, wanted)) {
        yield { ...entry, key: entry.key.slice(prefix.length) };
      }
    },
  };
}
