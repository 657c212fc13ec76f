/** How long to wait after the run of that number, from 1: a second, then twice as long each time, up to `longestMs`. */
export function growingPauseMs(attempt: number, longestMs: number): number {
  return Math.min(longestMs, 1000 * 2 ** Math.min(20, attempt - 1));
}
