/** Keeps the first so many entries and counts the rest, so that a long run cannot fill the memory. */
export interface BoundedLog<Entry> {
  add(entry: Entry): void;
  clear(): void;
  readonly entries: readonly Entry[];
  readonly droppedCount: number;
}

/** Makes an empty log. */
export function createBoundedLog<Entry>(maxCount: number): BoundedLog<Entry> {
  const entries: Entry[] = [];
  let droppedCount = 0;
  return {
    add(entry) {
      if (entries.length < maxCount) entries.push(entry);
      else droppedCount += 1;
    },
    clear() {
      entries.length = 0;
      droppedCount = 0;
    },
    entries,
    get droppedCount() {
      return droppedCount;
    },
  };
}
