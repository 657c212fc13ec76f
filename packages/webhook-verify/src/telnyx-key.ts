import { decodeBase64 } from './base64.ts';
import { WebhookVerificationError } from './error.ts';

/** What stands before the 32 bytes in the DER forms of RFC 8410: SPKI and PKCS #8. */
const spkiPrefix = '302a300506032b6570032100';
const pkcs8Prefix = '302e020100300506032b657004220420';

/**
 * Keys of small order (and their other spellings): with one of these anybody can sign anything.
 * A placeholder such as 32 zero bytes is among them. Without the sign bit; little-endian.
 */
const smallOrderKeys: ReadonlySet<string> = new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
]);

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The 32 bytes at the end of a key in base64 (raw or DER) or PEM; undefined for anything else. */
function readKey(text: string, derPrefix: string): Uint8Array | undefined {
  const base64 = text
    .replaceAll(/-----(?:BEGIN|END) (?:PUBLIC|PRIVATE) KEY-----/gu, '')
    .replaceAll(/\s/gu, '')
    .replace(/=+$/u, '');
  const bytes = decodeBase64(base64 + '='.repeat(-base64.length & 3));
  if (bytes === undefined) return undefined;
  const prefix = toHex(bytes.subarray(0, Math.max(0, bytes.length - 32)));
  const isKey =
    bytes.length === 32 || (prefix === derPrefix && bytes.length === prefix.length / 2 + 32);
  return isKey ? bytes.subarray(-32) : undefined;
}

/** Enough for every account of a server; a longer list of keys is a mistake or an attack. */
const maxCachedKeyCount = 64;
const cachedKeys = new Map<string, Uint8Array>();

/** The 32 bytes of a public key, the same object each time. Throws `unusable_secret`. */
export function readPublicKey(text: string): Uint8Array {
  const cached = cachedKeys.get(text);
  if (cached !== undefined) return cached;
  const key = readKey(text, spkiPrefix);
  if (key === undefined || isOfSmallOrder(key)) {
    throw new WebhookVerificationError(
      'unusable_secret',
      'publicKey is not an Ed25519 key: copy it from Keys & Credentials > Public Key in Mission Control (base64 of 32 bytes, or SPKI as base64 or PEM).',
    );
  }
  if (cachedKeys.size >= maxCachedKeyCount) cachedKeys.clear();
  cachedKeys.set(text, key);
  return key;
}

/** The 32-byte seed of a private key. Throws `unusable_secret`. */
export function readPrivateKey(text: unknown): Uint8Array {
  const seed = typeof text === 'string' ? readKey(text, pkcs8Prefix) : undefined;
  if (seed !== undefined) return seed;
  throw new WebhookVerificationError(
    'unusable_secret',
    'privateKey is not an Ed25519 key: pass base64 of the 32-byte seed, or PKCS #8 as base64 or PEM.',
  );
}

function isOfSmallOrder(key: Uint8Array): boolean {
  const unsigned = Uint8Array.from(key);
  unsigned[31] = (unsigned[31] ?? 0) & 0x7f;
  return smallOrderKeys.has(toHex(unsigned));
}

/** DER forms for node:crypto, which takes no raw keys. */
export const derPrefixes = {
  spki: decodeHex(spkiPrefix),
  pkcs8: decodeHex(pkcs8Prefix),
} as const;

function decodeHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}
