import { describe, expect, it } from 'vitest';
import { countSegments } from './count-segments.ts';
import { splitMessage } from './split-message.ts';
import type { SplitOptions } from './split-options.ts';
import type { SplitResult } from './split-result.ts';

const texts = (result: SplitResult) => result.messages.map((message) => message.text);
const lengths = (result: SplitResult) => result.messages.map((message) => message.content.length);

describe('splitMessage, mode auto', () => {
  it('makes no message of the empty text', () => {
    expect(splitMessage('')).toEqual({
      messages: [],
      segmentCount: 0,
      truncated: false,
      omittedLength: 0,
    });
  });

  it('leaves a text of one segment as it is', () => {
    expect(splitMessage('Hello [you]')).toEqual({
      messages: [
        {
          text: 'Hello [you]',
          content: 'Hello [you]',
          encoding: 'gsm7',
          unitCount: 13,
          segmentCount: 1,
        },
      ],
      segmentCount: 1,
      truncated: false,
      omittedLength: 0,
    });
  });

  it('makes one concatenated message up to 1600 characters', () => {
    const result = splitMessage('a'.repeat(1600));
    expect(result).toMatchObject({ segmentCount: 11, truncated: false });
    expect(result.messages).toMatchObject([{ text: 'a'.repeat(1600), segmentCount: 11 }]);
    expect(splitMessage('я'.repeat(1600)).messages).toMatchObject([
      { encoding: 'ucs2', unitCount: 1600, segmentCount: 24 },
    ]);
  });

  it('makes separate numbered messages of 1700 ASCII characters, 12 of them', () => {
    const result = splitMessage('a'.repeat(1700));
    expect(result).toMatchObject({ segmentCount: 12, truncated: false, omittedLength: 0 });
    expect(texts(result)[0]).toBe(`[1/12] ${'a'.repeat(151)}`);
    expect(texts(result)[9]).toBe(`[10/12] ${'a'.repeat(150)}`);
    expect(result.messages.map((message) => message.unitCount)).toEqual([
      ...Array.from({ length: 11 }, () => 160),
      51,
    ]);
  });

  it('lets one emoji make one message UCS-2, not all', () => {
    const text = `${'a'.repeat(900)}😀${'a'.repeat(900)}`;
    const result = splitMessage(text);
    expect(result.messages.filter((message) => message.encoding === 'ucs2')).toHaveLength(1);
    expect(result.segmentCount).toBeLessThan(countSegments(text) / 2);
  });

  it('takes the limit of a carrier that depends on the encoding', () => {
    const maxLength = { gsm7: 1600, ucs2: 737 };
    expect(splitMessage('я'.repeat(737), { maxLength }).messages).toHaveLength(1);
    expect(splitMessage('я'.repeat(738), { maxLength }).messages).toHaveLength(12);
    expect(splitMessage('a'.repeat(738), { maxLength }).messages).toHaveLength(1);
  });

  it('keeps every message within a small limit', () => {
    const result = splitMessage('a'.repeat(100), { maxLength: 30 });
    expect(texts(result).map((text) => text.length)).toEqual([30, 30, 30, 30, 10]);
    expect(splitMessage('a'.repeat(30), { maxLength: 30 }).messages).toHaveLength(1);
  });

  it('never concatenates more than 255 segments', () => {
    const most = splitMessage('a'.repeat(153 * 255), { maxLength: Infinity });
    expect(most.messages).toMatchObject([{ segmentCount: 255 }]);
    const more = splitMessage('a'.repeat(153 * 255 + 1), { maxLength: Infinity });
    expect(more.messages).toHaveLength(263);
  });

  it('counts a concatenated message with the reference it is told', () => {
    expect(splitMessage('a'.repeat(306), { reference: 16 }).segmentCount).toBe(3);
    expect(splitMessage('a'.repeat(306)).segmentCount).toBe(2);
  });
});

