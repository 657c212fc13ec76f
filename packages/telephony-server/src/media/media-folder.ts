import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type MediaShelf, parseShelfEntry, type ShelfEntry } from './media-shelf.ts';

/** No write takes so long. */
const staleMs = 3_600_000;
const entryName = /^([0-9a-f]{64})\.json$/u;

/**
 * Keeps media in a folder that nobody else uses: two files for each, readable by this user alone. Several processes may
 * share it.
 */
export function createMediaFolder(folder: string): MediaShelf {
  const entryPath = (key: string): string => join(folder, `${key}.json`);
  const bytesPath = (key: string): string => join(folder, `${key}.bin`);

  async function writeEntry(key: string, entry: ShelfEntry): Promise<void> {
    const draft = join(folder, `${key}.draft`);
    await write(draft, JSON.stringify(entry));
    await rename(draft, entryPath(key));
    await syncFolder(folder);
  }
  /** What a process left that died before it could give it its name. */
  async function sweepDraft(name: string): Promise<void> {
    const path = join(folder, name);
    const written = (await unlessMissing(stat(path)))?.mtimeMs ?? Infinity;
    if (Date.now() - written > staleMs) await rm(path, { force: true });
  }
  const entryOf = async (key: string): Promise<ShelfEntry | undefined> => {
    const text = await unlessMissing(readFile(entryPath(key), 'utf8'));
    return text === undefined ? undefined : parseShelfEntry(text);
  };

  return {
    async put(key, entry, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // First what is known of it: bytes of which nothing is known would never be removed.
      await writeEntry(key, entry);
      await write(bytesPath(key), bytes);
      await syncFolder(folder);
    },
    entry: entryOf,
    async update(key, entry) {
      if ((await entryOf(key)) !== undefined) await writeEntry(key, entry);
    },
    bytes: (key) => unlessMissing(readFile(bytesPath(key))),
    async remove(key) {
      // In this order, so that a crash in between leaves something that is found again.
      await rm(bytesPath(key), { force: true });
      await rm(join(folder, `${key}.draft`), { force: true });
      await rm(entryPath(key), { force: true });
    },
    async entries() {
      const names = (await unlessMissing(readdir(folder))) ?? [];
      const found: [string, ShelfEntry][] = [];
      for (const name of names) {
        if (name.endsWith('.draft')) await sweepDraft(name);
        const key = entryName.exec(name)?.[1];
        const entry = key === undefined ? undefined : await entryOf(key);
        if (key !== undefined && entry !== undefined) found.push([key, entry]);
      }
      return found;
    },
  };
}

/** On the disk when it resolves: a send that refers to it may be durable a moment later. */
async function write(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Names are on the disk only when their folder is. Where a folder cannot be synced, as on Windows, the system does it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}

async function unlessMissing<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
