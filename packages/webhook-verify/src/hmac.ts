import { createHmac, hash, timingSafeEqual } from 'node:crypto';

export type HmacAlgorithm = 'sha1' | 'sha256';

/** Block size of SHA-1 and SHA-256. A message to sign leaves this much room in front of it. */
export const blockBytes = 64;

/** What the outer hash is of: the padded key and the inner digest. */
const outerBlocks = { sha1: Buffer.alloc(blockBytes + 20), sha256: Buffer.alloc(blockBytes + 32) };

/**
 * HMAC (RFC 2104) of `message` from `blockBytes` on, in base64. Two one-shot hashes cost half of
 * what `createHmac` costs; the room in front of the message takes the padded key, and is cleared.
 */
export function signMessage(algorithm: HmacAlgorithm, key: string, message: Buffer): string {
  // A character takes at most three bytes, and a longer key would have to be hashed first.
  if (key.length * 3 > blockBytes && Buffer.byteLength(key) > blockBytes) {
    return createHmac(algorithm, key).update(message.subarray(blockBytes)).digest('base64');
  }
  const outerBlock = outerBlocks[algorithm];
  const keyBytes = message.write(key, 0, 'utf8');
  for (let index = 0; index < blockBytes; index += 1) {
    const byte = index < keyBytes ? (message[index] ?? 0) : 0;
    message[index] = byte ^ 0x36;
    outerBlock[index] = byte ^ 0x5c;
  }
  outerBlock.write(hash(algorithm, message, 'binary'), blockBytes, 'latin1');
  const signature = hash(algorithm, outerBlock, 'base64');
  for (let index = 0; index < blockBytes; index += 1) {
    message[index] = 0;
    outerBlock[index] = 0;
  }
  return signature;
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
  return timingSafeEqual(buffers[0], buffers[1]);
}