describe('splitMessage, mode multi', () => {
  const multi: SplitOptions = { mode: 'multi' };

  it('counts the number into 160 septets, its brackets twice', () => {
    expect(lengths(splitMessage('a'.repeat(304), multi))).toEqual([152, 152]);
    expect(lengths(splitMessage('a'.repeat(305), multi))).toEqual([152, 152, 1]);
    expect(splitMessage('a'.repeat(304), multi).messages[0]).toMatchObject({
      text: `[1/2] ${'a'.repeat(152)}`,
      unitCount: 160,
    });
  });

  it('counts the number into 70 units of UCS-2', () => {
    expect(lengths(splitMessage('я'.repeat(128), multi))).toEqual([64, 64]);
    expect(lengths(splitMessage('я'.repeat(129), multi))).toEqual([64, 64, 1]);
  });

  it('settles the width of the numbers', () => {
    expect(splitMessage('a'.repeat(9 * 152), multi).messages).toHaveLength(9);
    const ten = splitMessage('a'.repeat(9 * 152 + 1), multi);
    expect(texts(ten)[0]).toBe(`[1/10] ${'a'.repeat(151)}`);
    expect(texts(ten)[9]).toBe(`[10/10] ${'a'.repeat(10)}`);
    const most = splitMessage('a'.repeat(9 * 151 + 90 * 150), multi);
    expect(most.messages).toHaveLength(99);
    expect(splitMessage('a'.repeat(9 * 151 + 90 * 150 + 1), multi).messages).toHaveLength(100);
  });

  it('sends one segment without a number', () => {
    expect(texts(splitMessage('a'.repeat(160), multi))).toEqual(['a'.repeat(160)]);
    expect(texts(splitMessage('a'.repeat(161), multi))).toHaveLength(2);
    expect(texts(splitMessage('я'.repeat(70), multi))).toEqual(['я'.repeat(70)]);
  });

  it('leaves the numbers out when told to', () => {
    const result = splitMessage('a'.repeat(321), { mode: 'multi', numbering: false });
    expect(texts(result)).toEqual(['a'.repeat(160), 'a'.repeat(160), 'a']);
  });

  it('ends messages at words, and keeps the white space', () => {
    const text = 'word '.repeat(60).trim();
    const result = splitMessage(text, multi);
    expect(lengths(result)).toEqual([150, 149]);
    expect(result.messages.map((message) => message.content).join('')).toBe(text);
  });

  it('tears words only where whole ones would take one message more', () => {
    const text = 'wonderful '.repeat(31).slice(0, 304);
    expect(lengths(splitMessage(text, multi))).toEqual([152, 152]);
    const loose = `${'wonderful '.repeat(15)}${'x'.repeat(150)}`;
    expect(lengths(splitMessage(loose, multi))).toEqual([150, 150]);
  });

  it('spends the slack there is, then cuts hard', () => {
    // Three messages hold 456; 8 units of slack are enough for one word of ten letters, not for two.
    const text = 'wonderful '.repeat(45).slice(0, 448);
    expect(lengths(splitMessage(text, multi))).toEqual([150, 150, 148]);
    const tight = 'wonderful '.repeat(46).slice(0, 455);
    expect(lengths(splitMessage(tight, multi))).toEqual([152, 152, 151]);
    const some = 'wonderful '.repeat(46).slice(0, 453);
    expect(lengths(splitMessage(some, multi))).toEqual([150, 152, 151]);
  });

  it('does not waste the room before a word that is torn anyway', () => {
    const text = `Hi ${'x'.repeat(310)}`;
    expect(lengths(splitMessage(text, multi))).toEqual([152, 152, 9]);
  });

  it('moves a long word into the next message, where it is whole', () => {
    const text = `See this now ${'x'.repeat(149)}`;
    expect(lengths(splitMessage(text, multi))).toEqual([13, 149]);
  });

  it('breaks between ideographs, but not before their punctuation', () => {
    const text = `${'文'.repeat(64)}。${'文'.repeat(30)}`;
    expect(lengths(splitMessage(text, multi))).toEqual([63, 32]);
    const opening = `${'文'.repeat(63)}「${'文'.repeat(30)}`;
    expect(lengths(splitMessage(opening, multi))).toEqual([63, 31]);
  });

  it('keeps graphemes and CR LF whole', () => {
    const family = '👨‍👩‍👧';
    expect(lengths(splitMessage(`${'я'.repeat(60)}${family}${'я'.repeat(20)}`, multi))).toEqual([
      60, 28,
    ]);
    expect(lengths(splitMessage(`${'a'.repeat(151)}\r\n${'a'.repeat(20)}`, multi))).toEqual([
      151, 22,
    ]);
    const cut = splitMessage(`${'a'.repeat(151)}\r\n${'a'.repeat(20)}`, {
      mode: 'multi',
      boundary: 'code-point',
    });
    expect(lengths(cut)).toEqual([152, 21]);
  });

  it('keeps an accent with its letter, even if that ends the GSM-7 part early', () => {
    const text = `${'a'.repeat(100)}e\u0301${'a'.repeat(100)}`;
    const result = splitMessage(text, multi);
    expect(result.messages.map((message) => [message.content.length, message.encoding])).toEqual([
      [100, 'gsm7'],
      [64, 'ucs2'],
      [38, 'gsm7'],
    ]);
  });

  it('tears only graphemes that have no room in a message', () => {
    expect(lengths(splitMessage(`a${'\u0301'.repeat(199)}`, multi))).toEqual([64, 64, 64, 8]);
    expect(lengths(splitMessage(`b${'a' + '\u0301'.repeat(63)}${'b'.repeat(60)}`, multi))).toEqual([
      1, 64, 60,
    ]);
  });

  it('spends the slack in UCS-2 as well, and only at graphemes', () => {
    const pair = '😀';
    // Room for 64 units each; whole words take three messages, hard cuts two.
    const emoji = `${'мир '.repeat(8)}${pair.repeat(46)}`;
    expect(lengths(splitMessage(emoji, multi))).toEqual([64, 60]);
    const slack = `${'мирно '.repeat(11)}${'мир '.repeat(14)}`;
    expect(lengths(splitMessage(slack, multi))).toEqual([60, 62]);
    const tight = `${'спокойно '.repeat(14)}я`;
    expect(lengths(splitMessage(tight, multi))).toEqual([63, 64]);
    const full = `${'спокойно '.repeat(14)}яя`;
    expect(lengths(splitMessage(full, multi))).toEqual([64, 64]);
  });

  it('keeps enough room for graphemes further on when it spends slack', () => {
    const family = '👨‍👩‍👧';
    const text = `${'я'.repeat(50)} ${'ж'.repeat(8)}${family.repeat(8)}${'я'.repeat(5)}`;
    const result = splitMessage(text, multi);
    expect(result.messages.map((message) => message.content)).toEqual([
      `${'я'.repeat(50)} ${'ж'.repeat(8)}`,
      family.repeat(8),
      'я'.repeat(5),
    ]);
  });

  it('carries lone surrogates', () => {
    const result = splitMessage('\ud800'.repeat(100), multi);
    expect(lengths(result)).toEqual([64, 36]);
  });
});

