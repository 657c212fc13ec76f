/** How long between two tries: about half a minute in all. */
const pausesMs = [50, 100, 250, 500, 1000, 2000, 4000, 8000, 15_000];

/**
 * Does something again while it fails, for about half a minute or until the server closes: what only this process knows
 * must not be lost because the disk was full for a moment.
 *
 * Rejects with the last failure.
 */
export async function keepTrying<Result>(
  act: () => Promise<Result>,
  closing: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<Result> {
  for (const pauseMs of pausesMs) {
    try {
      return await act();
    } catch (error) {
      if (closing.aborted) throw error;
      onFailure(error);
      await pause(pauseMs, closing);
    }
  }
  return act();
}

/** Ends early when the server closes: there is one last try then. */
function pause(ms: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      closing.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (closing.aborted) end();
    else closing.addEventListener('abort', end, { once: true });
  });
}
