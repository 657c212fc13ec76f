import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createNodeEd25519, pureEd25519 } from '../src/ed25519.ts';
import { decodeBase64 } from '../src/base64.ts';
import { readPublicKey } from '../src/telnyx-key.ts';
import { readVectors } from './vectors.ts';

const nodeEd25519 = createNodeEd25519(await import('node:crypto'));

/** Bytes that look random and are the same each time. */
function bytesOf(seed: number): Buffer {
  return createHash('sha512').update(String(seed)).digest();
}

/** Adds the group order to the second half of a signature: the other form that must be refused. */
function addGroupOrder(signature: Uint8Array): Uint8Array {
  const order = (1n << 252n) + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
  const scalar = BigInt(`0x${Buffer.from(signature.subarray(32).toReversed()).toString('hex')}`);
  const hex = (scalar + order).toString(16).padStart(64, '0');
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(hex, 'hex').toReversed()]);
}

interface Triple {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

function mutate({ key, message, signature }: Triple, seed: number): Triple {
  const random = bytesOf(seed);
  const flip = (bytes: Uint8Array): Uint8Array => {
    const flipped = Uint8Array.from(bytes);
    const bit = random.readUInt32LE(4) % Math.max(1, 8 * bytes.length);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return flipped;
  };
  switch ((random[0] ?? 0) % 6) {
    case 0:
      return { key, message: flip(message), signature };
    case 1:
      return { key: flip(key), message, signature };
    case 2:
      return { key, message, signature: addGroupOrder(signature) };
    case 3:
      return { key, message, signature: random };
    case 4:
      return { key, message, signature };
    default:
      return { key, message, signature: flip(signature) };
  }
}

/**
 * Mutates the Telnyx vectors and asks both implementations of Ed25519. Answers how many they
 * accepted, and the seeds on which they disagreed.
 */
export function compareEd25519(count: number): {
  readonly acceptedCount: number;
  readonly disagreements: readonly number[];
} {
  const triples = readVectors('telnyx')
    .vectors.filter(({ expected }) => expected)
    .map((vector) => ({
      key: readPublicKey(vector.publicKey),
      message: Buffer.from(`${vector.timestamp}|${vector.body}`),
      signature: decodeBase64(vector.signature) ?? new Uint8Array(64),
    }));
  const disagreements: number[] = [];
  let acceptedCount = 0;
  for (let seed = 0; seed < count; seed += 1) {
    const triple = triples[seed % triples.length];
    if (triple === undefined) break;
    const { key, message, signature } = mutate(triple, seed);
    const byNode = nodeEd25519.verify(key, message, signature);
    if (byNode) acceptedCount += 1;
    if (byNode !== pureEd25519.verify(key, message, signature)) disagreements.push(seed);
  }
  return { acceptedCount, disagreements };
}
