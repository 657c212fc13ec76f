import { describe, expect, it } from 'vitest';
import { countSegments } from './count-segments.ts';
import { estimateNationalLanguages } from './national-estimate.ts';
import type { NationalEstimateOptions } from './national-estimate.ts';
import {
  decodeNationalGsm7,
  escapedTable,
  mainTable,
  nationalLanguageOf,
} from './national-language.ts';
import { languages, lockingShiftRows, singleShiftRows } from './national-tables.data.ts';
import type { NationalLanguage } from './national-tables.data.ts';

const indic: readonly (readonly [NationalLanguage, number])[] = [
  ['bengali', 0x980],
  ['gujarati', 0xa80],
  ['hindi', 0x900],
  ['kannada', 0xc80],
  ['malayalam', 0xd00],
  ['oriya', 0xb00],
  ['punjabi', 0xa00],
  ['tamil', 0xb80],
  ['telugu', 0xc00],
];

const single = (language: NationalLanguage, ...septets: number[]) =>
  decodeNationalGsm7(Uint8Array.from(septets.flatMap((septet) => [0x1b, septet])), {
    singleShift: language,
  });
const locking = (language: NationalLanguage, ...septets: number[]) =>
  decodeNationalGsm7(Uint8Array.from(septets), { lockingShift: language });

