/** Enough for the default `maxBodyBytes`, once decoded and once as the text to sign, and a URL. */
const scratch = Buffer.alloc(2 * 65_536 + 8192);

/**
 * Memory to work in until `wipe`. It is always the same, as fresh memory costs more than what is
 * done in it: nothing may be kept in it, and nothing of a caller's may run in between.
 */
export function takeScratch(bytes: number): Buffer {
  return bytes > scratch.length ? Buffer.allocUnsafe(bytes) : scratch;
}

/** Overwrites what a request left, so that no later one finds it. */
export function wipe(memory: Buffer, bytes: number): void {
  memory.fill(0, 0, bytes);
}
