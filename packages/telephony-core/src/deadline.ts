/** How long something may take, shared with what began at about the same time. */
export interface Deadline {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  /** To be called when it has ended, whichever way. */
  done(): void;
}

/** What began together. */
interface Group {
  readonly controller: AbortController;
  readonly openedAtMs: number;
  readonly timer: ReturnType<typeof setTimeout>;
  count: number;
  pending: number;
}

/** `fetch` leaves a listener on its signal until the garbage collector comes, and warns of more than 1,500. */
const mostTogether = 500;

/**
 * Makes deadlines of so many milliseconds, or up to a twentieth more. A controller of its own would cost each `fetch` a
 * sixth of what all of it costs.
 */
export function createDeadlines(timeoutMs: number): () => Deadline {
  const togetherMs = timeoutMs / 20;
  let current: Group | undefined;

  function open(nowMs: number): Group {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort(new DOMException('the carrier did not answer in time', 'TimeoutError'));
    }, timeoutMs + togetherMs);
    return { controller, openedAtMs: nowMs, timer, count: 0, pending: 0 };
  }
  return () => {
    const nowMs = performance.now();
    if (
      current === undefined ||
      nowMs - current.openedAtMs > togetherMs ||
      current.count >= mostTogether
    ) {
      current = open(nowMs);
    }
    const group = current;
    group.count += 1;
    group.pending += 1;
    return {
      signal: group.controller.signal,
      done() {
        group.pending -= 1;
        if (group.pending > 0) return;
        // A timer that is not needed any more must not keep the process alive.
        clearTimeout(group.timer);
        if (current === group) current = undefined;
      },
    };
  };
}
