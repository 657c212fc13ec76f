import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { encodeForm, style, text } from '../test/requests.ts';
import { sortFields } from './form-order.ts';
import { writeFields } from './form-text.ts';
import { decodeForm } from './form.ts';
import { loadForm, takeKnownForm, writeKnownFields, writeKnownUrl } from './known-form.ts';
import { layoutOf, type Layout } from './layout.ts';
import { Layouts } from './layouts.ts';
import { FormParameters, KnownFormParameters, type WebhookParameters } from './parameters.ts';
import { maxKnownFormBytes, scratch } from './scratch.ts';
import { spareBytes } from './words.ts';

const url = 'https://a.example/\u00fc';

function learn(layouts: Layouts, body: string): void {
  const form = decodeForm(Buffer.from(body), 'body');
  layouts.learn(url, form, sortFields(form));
}

function layoutsOf(...bodies: readonly string[]): Layouts {
  const layouts = new Layouts();
  for (const body of bodies) learn(layouts, body);
  return layouts;
}

function find(layouts: Layouts, body: string | Uint8Array): Layout | undefined {
  loadForm(Buffer.from(body));
  return layouts.find();
}

/** The signed fields and the parameters, or undefined for a form that is not known. */
function readKnown(
  layouts: Layouts,
  body: string,
): { signed: string; parameters: WebhookParameters } | undefined {
  const start = loadForm(Buffer.from(body));
  const layout = layouts.find();
  if (layout === undefined) return undefined;
  const end = writeKnownFields(layout, start);
  if (end < 0) return undefined;
  const signed = scratch.toString('latin1', start, end);
  return { signed, parameters: new KnownFormParameters(takeKnownForm(layout), signed) };
}

function readAny(body: string): { signed: string; parameters: WebhookParameters } {
  const form = decodeForm(Buffer.from(body), 'body');
  const target = Buffer.alloc(10_000);
  const end = writeFields(form, sortFields(form), target, 0);
  return { signed: target.toString('latin1', 0, end), parameters: new FormParameters(form) };
}

const plainNames = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/u), {
  minLength: 1,
  maxLength: 64,
});

describe('a form of a known layout', () => {
  it('is read as any other form is', () => {
    fc.assert(
      fc.property(plainNames, fc.infiniteStream(text), style, (names, values, by) => {
        const pairs = names.map((name): [string, string] => [name, values.next().value ?? '']);
        const layouts = layoutsOf(names.map((name) => `${name}=`).join('&'));
        const body = encodeForm(pairs, by);
        const known = readKnown(layouts, body);
        const any = readAny(body);
        expect(known?.signed).toBe(any.signed);
        expect([...(known?.parameters ?? [])]).toEqual([...any.parameters]);
        expect(known?.parameters.size).toBe(names.length);
        for (const [name, value] of pairs) {
          expect(known?.parameters.get(name)).toBe(value);
          expect(known?.parameters.getAll(name)).toEqual([value]);
          expect(known?.parameters.has(name)).toBe(true);
        }
        expect(known?.parameters.get('?')).toBeUndefined();
        expect(known?.parameters.getAll('?')).toEqual([]);
        expect(known?.parameters.has('?')).toBe(false);
      }),
    );
  });

  it.each([
    ['other values', 'b=%41+c&a=&cd=x%2By', 'abA ccdx+y'],
    ['signs that stand for themselves', 'b=a=b*!&a=,&cd=()', 'a,ba=b*!cd()'],
  ])('may have %s', (_, body, signed) => {
    const known = readKnown(layoutsOf('b=1&a=2&cd=3'), body);
    expect(known?.signed).toBe(signed);
    expect(readAny(body).signed).toBe(signed);
  });

  it.each([
    ['fewer fields', 'b=1&a=2'],
    ['more fields', 'b=1&a=2&cd=3&e=4'],
    ['another "&" at the end', 'b=1&a=2&cd=3&'],
    ['another "&" at the start', '&b=1&a=2&cd=3'],
    ['another order', 'a=2&b=1&cd=3'],
    ['another name', 'b=1&a=2&ce=3'],
    ['a longer name', 'b=1&a=2&cde=3'],
    ['an escaped name', 'b=1&a=2&%63d=3'],
    ['a name without "="', 'b=1&a&cd=3'],
    ['nothing in it', ''],
    ['bytes beyond ASCII', 'b=\u00fc&a=2&cd=3'],
    ['a byte beyond ASCII', Buffer.from('b=1&a=2&cd=\u0080', 'latin1')],
  ])('has not %s', (_, body) => {
    expect(find(layoutsOf('b=1&a=2&cd=3'), body)).toBeUndefined();
    expect(find(layoutsOf('b=1&a=2&cd=3'), 'b=&a=&cd=')).toBeDefined();
  });

  it.each(['%', '%4', '%4g', '%g4', '%FF', '%C3', '%80', 'x%A4y', '%'.repeat(9)])(
    'is left to others when a value is %s',
    (value) => {
      for (const body of [`a=${value}&b=1`, `a=1&b=${value}`]) {
        expect(find(layoutsOf('a=1&b=1'), body)).toBeDefined();
        expect(readKnown(layoutsOf('a=1&b=1'), body)).toBeUndefined();
      }
    },
  );

  it('is looked at no further than to its end', () => {
    const layouts = layoutsOf('b=1&a=2&cd=3');
    scratch.fill(0);
    scratch.write('&b=1&a=2&cd=3', 'latin1');
    expect(find(layouts, 'b=1&a=2')).toBeUndefined();
    expect(loadForm(Buffer.from('b=1&a=2'))).toBe('&b=1&a=2&'.length + spareBytes);
  });

  it.each([
    ['x', 'x'],
    ['+', ' '],
  ])('may fill the memory, also when it has a "%s" to decode', (letter, decoded) => {
    const lengths = [8000, maxKnownFormBytes - 8000 - 'a=&b=1&c='.length];
    const [first = '', last = ''] = lengths.map((length) => 'x'.repeat(length - 1));
    const body = `a=${letter}${first}&b=1&c=${letter}${last}`;
    expect(body).toHaveLength(maxKnownFormBytes);
    const known = readKnown(layoutsOf('a=&b=&c='), body);
    expect(known?.signed).toBe(`a${decoded}${first}b1c${decoded}${last}`);
    expect([...(known?.parameters ?? [])]).toEqual([
      ['a', decoded + first],
      ['b', '1'],
      ['c', decoded + last],
    ]);
  });

  it.each([
    ['a=x+y&b=%7F', true],
    ['a=%C2%80&b=1', false],
    ['a=1&b=%C3%BC', false],
  ])('knows whether it is ASCII: %s', (body, isAscii) => {
    const layout = find(layoutsOf('a=1&b=1'), body);
    expect(layout).toBeDefined();
    if (layout === undefined) return;
    writeKnownFields(layout, 100);
    expect(takeKnownForm(layout).isAscii).toBe(isAscii);
  });

  it('tells text beyond ASCII from ASCII, whatever came before', () => {
    const layouts = layoutsOf('a=1&b=1');
    expect(readKnown(layouts, 'a=%C3%BC&b=%7F')?.parameters.get('a')).toBe('\u00fc');
    expect(readKnown(layouts, 'a=%7F&b=1')?.parameters.get('a')).toBe('\u007f');
    expect(readKnown(layouts, 'a=1&b=%C2%80')?.parameters.get('b')).toBe('\u0080');
  });

  it('is found with the URL it was learned with, and with any other', () => {
    const layout = find(layoutsOf('a=1'), 'a=1');
    for (const other of [url, 'https://b.example/\u20ac']) {
      const end = layout === undefined ? 0 : writeKnownUrl(layout, other, 100);
      expect(scratch.toString('utf8', 100, end)).toBe(other);
    }
  });
});

