import type { KeyObject } from 'node:crypto';
import nacl from 'tweetnacl';
import { hasCanonicalScalar } from './ed25519-scalar.ts';
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

// Asked for at run time, so that a bundle for a runtime without node:crypto still loads.
const nodeCrypto = globalThis.process?.getBuiltinModule?.('node:crypto');

export const ed25519: Ed25519 =
  nodeCrypto === undefined ? pureEd25519 : createNodeEd25519(nodeCrypto);
