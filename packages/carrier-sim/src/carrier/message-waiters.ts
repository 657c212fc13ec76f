/** Hands out things that arrive, each at most once, to whoever waits for one like it. */
export interface Waiters<Item> {
  /** Something arrived. */
  offer(item: Item): void;
  /**
   * The oldest one that fits and was not handed out yet, or the next to arrive.
   *
   * @throws {Error} when none came within `timeoutMs`, or the waiters were dismissed
   */
  next(fits: (item: Item) => boolean, timeoutMs: number, wanted: string): Promise<Item>;
  /** Forgets what nobody asked for, and tells everybody who waits why nothing will come. */
  dismiss(reason: string): void;
}

interface Waiter<Item> {
  readonly fits: (item: Item) => boolean;
  readonly take: (item: Item) => void;
  readonly giveUp: (reason: string) => void;
}

/** Makes waiters that keep at most `maxUnclaimedCount` things nobody asked for; later ones are not kept. */
export function createWaiters<Item>(maxUnclaimedCount: number): Waiters<Item> {
  const unclaimed: Item[] = [];
  const waiting = new Set<Waiter<Item>>();
  return {
    offer(item) {
      for (const waiter of waiting) {
        if (!waiter.fits(item)) continue;
        waiter.take(item);
        return;
      }
      if (unclaimed.length < maxUnclaimedCount) unclaimed.push(item);
    },
    next(fits, timeoutMs, wanted) {
      const index = unclaimed.findIndex(fits);
      const [found] = index < 0 ? [] : unclaimed.splice(index, 1);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => waiter.giveUp(`none arrived within ${timeoutMs} ms`),
          timeoutMs,
        );
        const leave = (): void => {
          clearTimeout(timer);
          waiting.delete(waiter);
        };
        const waiter: Waiter<Item> = {
          fits,
          take(item) {
            leave();
            resolve(item);
          },
          giveUp(reason) {
            leave();
            reject(
              new Error(
                `waited for ${wanted}: ${reason}; ${unclaimed.length} others are unclaimed`,
              ),
            );
          },
        };
        waiting.add(waiter);
      });
    },
    dismiss(reason) {
      unclaimed.length = 0;
      for (const waiter of waiting) waiter.giveUp(reason);
    },
  };
}