describe('splitMessage, mode single', () => {
  it('cuts to one segment with a mark that is GSM-7', () => {
    expect(splitMessage('a'.repeat(200), { mode: 'single' })).toEqual({
      messages: [
        {
          text: `${'a'.repeat(157)}...`,
          content: 'a'.repeat(157),
          encoding: 'gsm7',
          unitCount: 160,
          segmentCount: 1,
        },
      ],
      segmentCount: 1,
      truncated: true,
      omittedLength: 43,
    });
  });

  it('leaves one segment as it is', () => {
    expect(splitMessage('a'.repeat(160), { mode: 'single' })).toMatchObject({ truncated: false });
    expect(splitMessage('я'.repeat(70), { mode: 'single' })).toMatchObject({ truncated: false });
  });

  it.each([
    ['UCS-2', 'я'.repeat(71), 67],
    ['an escape pair at the cut', `${'a'.repeat(156)}€€€`, 156],
    ['an emoji beyond the cut', `${'a'.repeat(180)}😀`, 157],
    ['an emoji early', `😀${'a'.repeat(180)}`, 67],
    ['an emoji where GSM-7 reaches further without it', `${'a'.repeat(68)}😀${'a'.repeat(99)}`, 68],
    ['an accent at the cut', `${'я'.repeat(66)}e\u0301${'я'.repeat(9)}`, 66],
    ['a grapheme that is too long', `a${'\u0301'.repeat(99)}`, 67],
  ])('cuts %s at the right place', (_name, text, length) => {
    const result = splitMessage(text, { mode: 'single' });
    expect(texts(result)).toEqual([`${text.slice(0, length)}...`]);
    expect(result).toMatchObject({ truncated: true, omittedLength: text.length - length });
    expect(countSegments(texts(result)[0] ?? '')).toBe(1);
  });

  it('respects maxLength', () => {
    expect(texts(splitMessage('a'.repeat(50), { mode: 'single', maxLength: 20 }))).toEqual([
      `${'a'.repeat(17)}...`,
    ]);
  });

  it('takes maxSegments, which it cannot exceed', () => {
    expect(splitMessage('a', { mode: 'single', maxSegments: 1 }).segmentCount).toBe(1);
  });
});

