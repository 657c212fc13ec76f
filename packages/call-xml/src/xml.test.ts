import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serializeXml, type XmlElement } from './xml.ts';

const element = (text: string, attribute = text): XmlElement<'test'> => ({
  dialect: 'test',
  name: 'A',
  attributes: { b: attribute },
  children: [text],
});

const characters: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const unescapeXml = (raw = ''): string =>
  raw.replace(/&(?:#(\d+)|(\w+));/gu, (_all, code: string | undefined, name: string) =>
    code === undefined ? (characters[name] ?? '?') : String.fromCodePoint(Number(code)),
  );

/** Reads back what the writer wrote, by the rules of XML 1.0 and nothing more. */
function readBack(xml: string): { readonly attribute: string; readonly text: string } {
  const match = /^<\?xml version="1\.0" encoding="UTF-8"\?><A b="([^"<]*)">([^<]*)<\/A>$/u.exec(
    xml,
  );
  if (match === null) throw new Error('not well-formed');
  return { attribute: unescapeXml(match[1]), text: unescapeXml(match[2]) };
}

describe('an XML document', () => {
  it('holds any text unharmed, in an element and in an attribute', () => {
    const possible = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/u.test(text));
    fc.assert(
      fc.property(possible, (text) => {
        expect(readBack(serializeXml(element(text)))).toEqual({ attribute: text, text });
      }),
    );
  });

  it('stays well-formed whatever it is given (C30)', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (text, attribute) => {
          const read = readBack(serializeXml(element(text, attribute)));
          expect(read.text.length).toBeLessThanOrEqual(text.length);
          expect(read.attribute.length).toBeLessThanOrEqual(attribute.length);
        },
      ),
    );
  });

  it('leaves out what XML cannot hold: control characters and lone surrogates', () => {
    expect(serializeXml(element('a\u0000b\u001B\uD800c\uFFFF', ''))).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><A b="">abc</A>',
    );
  });

  it('leaves out attributes without a value, and closes empty elements at once', () => {
    expect(
      serializeXml({
        dialect: 'test',
        name: 'A',
        attributes: { b: undefined, c: 1 },
        children: [],
      }),
    ).toBe('<?xml version="1.0" encoding="UTF-8"?><A c="1"/>');
  });
});
