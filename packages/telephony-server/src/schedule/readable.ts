import type { KeyValueStore } from '@openclaw/telephony-store';

/** The same store, in which what is no JSON reads as `null`: one broken record must not stop all others. */
export const readable = (keyValue: KeyValueStore): KeyValueStore => ({
  async get(key) {
    const entry = await keyValue.get(key);
    return entry && (isJson(entry.value) ? entry : { ...entry, value: 'null' });
  },
  set: (key, value, options) => keyValue.set(key, value, options),
  delete: (key, options) => keyValue.delete(key, options),
  list: (prefix, options) => keyValue.list(prefix, options),
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