describe('splitMessage, overflow', () => {
  it('truncates to maxLength when there is no maxSegments', () => {
    const result = splitMessage('a'.repeat(1700), { overflow: 'truncate' });
    expect(texts(result)).toEqual([`${'a'.repeat(1597)}...`]);
    expect(result).toMatchObject({ truncated: true, omittedLength: 103, segmentCount: 11 });
    expect(splitMessage('a'.repeat(1600), { overflow: 'truncate' }).truncated).toBe(false);
    expect(splitMessage('a'.repeat(1600), { overflow: 'error' }).truncated).toBe(false);
  });

  it('truncates by the limit of the encoding that the cut leaves', () => {
    const options: SplitOptions = { overflow: 'truncate', maxLength: { gsm7: 300, ucs2: 100 } };
    const early = splitMessage(`😀${'a'.repeat(400)}`, options);
    expect(early.messages[0]?.text).toHaveLength(100);
    const late = splitMessage(`${'a'.repeat(200)}😀${'a'.repeat(400)}`, options);
    expect(late.messages).toMatchObject([{ content: 'a'.repeat(200), encoding: 'gsm7' }]);
  });

  it('truncates in mode multi as well, and counts what is left over', () => {
    const result = splitMessage('a'.repeat(500), {
      mode: 'multi',
      overflow: 'truncate',
      maxLength: 400,
    });
    expect(lengths(result)).toEqual([152, 152, 93]);
    expect(texts(result)[2]).toBe(`[3/3] ${'a'.repeat(93)}...`);
    expect(result).toMatchObject({ truncated: true, omittedLength: 103 });
  });

  it('holds maxSegments with one message where that keeps more', () => {
    const result = splitMessage('a'.repeat(3000), { overflow: 'truncate', maxSegments: 5 });
    expect(texts(result)).toEqual([`${'a'.repeat(5 * 153 - 3)}...`]);
    expect(result).toMatchObject({ segmentCount: 5, truncated: true });
    const one = splitMessage('a'.repeat(3000), { overflow: 'truncate', maxSegments: 1 });
    expect(texts(one)).toEqual([`${'a'.repeat(157)}...`]);
  });

  it('holds maxSegments in UCS-2, where the mark takes three units', () => {
    const options: SplitOptions = { overflow: 'truncate', maxSegments: 3 };
    expect(lengths(splitMessage('я'.repeat(500), options))).toEqual([3 * 67 - 3]);
    expect(lengths(splitMessage('я'.repeat(500), { ...options, reference: 16 }))).toEqual([195]);
    // The family has no room before the mark, and the first two segments lose a unit each to an emoji.
    const text = `${'я'.repeat(66)}😀${'я'.repeat(64)}😀${'я'.repeat(58)}👨‍👩‍👧${'я'.repeat(99)}`;
    expect(lengths(splitMessage(text, options))).toEqual([66 + 66 + 60]);
    const one = splitMessage('я'.repeat(500), { ...options, maxSegments: 1 });
    expect(lengths(one)).toEqual([67]);
    const multi = splitMessage('a'.repeat(500), { ...options, maxSegments: 1, mode: 'multi' });
    expect(texts(multi)).toEqual([`${'a'.repeat(157)}...`]);
  });

  it('holds maxSegments with separate messages where these keep more', () => {
    const result = splitMessage('a'.repeat(3000), { overflow: 'truncate', maxSegments: 12 });
    expect(result.messages).toHaveLength(12);
    expect(texts(result)[11]).toBe(`[12/12] ${'a'.repeat(147)}...`);
    expect(result).toMatchObject({ segmentCount: 12, omittedLength: 3000 - 9 * 151 - 450 + 3 });
  });

  it('sends separate messages instead of losing anything', () => {
    const text = `${'a'.repeat(500)}😀${'a'.repeat(490)}`;
    expect(countSegments(text)).toBe(15);
    const result = splitMessage(text, { overflow: 'error', maxSegments: 8 });
    expect(result).toMatchObject({ truncated: false, segmentCount: 8 });
    expect(splitMessage(text).messages).toHaveLength(1);
  });

  it('does nothing to a text within maxSegments', () => {
    const result = splitMessage('a'.repeat(459), { overflow: 'truncate', maxSegments: 3 });
    expect(result).toMatchObject({ segmentCount: 3, truncated: false });
    expect(splitMessage('a'.repeat(460), { overflow: 'truncate', maxSegments: 3 })).toMatchObject({
      truncated: true,
      segmentCount: 3,
    });
    const unbounded = splitMessage('a'.repeat(9999), { overflow: 'error', maxSegments: Infinity });
    expect(unbounded.truncated).toBe(false);
  });

  it.each([
    ['maxLength (1600 UTF-16 code units)', 'a'.repeat(1601), {}],
    [
      'maxLength (737 UTF-16 code units)',
      'я'.repeat(738),
      { maxLength: { gsm7: 1600, ucs2: 737 } },
    ],
    ['maxSegments (2)', 'a'.repeat(307), { maxSegments: 2 }],
    ['one segment (mode "single")', 'a'.repeat(161), { mode: 'single' as const }],
  ])('says that the text needs more than %s', (bound, text, options) => {
    expect(() => splitMessage(text, { ...options, overflow: 'error' })).toThrow(
      expect.objectContaining({
        code: 'too-long',
        message: `the text needs more than ${bound}; shorten it, raise the bound, or choose overflow "truncate"`,
      }),
    );
  });
});

