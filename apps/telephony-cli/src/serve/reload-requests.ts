/** Requests to read the configuration anew, kept until somebody can carry them out. */
export interface ReloadRequests {
  /** Calls the listener for what was asked until now, and for every request to come. */
  carryOut(listener: () => void): void;
  /** Takes no more requests. */
  stop(): void;
}

/**
 * Takes requests from now on, so that one that comes while a server starts or ends neither ends it nor gets lost.
 *
 * @param onReload calls a listener for every request, until its result is called
 */
export function gatherReloads(onReload: (listener: () => void) => () => void): ReloadRequests {
  let isAsked = false;
  let carryOut = (): void => {
    isAsked = true;
  };
  const stop = onReload(() => carryOut());
  return {
    carryOut(listener) {
      carryOut = listener;
      if (isAsked) listener();
      isAsked = false;
    },
    stop,
  };
}
