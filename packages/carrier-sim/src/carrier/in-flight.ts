/** Work that was started and has not ended, with the timers that lead to more of it. */
export interface InFlight {
  /** Aborted at the end of {@link InFlight.stop}. */
  readonly signal: AbortSignal;
  /** True from the moment {@link InFlight.stop} is called: what goes on in steps takes no more of them. */
  readonly stopped: boolean;
  /** Counts a piece of work until it settles. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves after so many milliseconds; false when stopped, or the signal aborted, before. Counts as work. */
  pause(ms: number, signal?: AbortSignal): Promise<boolean>;
  /** Counts work that nobody waits for; what goes wrong in it is thrown by {@link InFlight.settled}. */
  background(work: Promise<unknown>): void;
  /**
   * Resolves as soon as nothing is in flight.
   *
   * @throws {AggregateError} when work in the background failed since the last call
   */
  settled(): Promise<void>;
  /** Ends all pauses at once; work on the wire is aborted when it has not ended after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Makes an empty register. After {@link InFlight.stop} it starts nothing more. */
export function createInFlight(): InFlight {
  const work = new Set<Promise<unknown>>();
  const abort = new AbortController();
  const pauses = new Set<() => void>();
  const failures: unknown[] = [];
  let stopped = false;

  const track = <T>(promise: Promise<T>): Promise<T> => {
    work.add(promise);
    const forget = (): void => {
      work.delete(promise);
    };
    promise.then(forget, forget);
    return promise;
  };

  const drained = async (): Promise<void> => {
    // Work that ends may have started more.
    while (work.size > 0) {
      await Promise.allSettled(work);
    }
  };

  return {
    signal: abort.signal,
    get stopped() {
      return stopped;
    },
    track,
    pause(ms, signal) {
      if (stopped || signal?.aborted === true) return Promise.resolve(false);
      return track(
        new Promise<boolean>((resolve) => {
          const end = (ranOut: boolean): void => {
            clearTimeout(timer);
            pauses.delete(cut);
            signal?.removeEventListener('abort', cut);
            resolve(ranOut);
          };
          const cut = (): void => end(false);
          const timer = setTimeout(() => end(true), ms);
          pauses.add(cut);
          signal?.addEventListener('abort', cut);
        }),
      );
    },
    background(promise) {
      void track(promise.catch((error: unknown) => failures.push(error)));
    },
    async settled() {
      await drained();
      if (failures.length === 0) return;
      throw new AggregateError(
        failures.splice(0),
        'the simulated carrier failed in the background',
      );
    },
    async stop(graceMs) {
      stopped = true;
      for (const cut of pauses) cut();
      if (work.size > 0) {
        const timer = setTimeout(() => abort.abort(), graceMs);
        await drained();
        clearTimeout(timer);
      }
      abort.abort();
    },
  };
}
