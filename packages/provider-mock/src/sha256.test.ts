import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmacSha256, sha256, toHex } from './sha256.ts';

describe('sha256', () => {
  it('agrees with node:crypto around every block boundary', () => {
    for (let length = 0; length <= 130; length += 1) {
      const message = new Uint8Array(length).map((_, index) => (index * 31 + length) & 0xff);
      expect(toHex(sha256(message))).toBe(createHash('sha256').update(message).digest('hex'));
    }
  });

  it('agrees with node:crypto as an HMAC, for keys shorter and longer than a block', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 300 }),
        (key, message) => {
          const expected = createHmac('sha256', key).update(message).digest('hex');
          expect(toHex(hmacSha256(key, message))).toBe(expected);
        },
      ),
    );
  });
});
