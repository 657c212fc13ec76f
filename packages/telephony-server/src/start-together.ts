import type { Runner } from '@openclaw/telephony-store';

/** Starts all of them, or none: when one throws, those that had begun are closed, and the error is the caller's. */
export function startTogether(starts: readonly (() => Runner)[]): readonly Runner[] {
  const begun: Runner[] = [];
  try {
    for (const start of starts) begun.push(start());
    return begun;
  } catch (error) {
    // What they have under way ends by itself.
    for (const runner of begun) void runner.close();
    throw error;
  }
}
