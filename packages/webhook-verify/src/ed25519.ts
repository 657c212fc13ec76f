import type { KeyObject } from 'node:crypto';
import nacl from 'tweetnacl';
import { derPrefixes } from './telnyx-key.ts';

/** Ed25519 (RFC 8032 §5.1) over raw keys. */
export interface Ed25519 {
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** Off the event loop where the runtime can do that. */
  verifyAsync(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
  sha512(message: Uint8Array): Uint8Array;
}

/** For runtimes without node:crypto; 10 to 30 times slower. */
export const pureEd25519: Ed25519 = {
  verify: (publicKey, message, signature) =>
    hasCanonicalScalar(signature) && nacl.sign.detached.verify(message, signature, publicKey),
  verifyAsync: async (publicKey, message, signature) =>
    pureEd25519.verify(publicKey, message, signature),
  sign: (seed, message) => nacl.sign.detached(message, nacl.sign.keyPair.fromSeed(seed).secretKey),
  sha512: (message) => nacl.hash(message),
};

export function createNodeEd25519(crypto: typeof import('node:crypto')): Ed25519 {
  const keys = new WeakMap<Uint8Array, KeyObject>();
  const keyOf = (raw: Uint8Array): KeyObject => {
    let key = keys.get(raw);
    if (key === undefined) {
      const der = Buffer.concat([derPrefixes.spki, raw]);
      key = crypto.createPublicKey({ key: der, format: 'der', type: 'spki' });
      keys.set(raw, key);
    }
    return key;
  };
  return {
    verify: (publicKey, message, signature) =>
      hasCanonicalScalar(signature) && crypto.verify(null, message, keyOf(publicKey), signature),
    verifyAsync: (publicKey, message, signature) =>
      new Promise((resolve, reject) => {
        if (!hasCanonicalScalar(signature)) return resolve(false);
        crypto.verify(null, message, keyOf(publicKey), signature, (error, matches) => {
          if (error === null) resolve(matches);
          else reject(error);
        });
      }),
    sign: (seed, message) => {
      const der = Buffer.concat([derPrefixes.pkcs8, seed]);
      return crypto.sign(
        null,
        message,
        crypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
      );
    },
    sha512: (message) => crypto.hash('sha512', message, 'buffer'),
  };
}

/** The order of the group, little-endian. */
const groupOrder = Uint8Array.from([
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
]);

/**
 * The signature's second half must be below the group order (RFC 8032 §5.1.7). OpenSSL checks it
 * and tweetnacl does not; without it every signature has a second form.
 */
function hasCanonicalScalar(signature: Uint8Array): boolean {
  for (let index = 31; index >= 0; index -= 1) {
    const byte = signature[32 + index] ?? 0xff;
    const limit = groupOrder[index] ?? 0;
    if (byte !== limit) return byte < limit;
  }
  return false;
}

// Asked for at run time, so that a bundle for a runtime without node:crypto still loads.
const nodeCrypto = globalThis.process?.getBuiltinModule?.('node:crypto');

export const ed25519: Ed25519 =
  nodeCrypto === undefined ? pureEd25519 : createNodeEd25519(nodeCrypto);
