/** Counts what a peer gets wrong. It refuses nothing itself, so that a genuine request is never its victim. */
export interface FailureBudget {
  /** Counts one failure; `spent` tells that this was the first one too many of the minute. */
  fail(peer: string): 'within' | 'spent' | 'over';
  /** True until the minute is over in which the peer spent its budget. */
  isSpent(peer: string): boolean;
  /** Whole seconds until the peer has a new budget. */
  secondsLeft(peer: string): number;
}

/** What {@link createFailureBudget} takes. */
export interface FailureBudgetOptions {
  /** Default 300. */
  readonly perMinute?: number;
  /** Peers that are counted apart; default 10,000. */
  readonly maxPeers?: number;
  readonly now: () => Date;
}

interface Minute {
  readonly startedAtMs: number;
  failures: number;
}
const windowMs = 60_000;
/** Whoever comes when there is no room for another peer shares this one's budget. No peer has such a name. */
const everybodyElse = '*';

/**
 * Makes a budget of failures for each peer, by the minute. Its memory is bounded: once `maxPeers` have failed within one
 * minute, all further ones share one budget. That is safe, because a spent budget costs a genuine request nothing.
 */
export function createFailureBudget(options: FailureBudgetOptions): FailureBudget {
  const { perMinute = 300, maxPeers = 10_000, now } = options;
  const minutes = new Map<string, Minute>();

  function current(key: string, atMs: number): Minute | undefined {
    const minute = minutes.get(key);
    // Neither a minute that is over nor one of a clock that was set back.
    const age = minute === undefined ? -1 : atMs - minute.startedAtMs;
    return age >= 0 && age < windowMs ? minute : undefined;
  }
  function of(peer: string, atMs: number): Minute | undefined {
    return current(peer, atMs) ?? (minutes.has(peer) ? undefined : sharedBy(atMs));
  }
  const sharedBy = (atMs: number): Minute | undefined =>
    minutes.size >= maxPeers ? current(everybodyElse, atMs) : undefined;

  function begin(peer: string, atMs: number): Minute {
    minutes.delete(peer);
    if (minutes.size >= maxPeers) forgetOld(atMs);
    const key = minutes.size >= maxPeers ? everybodyElse : peer;
    const known = current(key, atMs);
    if (known !== undefined) return known;
    const minute: Minute = { startedAtMs: atMs, failures: 0 };
    minutes.set(key, minute);
    return minute;
  }
  function forgetOld(atMs: number): void {
    // In the order in which they began: whoever comes behind a live one lives too.
    for (const key of minutes.keys()) {
      if (current(key, atMs) !== undefined) return;
      minutes.delete(key);
    }
  }
  return {
    fail(peer) {
      const atMs = now().getTime();
      const minute = current(peer, atMs) ?? begin(peer, atMs);
      minute.failures += 1;
      if (minute.failures <= perMinute) return 'within';
      return minute.failures === perMinute + 1 ? 'spent' : 'over';
    },
    isSpent: (peer) => (of(peer, now().getTime())?.failures ?? 0) > perMinute,
    secondsLeft(peer) {
      const atMs = now().getTime();
      const minute = of(peer, atMs);
      if (minute === undefined) return 1;
      return Math.max(1, Math.ceil((minute.startedAtMs + windowMs - atMs) / 1000));
    },
  };
}
