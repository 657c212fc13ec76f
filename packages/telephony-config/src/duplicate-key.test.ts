import fc from 'fast-check';
import JSON5 from 'json5';
import { describe, expect, it } from 'vitest';
import { findDuplicateKey } from './duplicate-key.ts';

describe('a key that stands twice in one object', () => {
  it.each([
    ['{ a: 1, a: 2 }', { key: 'a', line: 1 }],
    ['{\n"a": 1,\n/* a: 5\n*/ a: 2 }', { key: 'a', line: 4 }],
    ["{ b: { a: [{ 'x': 1 }, { x: 2, \\u0078: 3 }] } }", { key: 'x', line: 1 }],
    ["{ a: 'it\\'s: // no, a: comment', 'a': 0 }", { key: 'a', line: 1 }],
  ])('is found in %s', (text, found) => {
    expect(findDuplicateKey(text)).toEqual(found);
  });
  it('is not seen where there is none, whatever the texts and keys are', () => {
    expect(findDuplicateKey('{ a: { a: { a: 1 } }, b: [{ a: 1 }, { a: 2 }] } // b: 2')).toBe(
      undefined,
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, space) => {
        expect(findDuplicateKey(JSON5.stringify(value, undefined, space))).toBeUndefined();
        expect(findDuplicateKey(JSON.stringify(value, undefined, space))).toBeUndefined();
      }),
    );
  });
});
