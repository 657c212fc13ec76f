import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isJsonObject,
  objectIn,
  objectsIn,
  parseJsonObject,
  positiveIntegerIn,
  textIn,
} from './json.ts';

describe('JSON of which nothing is known', () => {
  it('is an object or undefined, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const parsed = parseJsonObject(text);
        expect(parsed === undefined || isJsonObject(parsed)).toBe(true);
      }),
    );
    for (const text of ['', '[]', 'null', '1', '"x"', '{"a":1', '<html>']) {
      expect(parseJsonObject(text)).toBeUndefined();
    }
  });
  it('comes out as it went in when it is an object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object);
        expect(JSON.stringify(parseJsonObject(text))).toBe(text);
      }),
    );
  });
  it('has a text only where there is one that is not empty', () => {
    expect(textIn({ id: 'm1' }, 'id')).toBe('m1');
    for (const id of ['', 1, null, undefined, ['m1'], { id: 'm1' }]) {
      expect(textIn({ id }, 'id')).toBeUndefined();
    }
  });
  it('has an object in a field, empty for anything else', () => {
    expect(objectIn({ data: { id: 1 } }, 'data')).toEqual({ id: 1 });
    for (const data of [undefined, null, [], 'x', 1])
      expect(objectIn({ data }, 'data')).toEqual({});
  });
  it('has the objects of a list, and nothing else of it', () => {
    expect(objectsIn({ errors: [{ code: 1 }, null, 'x', [], { code: 2 }] }, 'errors')).toEqual([
      { code: 1 },
      { code: 2 },
    ]);
    for (const errors of [undefined, null, { 0: {} }, 'x']) {
      expect(objectsIn({ errors }, 'errors')).toEqual([]);
    }
  });
  it('has a whole number above zero, and no other', () => {
    expect(positiveIntegerIn({ parts: 3 }, 'parts')).toBe(3);
    for (const parts of [0, -1, 1.5, 2 ** 53, Number.NaN, '3', null, undefined]) {
      expect(positiveIntegerIn({ parts }, 'parts')).toBeUndefined();
    }
  });
});
