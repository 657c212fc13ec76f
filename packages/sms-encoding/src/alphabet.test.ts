import { describe, expect, it } from 'vitest';
import { defaultAlphabet, defaultExtension } from './alphabet.data.ts';
import { costOf, escapeSeptet, notGsm7 } from './septet-cost.ts';

describe('the GSM 7-bit default alphabet', () => {
  it('has 128 different characters, the escape among them', () => {
    expect(defaultAlphabet).toHaveLength(128);
    expect(new Set(defaultAlphabet).size).toBe(128);
    expect(defaultAlphabet.charCodeAt(escapeSeptet)).toBe(0x1b);
  });

  it.each([
    [0x00, '@'],
    [0x02, '$'],
    [0x09, 'Ç'],
    [0x0a, '\n'],
    [0x0b, 'Ø'],
    [0x0d, '\r'],
    [0x10, 'Δ'],
    [0x11, '_'],
    [0x1a, 'Ξ'],
    [0x1c, 'Æ'],
    [0x24, '¤'],
    [0x40, '¡'],
    [0x5b, 'Ä'],
    [0x5f, '§'],
    [0x60, '¿'],
    [0x7f, 'à'],
  ])('has at septet %i the character %j', (septet, character) => {
    expect(defaultAlphabet.charAt(septet)).toBe(character);
  });

  it('has ASCII letters and digits at their ASCII positions', () => {
    for (const [first, last] of ['AZ', 'az', '09'].map((pair) => [
      pair.charCodeAt(0),
      pair.charCodeAt(1),
    ])) {
      for (let code = first ?? 0; code <= (last ?? 0); code++) {
        expect(defaultAlphabet.charCodeAt(code)).toBe(code);
      }
    }
  });

  it('has ten escaped characters, none of them in the main table', () => {
    expect(defaultExtension.map(([, character]) => character).join('')).toBe('\f^{}\\[~]|€');
    for (const [, character] of defaultExtension) expect(defaultAlphabet).not.toContain(character);
  });
});

describe('septet costs', () => {
  it('are 1 for 127 characters, 2 for ten, and nothing else is GSM-7', () => {
    const costs = Array.from({ length: 0x1_0000 }, (_unused, codeUnit) => costOf(codeUnit));
    expect(costs.filter((cost) => cost === 1)).toHaveLength(127);
    expect(costs.filter((cost) => cost === 2)).toHaveLength(10);
    expect(costs.filter((cost) => cost === notGsm7)).toHaveLength(0x1_0000 - 137);
  });

  it.each(['`', '\t', '\u00a0', 'ç', '\u001b', '\0', '’', 'ğ', 'á', 'ã', 'ς', '\ud83d'])(
    'say that %j is not GSM-7',
    (character) => {
      expect(costOf(character.charCodeAt(0))).toBe(notGsm7);
    },
  );

  it('say that a code unit beyond the table is not GSM-7', () => {
    expect(costOf(0x1_0000)).toBe(notGsm7);
  });
});
