/** The texts carriers send have 1 to 4 KB. */
export const maxKnownFormBytes = 8192;
export const maxKnownUrlLength = 4096;

/** What a form and a URL take: the form as it came, the key, the URL and the fields to sign. */
function neededBytes(formBytes: number, urlLength: number): number {
  // A UTF-16 unit takes at most three bytes; between the parts are a few more.
  return 2 * formBytes + 3 * urlLength + 512;
}

/**
 * Memory to work in until `wipeScratch`. It is always the same, as fresh memory costs more than what
 * is done in it: nothing may be kept in it, and nothing of a caller's may run in between.
 */
export const scratch = Buffer.alloc(neededBytes(maxKnownFormBytes, maxKnownUrlLength));
const scratchBytes = new Uint8Array(scratch.buffer, scratch.byteOffset, scratch.length);
export const scratchView = new DataView(scratch.buffer, scratch.byteOffset, scratch.length);

/** Overwrites what a request left, so that no later one finds it. */
export function wipeScratch(formBytes: number, urlLength: number): void {
  if (formBytes <= maxKnownFormBytes && urlLength <= maxKnownUrlLength) {
    scratchBytes.fill(0, 0, neededBytes(formBytes, urlLength));
  }
}