describe('the layouts that are learned', () => {
  it('are four, and make room for one of sixteen others', () => {
    const bodies = ['a', 'b', 'c', 'd'].map((name) => `${name}=1`);
    const layouts = layoutsOf(...bodies);
    for (const body of bodies) expect(find(layouts, body)).toBeDefined();
    for (let time = 4; time < 16; time += 1) learn(layouts, 'e=1');
    expect(find(layouts, 'e=1')).toBeUndefined();
    learn(layouts, 'e=1');
    expect(find(layouts, 'e=1')).toBeDefined();
    expect(find(layouts, 'a=1')).toBeUndefined();
    expect(find(layouts, 'b=1')).toBeDefined();
  });

  it('are names and the URL, and no value', () => {
    const layout = find(layoutsOf('From=%2B1555&Body=hidden'), 'From=&Body=');
    const { openings, starts, order, fieldOf, urlBytes, ...rest } = layout ?? {};
    expect(rest).toEqual({ url, names: ['From', 'Body'] });
    expect(fieldOf).toEqual(
      new Map([
        ['From', 0],
        ['Body', 1],
      ]),
    );
    expect([...(starts ?? [])]).toEqual([0, 6, 12]);
    expect([...(order ?? [])]).toEqual([1, 0]);
    expect(Buffer.from(urlBytes ?? []).toString()).toBe(url);
    const bytes = Buffer.from(openings?.buffer ?? new ArrayBuffer(0));
    expect(bytes.toString('latin1')).toBe(`&From=&Body=${'\0'.repeat(spareBytes)}`);
  });

  it('are not learned twice', () => {
    const layouts = layoutsOf('a=1', '%61=1', 'b=1&c=1', 'b=1&c', 'c=1', 'a=1&', 'b=1');
    expect(find(layouts, 'b=1&c=1')).toBeDefined();
    for (const name of ['a', 'b', 'c']) expect(find(layouts, `${name}=1`)).toBeDefined();
  });

  it.each([
    ['no fields', ''],
    ['a name that is repeated', 'a=1&a=2'],
    ['a name that could be written otherwise', 'a%26b=1'],
    ['a name with a space', 'a+b=1'],
    ['a name beyond ASCII', '%C3%BC=1'],
    ['no name', '=1'],
    ['names that are too long', `${'a'.repeat(2049)}=1`],
    ['names that are too long together', `${'a'.repeat(1025)}=1&${'b'.repeat(1024)}=1`],
    ['too many fields', Array.from({ length: 65 }, (_, index) => `f${String(index)}=1`).join('&')],
  ])('are not of forms with %s', (_, body) => {
    const form = decodeForm(Buffer.from(body), 'body');
    expect(layoutOf(url, form, sortFields(form))).toBeUndefined();
    expect(find(layoutsOf(body), body)).toBeUndefined();
  });

  it('may have 64 fields and names of 2048 bytes', () => {
    const many = Array.from({ length: 64 }, (_, index) => `f${String(index)}=1`).join('&');
    const long = `${'a'.repeat(1024)}=1&${'b'.repeat(1024)}=1`;
    for (const body of [many, long]) {
      expect(readKnown(layoutsOf(body), body)?.signed).toBe(readAny(body).signed);
    }
  });
});
