import { createPrivateKey, createPublicKey } from 'node:crypto';
import { type Random, randomHex } from '../carrier/random-id.ts';

/** What stands before the 32 bytes of a seed in PKCS #8 (RFC 8410 §7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key pair in the forms that Telnyx and its SDK use. */
export interface SigningKey {
  /** Base64 of the 32-byte seed. */
  readonly privateKey: string;
  /** Base64 of the 32 raw bytes, as Mission Control shows it. */
  readonly publicKey: string;
}

/**
 * Makes a key pair from a seed, or from random numbers.
 *
 * @throws {RangeError} when the seed is none
 */
export function createSigningKey(privateKey: string | undefined, random: Random): SigningKey {
  const seed =
    privateKey === undefined
      ? Buffer.from(randomHex(64, random), 'hex')
      : Buffer.from(privateKey, 'base64');
  if (seed.byteLength !== 32) {
    throw new RangeError('`privateKey` is not base64 of the 32-byte seed of an Ed25519 key');
  }
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    privateKey: seed.toString('base64'),
    publicKey: spki.subarray(-32).toString('base64'),
  };
}