describe('the national language tables', () => {
  it('are of 13 languages, 12 of them with a locking shift', () => {
    expect(Object.keys(singleShiftRows)).toEqual([...languages]);
    expect(Object.keys(lockingShiftRows)).toEqual(languages.filter((name) => name !== 'spanish'));
  });

  it.each([...Object.entries(lockingShiftRows), ...Object.entries(singleShiftRows)])(
    'of %s have 128 entries and the escape at 0x1B',
    (_language, rows) => {
      expect(rows.map((row) => row.length)).toEqual([16, 16, 16, 16, 16, 16, 16, 16]);
      expect(rows.join('').indexOf('\u001b')).toBe(0x1b);
    },
  );

  it.each(Object.entries(lockingShiftRows))(
    'of %s have a locking shift with each character once, line breaks and digits in their places',
    (_language, rows) => {
      const characters = Array.from(rows.join('')).filter((character) => character !== '\0');
      expect(new Set(characters).size).toBe(characters.length);
      const table = rows.join('');
      expect(table.slice(0x30, 0x3a)).toBe('0123456789');
      expect(table.slice(0x61, 0x7b)).toBe('abcdefghijklmnopqrstuvwxyz');
      expect([table.charAt(0x0a), table.charAt(0x0d), table.charAt(0x20)]).toEqual([
        '\n',
        '\r',
        ' ',
      ]);
    },
  );

  it.each(Object.entries(singleShiftRows))(
    'of %s have a single shift with everything the default extension table has',
    (_language, rows) => {
      const table = rows.join('');
      const shared = [0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65];
      expect(shared.map((septet) => table.charAt(septet)).join('')).toBe('\f^{}\\[~]|€');
      expect(table.charAt(0x0d)).toBe('\r');
    },
  );

  it.each(indic)(
    'put the letters of %s where the other Indic scripts have theirs',
    (language, base) => {
      const table = mainTable(language);
      const hindi = mainTable('hindi');
      const shared = Array.from({ length: 0x60 }, (_unused, septet) => septet).filter(
        (septet) => hindi.charCodeAt(septet) >= 0x900 && table.charAt(septet) !== '\0',
      );
      expect(shared.length).toBeGreaterThan(40);
      for (const septet of shared) {
        expect(table.charCodeAt(septet) - base).toBe(hindi.charCodeAt(septet) - 0x900);
      }
    },
  );

  it.each(indic)('leave out of %s exactly what Unicode did not have then', (language, base) => {
    const hindi = mainTable('hindi');
    const missing = Array.from({ length: 0x60 }, (_unused, septet) => septet).filter(
      (septet) => mainTable(language).charAt(septet) === '\0',
    );
    const letters = missing.map((septet) =>
      String.fromCharCode(hindi.charCodeAt(septet) - 0x900 + base),
    );
    // Six of them are in Unicode by now: versions 6 to 14 added them.
    const since = new Set(['\u0c81', '\u0d01', '\u0d29', '\u0d3c', '\u0c3c', '\u0c34']);
    expect(letters.filter((letter) => /\p{Assigned}/u.test(letter) && !since.has(letter))).toEqual(
      [],
    );
  });

  it.each(Object.entries({ ...singleShiftRows }))(
    'have only assigned characters in %s',
    (_language, rows) => {
      expect(rows.join('')).toMatch(/^\p{Assigned}*$/u);
    },
  );

  it.each(Object.entries(lockingShiftRows))(
    'have only assigned characters locked in %s',
    (_language, rows) => {
      expect(rows.join('')).toMatch(/^\p{Assigned}*$/u);
    },
  );

  it.each([
    [single('turkish', 0x47, 0x49, 0x53, 0x63, 0x67, 0x69, 0x73), 'ĞİŞçğış'],
    [single('spanish', 0x09, 0x41, 0x49, 0x4f, 0x55, 0x61, 0x69, 0x6f, 0x75), 'çÁÍÓÚáíóú'],
    [single('portuguese', 0x05, 0x09, 0x0b, 0x0c, 0x0e, 0x0f, 0x1f, 0x41), 'êçÔôÁáÊÀ'],
    [single('portuguese', 0x12, 0x13, 0x15, 0x16, 0x17, 0x18, 0x19), 'ΦΓΩΠΨΣΘ'],
    [single('portuguese', 0x5b, 0x5c, 0x61, 0x7b, 0x7c, 0x7f), 'ÃÕÂãõâ'],
    [
      single('hindi', 0x19, 0x1a, 0x1c, 0x25, 0x26, 0x2e, 0x30, 0x3a),
      '\u0964\u0965\u0966\u096f\u0951\u095a\u095b\u0971',
    ],
    [
      single('bengali', 0x19, 0x1a, 0x1c, 0x23, 0x24, 0x2b, 0x30, 0x34),
      '\u09e6\u09e7\u09e8\u09ef\u09df\u09f2\u09f6\u09fa',
    ],
    [single('urdu', 0x19, 0x1c, 0x25, 0x26, 0x33, 0x3f, 0x41), '\u0600۰۹،؟۔A'],
    [single('tamil', 0x1c, 0x25, 0x26, 0x2e), '௦௯௳௺'],
    [single('telugu', 0x1c, 0x25, 0x32), '౦౯౿'],
    [locking('turkish', 0x04, 0x07, 0x0b, 0x0c, 0x1c, 0x1d, 0x40, 0x60), '€ıĞğŞşİç'],
    [locking('portuguese', 0x04, 0x08, 0x12, 0x15, 0x18, 0x24, 0x60, 0x7d), 'êóª∞€º~`'],
    [locking('hindi', 0x15, 0x28, 0x29, 0x40, 0x5f, 0x60, 0x7f), 'क)(ब्ॐॿ'],
    [locking('urdu', 0x00, 0x10, 0x4d, 0x58, 0x7f), 'اثلء\u0670'],
    [locking('tamil', 0x15, 0x50, 0x60), 'க\u0bbeௐ'],
    [locking('malayalam', 0x15, 0x7f), 'ക൹'],
  ])('spell %s', (decoded, expected) => {
    expect(decoded).toBe(expected);
  });
});

describe('decodeNationalGsm7', () => {
  it('uses the default tables where no language is given', () => {
    expect(decodeNationalGsm7(Uint8Array.of(0x0c, 0x1b, 0x65), {})).toBe('ø€');
    expect(locking('spanish', 0x0c)).toBe('ø');
  });

  it('falls back to the main table, and to a space', () => {
    expect(single('turkish', 0x41)).toBe('A');
    expect(locking('kannada', 0x00, 0x01)).toBe(' ಂ');
    const both = { lockingShift: 'turkish', singleShift: 'turkish' } as const;
    expect(decodeNationalGsm7(Uint8Array.of(0x1b, 0x0b), both)).toBe('Ğ');
  });
});

