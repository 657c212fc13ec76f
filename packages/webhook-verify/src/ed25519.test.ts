import { describe, expect, it } from 'vitest';
import * as nodeCrypto from 'node:crypto';
import { compareEd25519 } from '../test/mutations.ts';
import { createNodeEd25519, ed25519, pureEd25519, type Ed25519 } from './ed25519.ts';
import { readPrivateKey, readPublicKey } from './telnyx-key.ts';
import { readVectors } from '../test/vectors.ts';

const nodeEd25519 = createNodeEd25519(nodeCrypto);
const [key] = readVectors('telnyx').keys;
const publicKey = readPublicKey(key?.rawBase64 ?? '');
const seed = readPrivateKey(Buffer.from(key?.seedHex ?? '', 'hex').toString('base64'));
const message = Buffer.from('1795165200|{}');

describe.each<[string, Ed25519]>([
  ['node:crypto', nodeEd25519],
  ['tweetnacl', pureEd25519],
])('Ed25519 with %s', (_, implementation) => {
  const signature = implementation.sign(seed, message);

  it('accepts what it signed, now and later', async () => {
    expect(implementation.verify(publicKey, message, signature)).toBe(true);
    await expect(implementation.verifyAsync(publicKey, message, signature)).resolves.toBe(true);
  });

  it('refuses another message', async () => {
    const other = Buffer.from('1795165200|{ }');
    expect(implementation.verify(publicKey, other, signature)).toBe(false);
    await expect(implementation.verifyAsync(publicKey, other, signature)).resolves.toBe(false);
  });

  it('refuses a scalar that is the group order, or beyond it', async () => {
    const order = 'edd3f55c1a631258d69cf7a2def9de14'.padEnd(62, '0');
    for (const scalar of [`${order}10`, `${order}11`, 'ff'.repeat(32)]) {
      const forged = Buffer.concat([signature.subarray(0, 32), Buffer.from(scalar, 'hex')]);
      expect(implementation.verify(publicKey, message, forged)).toBe(false);
      await expect(implementation.verifyAsync(publicKey, message, forged)).resolves.toBe(false);
    }
  });

  it('makes the one signature and digest there is', () => {
    expect(Buffer.from(signature).toString('base64')).toBe(
      Buffer.from(nodeEd25519.sign(seed, message)).toString('base64'),
    );
    expect(Buffer.from(implementation.sha512(message)).toString('hex')).toBe(
      nodeCrypto.createHash('sha512').update(message).digest('hex'),
    );
  });
});

it('uses node:crypto where there is one', () => {
  expect(ed25519).not.toBe(pureEd25519);
});

it('gives one verdict with either implementation on mutated vectors', () => {
  const { acceptedCount, disagreements } = compareEd25519(150);
  expect(acceptedCount).toBeGreaterThan(10);
  expect(disagreements).toEqual([]);
});
