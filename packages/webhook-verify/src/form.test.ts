import querystring from 'node:querystring';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fields, text } from '../test/requests.ts';
import { verdictOf } from '../test/vectors.ts';
import { compareFields, sortFields } from './form-order.ts';
import { dropTwins, writeFields, writePairs } from './form-text.ts';
import { decodeForm, formEnd, type Form } from './form.ts';
import { FormParameters } from './parameters.ts';

const decode = (form: string, part: 'body' | 'query' = 'body'): Form =>
  decodeForm(Buffer.from(form), part);
const pairsOf = (form: Form): readonly (readonly [string, string])[] => [
  ...new FormParameters(form),
];

/** Any text, with escapes that are right. */
const anyForm = fc
  .array(
    fc.oneof(fc.constantFrom('&', '=', '+', '%20', '%C3%BC', '%f0%9f%98%80', 'a', 'ü', '😀'), text),
  )
  .map((parts) => parts.join('').replaceAll(/%(?![0-9a-f]{2})/giu, ''))
  .filter((form) => !querystring.unescape(form).includes('\ufffd'));

describe('decodeForm', () => {
  it('reads what URLSearchParams reads', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        expect(pairsOf(decode(form))).toEqual([...new URLSearchParams(`?${form}`)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('marks where names and values start, and where they end', () => {
    const form = decode('a=bc&&d&=e&f=g=h');
    expect(form).toMatchObject({ count: 4, isAscii: true, bounds: [0, 1, 3, 4, 4, 4, 5, 6, 9] });
    expect(formEnd(form)).toBe(9);
    expect(form.bytes.toString('latin1', 0, 9)).toBe('abcdefg=h');
  });

  it.each([
    ['a=1', true],
    ['a=%7F', true],
    ['a=%C2%80', false],
    ['ü=1', false],
    ['a=ü', false],
  ])('knows whether %s is ASCII: %s', (form, isAscii) => {
    expect(decode(form).isAscii).toBe(isAscii);
  });

  it('blames the part that is malformed', () => {
    expect(() => decode('%', 'body')).toThrow(
      'The body of the request has a "%" without two hexadecimal digits.',
    );
    expect(() => decode('%', 'query')).toThrow(
      'The query of the request has a "%" without two hexadecimal digits.',
    );
    expect(() => decode('%FF')).toThrow(
      'The body of the request has a field that is not UTF-8 text.',
    );
    expect(() => decode('a&'.repeat(1001))).toThrow(
      'The body of the request has more than 1000 fields.',
    );
    expect(verdictOf(() => decode('%', 'body'))).toBe('malformed_body');
    expect(verdictOf(() => decode('%', 'query'))).toBe('malformed_request');
    expect(decode('a&'.repeat(1000)).count).toBe(1000);
    expect(decode('').count).toBe(0);
  });

  it.each([
    '%/0',
    '%:0',
    '%@0',
    '%G0',
    '%`0',
    '%g0',
    '%0/',
    '%0:',
    '%0@',
    '%0G',
    '%0`',
    '%0g',
    '%',
    '%0',
    '%80',
    'a=x%80',
  ])('refuses the escape %s', (form) => {
    expect(verdictOf(() => decode(form))).toBe('malformed_body');
  });

  it('reads every escape', () => {
    for (let code = 1; code < 0x80; code += 1) {
      const hex = code.toString(16).padStart(2, '0');
      expect(pairsOf(decode(`x=%${hex}`))).toEqual([['x', String.fromCharCode(code)]]);
      expect(pairsOf(decode(`x=%${hex.toUpperCase()}`))).toEqual([
        ['x', String.fromCharCode(code)],
      ]);
    }
  });
});

const sorted = (
  pairs: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] =>
  pairs.toSorted(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : Number(x > y)));
const encode = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map((pair) => pair.map((part) => encodeURIComponent(part)).join('=')).join('&');

describe('sortFields', () => {
  it('sorts by UTF-16 code unit', () => {
    fc.assert(
      fc.property(fields, (pairs) => {
        const form = decode(encode(pairs));
        const order = sortFields(form);
        const all = pairsOf(form);
        expect(order.map((field) => all[field])).toEqual(sorted(pairs));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([47, 48, 49, 500])('sorts %d fields', (count) => {
    const pairs = Array.from({ length: count }, (_, index): [string, string] => [
      `f${String((index * 389) % count)}`,
      String(index % 3),
    ]);
    const form = decode(encode(pairs));
    const all = pairsOf(form);
    expect(sortFields(form).map((field) => all[field])).toEqual(sorted(pairs));
  });

  it('puts characters beyond U+FFFF before U+E000, as UTF-16 does', () => {
    const names = ['\ud7ff', '😀', '\u{10ffff}', '\ue000', '\uf000', '\uffff'];
    const form = decode(encode(names.toReversed().map((name) => [name, ''])));
    const all = pairsOf(form);
    expect(sortFields(form).map((field) => all[field]?.[0])).toEqual(names);
    const values = decode(encode(names.toReversed().map((value) => ['a', value])));
    expect(sortFields(values).map((field) => pairsOf(values)[field]?.[1])).toEqual(names);
  });

  it('takes no byte of a value for one of its name', () => {
    const names = ['', 'a', 'aa', 'aaa', 'aaaa', 'aaaaa', 'aaaaaa'];
    const form = decode(
      names
        .toReversed()
        .map((name) => `${name}=zzz`)
        .join('&'),
    );
    expect(sortFields(form)).toEqual([6, 5, 4, 3, 2, 1, 0]);
  });

  it('compares names by their first bytes, then the rest, then their length', () => {
    const names = ['', 'a', 'ab', 'abc', 'abca', 'abcb', 'abd', 'b'];
    const form = decode(
      names
        .toReversed()
        .map((name) => `${name}=`)
        .join('&'),
    );
    expect(sortFields(form)).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
    expect(compareFields(form, 0, 0)).toBe(0);
    expect(compareFields(form, 1, 0)).toBeLessThan(0);
    expect(compareFields(form, 0, 1)).toBeGreaterThan(0);
  });
});

const write = (form: string, writer: typeof writeFields, isOnce = false): string => {
  const decoded = decode(form);
  const target = Buffer.alloc(5000, '.');
  const order = sortFields(decoded);
  const end = writer(decoded, isOnce ? dropTwins(decoded, order) : order, target, 3);
  return target.toString('utf8', 3, end);
};

describe('writing', () => {
  it('puts names and values one behind the other', () => {
    expect(write('b=2&a=1&c', writeFields)).toBe('a1b2c');
    expect(write('b=ü&a=1&a=0', writeFields)).toBe('a0a1bü');
    expect(write('', writeFields)).toBe('');
    for (const length of [199, 200, 201, 1000]) {
      const long = 'x'.repeat(length - 1);
      expect(write(`b=${long}&a=1`, writeFields)).toBe(`a1b${long}`);
    }
  });

  it('puts separators between pairs', () => {
    expect(write('b=2&a=1&c', writePairs)).toBe('a=1&b=2&c=');
    expect(write('=', writePairs)).toBe('=');
    expect(write('', writePairs)).toBe('');
  });

  it('drops a field that is the same as another, in name and value', () => {
    expect(write('a=1&b=2&a=1&a=0&b=2', writeFields, true)).toBe('a0a1b2');
    expect(write('a&a=', writeFields, true)).toBe('a');
    expect(write('ab=c&a=bc', writeFields, true)).toBe('abcabc');
    expect(write('a=1&b=1', writeFields, true)).toBe('a1b1');
    expect(write('', writeFields, true)).toBe('');
  });
});

describe('the parameters of a form', () => {
  it.each([
    ['ASCII', 'a=1&b=2&a=3&ab=4&=5', 'x'],
    ['not ASCII', 'a=1&b=2&a=3&ab=4&=5&x=ü', 'ü'],
  ])('are found by name: %s', (_, form) => {
    const parameters = new FormParameters(decode(form));
    expect(parameters.get('a')).toBe('1');
    expect(parameters.getAll('a')).toEqual(['1', '3']);
    expect(parameters.get('ab')).toBe('4');
    expect(parameters.get('')).toBe('5');
    expect(parameters.get('c')).toBeUndefined();
    expect(parameters.get('A')).toBeUndefined();
    expect(parameters.getAll('c')).toEqual([]);
    expect(parameters.has('a')).toBe(true);
    expect(parameters.has('b')).toBe(true);
    expect(parameters.has('c')).toBe(false);
    expect(parameters.has('ac')).toBe(false);
    expect(parameters.size).toBe([...parameters].length);
  });

  it('are what URLSearchParams would find', () => {
    fc.assert(
      fc.property(fields, text, (pairs, name) => {
        const expected = new URLSearchParams(pairs);
        const parameters = new FormParameters(decode(expected.toString()));
        expect(parameters.getAll(name)).toEqual(expected.getAll(name));
        expect(parameters.get(name)).toBe(expected.get(name) ?? undefined);
        for (const [key] of pairs) expect(parameters.getAll(key)).toEqual(expected.getAll(key));
      }),
    );
  });
});
