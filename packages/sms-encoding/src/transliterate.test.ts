import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSegments } from './count-segments.ts';
import { detectEncoding } from './encoding.ts';
import { allPieces } from './texts.testing.ts';
import { toGsm7 } from './transliterate.ts';
import { replacements } from './transliteration.data.ts';

describe('toGsm7', () => {
  it.each([
    ['quotes', '“It’s” ‚so‘ «la» ‹x›', '"It\'s" ,so\' "la" <x>'],
    ['dashes', 'a–b—c‐d−e', 'a-b-c-d-e'],
    ['the ellipsis', 'well…', 'well...'],
    ['spaces', 'a\u00a0b\u202fc\td\u3000e', 'a b c d e'],
    ['line separators', 'a\u2028b\u0085c', 'a\nb\nc'],
    ['invisible characters', 'a\u200bb\u00adc\ufeffd', 'abcd'],
    ['ligatures', 'ﬁne ﬄ œuvre', 'fine ffl oeuvre'],
    ['full-width forms', 'ＡＢＣ１２３！～', 'ABC123!~'],
    ['a full-width backtick', '｀', "'"],
    ['accents', 'ç á ğ Ł đ ż ő', 'c a g L d z o'],
    ['letters that GSM-7 has', 'äöüñÇéÅ', 'äöüñÇéÅ'],
    ['decomposed letters', 'e\u0301 n\u0303 a\u0301', 'é ñ a'],
    ['two accents, of which GSM-7 has one', 'ǻ ǖ ấ å\u0323', 'å ü a å'],
    ['the first of the accents that helps', 'a\u0323\u030a', 'å'],
    ['an unreasonable number of accents', `a${'\u0301\u0323'.repeat(5000)}`, 'a'],
    ['accents on what is not ASCII but GSM-7', 'ǽ ǿ', 'æ ø'],
    ['fractions', '½ 1½ a¼ ¾ １½', '1/2 1 1/2 a1/4 3/4 1 1/2'],
    ['signs', '→ ≤ × ™ ©', '-> <= x TM (c)'],
  ])('replaces %s', (_name, from, to) => {
    expect(toGsm7(from).text).toBe(to);
  });

  it.each([
    ['emoji', '😀'],
    ['other scripts', 'я日本ω'],
    ['accents in other scripts', 'и\u0306й'],
    ['superscripts, where 10² would become 102', '10²'],
    ['degrees', '20°'],
    ['signs whose stroke means not', '≠=\u0338'],
    ['letters that are struck out', 'a\u0338b\u0334'],
    ['keycaps', '1\u20e3'],
    ['emoji that are a letter with a selector', '©\ufe0f'],
    ['lone surrogates', '\ud800a\udc00'],
    ['control characters', '\0\u001b'],
    ['the empty text', ''],
  ])('leaves %s as they are', (_name, text) => {
    expect(toGsm7(text)).toEqual({ text, replacements: [] });
  });

  it('reports every replacement with its place in the input', () => {
    expect(toGsm7('ﬁ e\u0301… 😀’').replacements).toEqual([
      { index: 0, from: 'ﬁ', to: 'fi' },
      { index: 2, from: 'e\u0301', to: 'é' },
      { index: 4, from: '…', to: '...' },
      { index: 8, from: '’', to: "'" },
    ]);
  });

  it('replaces nothing in a text that is GSM-7', () => {
    expect(toGsm7('Grüße [€]')).toEqual({ text: 'Grüße [€]', replacements: [] });
  });

  it('leaves out what would make the message longer in segments', () => {
    expect(toGsm7('…'.repeat(53)).text).toBe('...'.repeat(53));
    expect(toGsm7('…'.repeat(54))).toEqual({ text: '…'.repeat(54), replacements: [] });
    expect(toGsm7(`${'…'.repeat(69)}’`).text).toBe(`${'…'.repeat(69)}'`);
  });

  it('turns three segments into one for one curly quote', () => {
    const text = `${'a'.repeat(150)}’`;
    expect([countSegments(text), countSegments(toGsm7(text).text)]).toEqual([3, 1]);
  });

  const anyText = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        ...allPieces,
        ...replacements.flatMap(([, characters]) => Array.from(characters)),
      ),
      fc.nat(0x2fff).map((code) => String.fromCharCode(code)),
    ),
    maxLength: 250,
  });

  it('is idempotent, and never longer in segments', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = toGsm7(text);
        expect(toGsm7(once.text)).toEqual({ text: once.text, replacements: [] });
        expect(countSegments(once.text)).toBeLessThanOrEqual(countSegments(text));
      }),
      { numRuns: 500 },
    );
  });

  it('gives its result when the reported replacements are applied', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const result = toGsm7(text);
        let applied = '';
        let position = 0;
        for (const { index, from, to } of result.replacements) {
          expect(text.startsWith(from, index)).toBe(true);
          expect(detectEncoding(to)).toBe('gsm7');
          applied += text.slice(position, index) + to;
          position = index + from.length;
        }
        expect(applied + text.slice(position)).toBe(result.text);
      }),
    );
  });

  it('has a table of single characters outside GSM-7, each once, with forms inside', () => {
    const characters = replacements.flatMap(([, from]) => Array.from(from));
    expect(new Set(characters).size).toBe(characters.length);
    for (const character of characters) expect(detectEncoding(character)).toBe('ucs2');
    for (const [to] of replacements) expect(detectEncoding(to)).toBe('gsm7');
  });
});