describe('splitMessage, options', () => {
  it.each([0, -1, Number.NaN, 1.5, -Infinity])('refuses a maxLength of %d', (maxLength) => {
    const message = 'maxLength must be a whole number of at least 1';
    expect(() => splitMessage('', { maxLength })).toThrow(
      expect.objectContaining({ code: 'invalid-option', message }),
    );
  });

  it.each([
    [{ maxLength: { gsm7: 0, ucs2: 1 } }, 'maxLength.gsm7 must be a whole number of at least 1'],
    [{ maxLength: { gsm7: 1, ucs2: 0 } }, 'maxLength.ucs2 must be a whole number of at least 1'],
    [{ maxLength: { gsm7: 70, ucs2: 71 } }, 'maxLength.gsm7 must not be less than maxLength.ucs2'],
    [{ maxSegments: 0, overflow: 'error' }, 'maxSegments must be a whole number of at least 1'],
    [{ mode: 'many' }, 'mode must be one of auto, single, multi'],
    [{ overflow: 'drop' }, 'overflow must be one of split, truncate, error'],
    [{ boundary: 'word' }, 'boundary must be "grapheme" or "code-point"'],
    [{ reference: 7 }, 'reference must be 8 or 16 (bits)'],
    [
      { maxSegments: 3 },
      'maxSegments needs overflow "truncate" or "error": "split" loses nothing, so it can hold no cap',
    ],
  ])('refuses %j', (options, message) => {
    // As a caller without types can pass them.
    const untyped: object = options;
    expect(() => splitMessage('a', untyped)).toThrow(
      expect.objectContaining({ code: 'invalid-option', message }),
    );
  });

  it.each([
    ['the numbering', { maxLength: 7 }, 'a'.repeat(20)],
    ['the mark of a cut', { maxLength: 4, mode: 'single' as const }, 'a'.repeat(20)],
    ['the mark of a cut', { maxLength: 4, overflow: 'truncate' as const }, 'a'.repeat(20)],
  ])('refuses a maxLength without room beside %s', (_name, options, text) => {
    expect(() => splitMessage(text, options)).toThrow(
      'maxLength is too small: it leaves no room beside the numbering or the mark of a cut',
    );
  });

  it('takes the smallest maxLength that leaves room', () => {
    expect(lengths(splitMessage('a'.repeat(9), { maxLength: 8 }))).toEqual([2, 2, 2, 2, 1]);
    expect(texts(splitMessage('a'.repeat(9), { maxLength: 5, mode: 'single' }))).toEqual(['aa...']);
  });
});
