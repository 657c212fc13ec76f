import { createHmac, hash, timingSafeEqual } from 'node:crypto';

export type HmacAlgorithm = 'sha1' | 'sha256';

/** Block size of SHA-1 and SHA-256. A message to sign leaves this much room in front of it. */
export const blockBytes = 64;

const digestBytes = { sha1: 20, sha256: 32 };
/** How many keys are kept padded for each algorithm: tokens, that is, of which most have one. */
const maxKeyCount = 16;
const noKey = new Uint8Array(blockBytes);

/** What a key becomes before it meets a message. */
interface PaddedKey {
  /** What the inner hash begins with. */
  readonly inner: Uint8Array;
  /** What the outer hash is of: the padded key, and room for the inner digest. */
  readonly outer: Buffer;
}

const paddedKeys = { sha1: new Map<string, PaddedKey>(), sha256: new Map<string, PaddedKey>() };

/** Undefined for a key longer than a block, which no carrier gives out. */
function padKey(algorithm: HmacAlgorithm, key: string): PaddedKey | undefined {
  if (Buffer.byteLength(key) > blockBytes) return undefined;
  const inner = Buffer.alloc(blockBytes);
  inner.write(key, 'utf8');
  const outer = Buffer.alloc(blockBytes + digestBytes[algorithm]);
  for (const [index, byte] of inner.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  const padded = { inner, outer };
  const known = paddedKeys[algorithm];
  if (known.size === maxKeyCount) known.clear();
  known.set(key, padded);
  return padded;
}

/**
 * HMAC (RFC 2104) of `message` from `blockBytes` on, in base64. Two one-shot hashes cost half of
 * what `createHmac` costs; the room in front of the message takes the padded key, and is cleared.
 */
export function signMessage(algorithm: HmacAlgorithm, key: string, message: Buffer): string {
  const padded = paddedKeys[algorithm].get(key) ?? padKey(algorithm, key);
  if (padded === undefined) {
    return createHmac(algorithm, key).update(message.subarray(blockBytes)).digest('base64');
  }
  const { inner, outer } = padded;
  message.set(inner);
  outer.write(hash(algorithm, message, 'binary'), blockBytes, 'latin1');
  message.set(noKey);
  return hash(algorithm, outer, 'base64');
}

/** Two buffers for each length that a signature or digest may have, as text. */
const comparands: ReadonlyMap<number, readonly [Buffer, Buffer]> = new Map(
  [28, 44, 64].map((length) => [length, [Buffer.alloc(length), Buffer.alloc(length)]]),
);

/** For base64 of SHA-1 and SHA-256 digests and hexadecimal ones of SHA-256; anything else differs. */
export function equalsInConstantTime(expected: string, given: string): boolean {
  const buffers = comparands.get(expected.length);
  if (buffers === undefined || given.length !== expected.length) return false;
  buffers[0].write(expected, 'latin1');
  buffers[1].write(given, 'latin1');
  // Latin-1 keeps one byte of a character: only the text itself tells "\u0141" from "A". Whoever gets
  // so far has the signature already, so that the time it takes tells nothing.
  return timingSafeEqual(buffers[0], buffers[1]) && given === expected;
}
