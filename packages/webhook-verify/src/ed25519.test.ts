import { describe, expect, it, vi } from 'vitest';
import * as nodeCrypto from 'node:crypto';
import { compareEd25519 } from '../test/mutations.ts';
import { hasCanonicalScalar } from './ed25519-scalar.ts';
import { createNodeEd25519, ed25519, pureEd25519, type Ed25519 } from './ed25519.ts';
import { readPrivateKey, readPublicKey } from './telnyx-key.ts';
import { readVectors } from '../test/vectors.ts';

const nodeEd25519 = createNodeEd25519(nodeCrypto);
const [key] = readVectors('telnyx').keys;
const publicKey = readPublicKey(key?.rawBase64 ?? '');
const seed = readPrivateKey(Buffer.from(key?.seedHex ?? '', 'hex').toString('base64'));
const message = Buffer.from('1795165200|{}');

function failVerification(...args: readonly unknown[]): boolean {
  const callback = args.at(-1);
  if (typeof callback === 'function') callback(new Error('out of threads'), false);
  return false;
}

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

describe('the second half of a signature', () => {
  const order = 'edd3f55c1a631258d69cf7a2def9de14'.padEnd(62, '0').concat('10');

  it.each([
    ['0', '00'.repeat(32), true],
    ['one less than the group order', order.replace(/^ed/u, 'ec'), true],
    ['less in the middle', order.replace('1a63', '1a62').replace(/^ed/u, 'ff'), true],
    ['the group order', order, false],
    ['one more', order.replace(/^ed/u, 'ee'), false],
    ['more in the middle', order.replace('1a63', '1a64').replace(/^ed/u, '00'), false],
    ['more in its last byte', `${'00'.repeat(31)}11`, false],
    ['not there', '', false],
  ])('may be %s: %s is %s', (_, scalar, isCanonical) => {
    const signature = Buffer.from(`${'ff'.repeat(32)}${scalar}`, 'hex');
    expect(hasCanonicalScalar(signature)).toBe(isCanonical);
  });
});

describe('Ed25519 with node:crypto', () => {
  const signature = nodeEd25519.sign(seed, message);

  it('makes each key once, and asks for nothing that is wrong already', async () => {
    const createPublicKey = vi.fn<typeof nodeCrypto.createPublicKey>(nodeCrypto.createPublicKey);
    const counting = createNodeEd25519({ ...nodeCrypto, createPublicKey });
    for (let time = 0; time < 3; time += 1) counting.verify(publicKey, message, signature);
    expect(createPublicKey).toHaveBeenCalledTimes(1);
    expect(counting.sha512(message)).toEqual(nodeEd25519.sha512(message));
    const forged = Buffer.alloc(64, 0xff);
    const other = Uint8Array.from(publicKey);
    expect(counting.verify(other, message, forged)).toBe(false);
    await expect(counting.verifyAsync(other, message, forged)).resolves.toBe(false);
    expect(createPublicKey).toHaveBeenCalledTimes(1);
  });

  it('rejects when node:crypto fails', async () => {
    const failing = Object.assign({ ...nodeCrypto }, { verify: failVerification });
    const verdict = createNodeEd25519(failing).verifyAsync(publicKey, message, signature);
    await expect(verdict).rejects.toThrow('out of threads');
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
