/** Lets no more in than there is room for, among those who ask in one process. */
export interface Room {
  /**
   * Lets one in, who is there when `enter` has resolved.
   *
   * @throws what `full` makes, when there is no room
   */
  let<Value>(enter: () => Promise<Value>): Promise<Value>;
}

/**
 * Counts who is there, and not for each one who comes: that takes longer the more there are. A quarter of what is free is
 * let in before all are counted again, because other processes let in, too.
 */
export function createRoom(options: {
  readonly size: number;
  /** How many are there; it may end at a limit. */
  readonly count: (limit: number) => Promise<number>;
  readonly full: () => Error;
}): Room {
  const { size, count, full } = options;
  let uncounted = 0;
  let counting: Promise<boolean> | undefined;
  const entering = new Set<Promise<unknown>>();

  async function hasRoom(): Promise<boolean> {
    // Whoever is on the way in might be counted, or not.
    await Promise.allSettled(entering);
    uncounted = Math.ceil((size - (await count(size))) / 4);
    return uncounted > 0;
  }
  return {
    async let(enter) {
      while (uncounted < 1) {
        counting ??= hasRoom().finally(() => {
          counting = undefined;
        });
        if (!(await counting)) throw full();
      }
      uncounted -= 1;
      const entered = enter();
      entering.add(entered);
      return entered.finally(() => entering.delete(entered));
    },
  };
}
