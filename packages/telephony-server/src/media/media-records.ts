import type { KeyValueStore } from '@openclaw/telephony-store';
import { type MediaShelf, parseShelfEntry, type ShelfEntry } from './media-shelf.ts';

const entries = 'media-host/entry/';
const contents = 'media-host/bytes/';

/**
 * Keeps media in a key-value store: for several machines behind one public URL. Whatever is forgotten there expires,
 * `servedMs` after the last moment at which it can be published.
 */
export function createMediaRecords(
  keyValue: KeyValueStore,
  { now, servedMs }: { readonly now: () => Date; readonly servedMs: number },
): MediaShelf {
  const ttlMsOf = ({ keptUntil }: ShelfEntry): number =>
    Math.max(0, keptUntil - now().getTime()) + servedMs;
  return {
    async put(key, entry, bytes) {
      const ttlMs = ttlMsOf(entry);
      await keyValue.set(entries + key, JSON.stringify(entry), { ttlMs });
      await keyValue.set(contents + key, Buffer.from(bytes).toString('base64'), { ttlMs });
    },
    async entry(key) {
      const found = await keyValue.get(entries + key);
      return found && parseShelfEntry(found.value);
    },
    async update(key, entry) {
      for (;;) {
        const found = await keyValue.get(entries + key);
        if (found === undefined) return;
        const options = { ttlMs: ttlMsOf(entry), ifVersion: found.version };
        if (await keyValue.set(entries + key, JSON.stringify(entry), options)) return;
      }
    },
    async bytes(key) {
      const found = await keyValue.get(contents + key);
      return found && Buffer.from(found.value, 'base64');
    },
    async remove(key) {
      await keyValue.delete(contents + key);
      await keyValue.delete(entries + key);
    },
    async entries() {
      const found: [string, ShelfEntry][] = [];
      for await (const { key, value } of keyValue.list(entries)) {
        const entry = parseShelfEntry(value);
        if (entry !== undefined) found.push([key.slice(entries.length), entry]);
      }
      return found;
    },
  };
}