describe('nationalLanguageOf', () => {
  it('knows the identifiers 1 to 13', () => {
    expect(nationalLanguageOf(1)).toBe('turkish');
    expect(nationalLanguageOf(2)).toBe('spanish');
    expect(nationalLanguageOf(13)).toBe('urdu');
    for (const other of [0, 14, -1, 1.5, Number.NaN])
      expect(nationalLanguageOf(other)).toBeUndefined();
  });
});

const first = (text: string, options?: NationalEstimateOptions) =>
  estimateNationalLanguages(text, options)[0];

describe('estimateNationalLanguages', () => {
  it('says that in Turkish it would be one segment', () => {
    const text = 'ğış'.repeat(40);
    expect(countSegments(text)).toBe(2);
    expect(first(text)).toEqual({
      language: 'turkish',
      lockingShift: true,
      singleShift: false,
      unitCount: 120,
      segmentCount: 1,
    });
  });

  it('uses the single shift alone where there is no locking shift', () => {
    expect(first('áñ')).toEqual({
      language: 'spanish',
      lockingShift: false,
      singleShift: true,
      unitCount: 3,
      segmentCount: 1,
    });
  });

  it('uses both tables where it must', () => {
    expect(estimateNationalLanguages('कA')).toEqual([
      { language: 'hindi', lockingShift: true, singleShift: true, unitCount: 3, segmentCount: 1 },
    ]);
  });

  it.each([
    ['one table', 155, 1],
    ['one table', 156, 2],
    ['one table', 298, 2],
    ['one table', 299, 3],
  ])('has the room that %s leaves: %i septets', (_name, length, count) => {
    expect(first('ş'.repeat(length))?.segmentCount).toBe(count);
  });

  it.each([
    [152, 8, 1],
    [153, 8, 2],
    [292, 8, 2],
    [293, 8, 3],
    [290, 16, 2],
    [291, 16, 3],
  ] as const)(
    'has the room that two tables leave: %i septets, %i bits',
    (length, reference, count) => {
      const [hindi] = estimateNationalLanguages(`A${'क'.repeat(length - 2)}`, { reference });
      expect(hindi).toMatchObject({ language: 'hindi', unitCount: length, segmentCount: count });
    },
  );

  it('has the room that one table leaves with a 16-bit reference', () => {
    const reference = 16;
    expect(first('ş'.repeat(296), { reference })?.segmentCount).toBe(2);
    expect(first('ş'.repeat(297), { reference })?.segmentCount).toBe(3);
  });

  it('does not tear an escape pair', () => {
    expect(first(`ñ${'a'.repeat(147)}á${'a'.repeat(148)}`)).toMatchObject({
      unitCount: 298,
      segmentCount: 3,
    });
  });

  it('leaves out languages that lack a character, and says nothing about nothing', () => {
    expect(estimateNationalLanguages('日本')).toEqual([]);
    expect(estimateNationalLanguages('')).toEqual([]);
    expect(estimateNationalLanguages('ğ').map((estimate) => estimate.language)).toEqual([
      'turkish',
    ]);
    expect(estimateNationalLanguages('abc')).toHaveLength(13);
    expect(estimateNationalLanguages('\0')).toEqual([]);
    expect(estimateNationalLanguages('\u001b')).toEqual([]);
  });

  it('has the cheapest first', () => {
    const estimates = estimateNationalLanguages('á'.repeat(80));
    expect(estimates.map(({ language, unitCount }) => [language, unitCount])).toEqual([
      ['portuguese', 80],
      ['spanish', 160],
    ]);
  });

  it('has the one with fewer septets first where the segments are as many', () => {
    const estimates = estimateNationalLanguages('á'.repeat(10));
    expect(estimates.map(({ language, unitCount }) => [language, unitCount])).toEqual([
      ['portuguese', 10],
      ['spanish', 20],
    ]);
  });

  it('refuses a reference of other bits', () => {
    const untyped: object = { reference: 9 };
    expect(() => estimateNationalLanguages('a', untyped)).toThrow(
      'reference must be 8 or 16 (bits)',
    );
  });
});

describe('escapedTable', () => {
  it('has the characters of the language and nothing for the rest', () => {
    expect(escapedTable('turkish').size).toBe(7 + 10 + 2);
    expect(escapedTable(undefined).size).toBe(10);
  });
});
