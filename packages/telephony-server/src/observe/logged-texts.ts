import type { KeyValueStore } from '@openclaw/telephony-store';
import { logPrefix, parseLogEntry, writtenAtMsOf } from './message-log-entry.ts';

/** Knows which texts have their record in the log, so that one that is handled again is not looked for in all of it. */
export interface LoggedTexts {
  add(inboxId: string): void;
  /** Whether a text has its record: a crash may have come before the write, or after it. */
  has(inboxId: string, sinceMs: number): Promise<boolean>;
}

/**
 * Keeps ids in memory. What a process before this one has logged is read once, as far back as somebody asks, and not once
 * for every text that waited over the restart.
 */
export function createLoggedTexts(keyValue: KeyValueStore, maxCount: number): LoggedTexts {
  const ids = new Set<string>();
  /** Of everything that was written since then, the ids are known. */
  let knownSinceMs = Infinity;
  let reading: Promise<void> | undefined;

  function add(inboxId: string): void {
    // The one that was named last goes last.
    ids.delete(inboxId);
    ids.add(inboxId);
    if (ids.size <= maxCount) return;
    for (const oldest of ids) {
      ids.delete(oldest);
      return;
    }
  }

  async function read(sinceMs: number): Promise<void> {
    const found: string[] = [];
    for await (const entry of keyValue.list(logPrefix)) {
      const writtenAtMs = writtenAtMsOf(entry);
      if (writtenAtMs < sinceMs) break;
      const inboxId = writtenAtMs < knownSinceMs ? parseLogEntry(entry)?.inboxId : undefined;
      if (inboxId !== undefined) found.push(inboxId);
    }
    for (const inboxId of found.toReversed()) add(inboxId);
    knownSinceMs = Math.min(knownSinceMs, sinceMs);
  }

  return {
    add,
    async has(inboxId, sinceMs) {
      while (!ids.has(inboxId) && sinceMs < knownSinceMs) {
        reading ??= read(sinceMs).finally(() => {
          reading = undefined;
        });
        await reading;
      }
      return ids.has(inboxId);
    },
  };
}
