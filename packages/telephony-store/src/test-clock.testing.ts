/** A clock that stands still until a test moves it. */
export interface TestClock {
  readonly now: () => Date;
  /** Forwards, or back when `ms` is below 0. */
  advance(ms: number): void;
}

export function createTestClock(startMs = Date.UTC(2026, 0, 1)): TestClock {
  let atMs = startMs;
  return {
    now: () => new Date(atMs),
    advance: (ms) => {
      atMs += ms;
    },
  };
}

/** Keeps what handlers report, and lets a test wait for it without a timer. */
export interface Journal {
  readonly lines: readonly string[];
  write(line: string): void;
  /** Resolves when there are so many lines. */
  reaches(lineCount: number): Promise<void>;
}

export function createJournal(): Journal {
  const lines: string[] = [];
  const waiters: { readonly lineCount: number; readonly resolve: () => void }[] = [];
  return {
    lines,
    write(line) {
      lines.push(line);
      for (const { lineCount, resolve } of waiters) if (lines.length >= lineCount) resolve();
    },
    reaches: (lineCount) =>
      new Promise((resolve) => {
        if (lines.length >= lineCount) resolve();
        else waiters.push({ lineCount, resolve });
      }),
  };
}

/** A promise with its handle outside, to hold a handler until the test lets it go. */
export function createGate(): { readonly opened: Promise<void>; open(): void } {
  const resolvers: (() => void)[] = [];
  const opened = new Promise<void>((resolve) => resolvers.push(resolve));
  return {
    opened,
    open() {
      for (const resolve of resolvers) resolve();
    },
  };
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
