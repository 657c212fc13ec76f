import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { decodeBase64, encodeBase64 } from './base64.ts';

describe('base64', () => {
  it('decodes what it and node:crypto encode', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const encoded = Buffer.from(bytes).toString('base64');
        expect(encodeBase64(bytes)).toBe(encoded);
        expect(decodeBase64(encoded)).toEqual(bytes);
        expect(decodeBase64(encoded.replaceAll('+', '-').replaceAll('/', '_'))).toEqual(bytes);
      }),
    );
  });

  it.each([
    'A',
    'AA',
    'AAA',
    'A===',
    'AB==',
    'AAB=',
    'AA=A',
    'AA==AAAA',
    '====',
    'AAA\u00e9',
    'AA\n=',
  ])('refuses "%s"', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
