import { count as smsLengthCount } from 'sms-length';
import { SegmentedMessage } from 'sms-segments-calculator';
import { split } from 'split-sms';
import { describe, expect, it } from 'vitest';
import { countSegments } from './count-segments.ts';
import { segmentMessage } from './segment-message.ts';
import {
  bmpPieces,
  createRandom,
  escapedPieces,
  graphemePieces,
  gsm7Pieces,
  randomText,
} from './texts.testing.ts';

// Two peers as oracles: Twilio's own calculator (sms-segments-calculator 1.3.0) cuts at graphemes, split-sms 0.1.7 at
// code points. Excluded from the generated texts are only the deviations named at the end of this file.

function twilioCount(text: string): number {
  return new SegmentedMessage(text).segmentsCount;
}

const gsm7 = [...gsm7Pieces, ...escapedPieces];
const everything = [...gsm7Pieces, ...bmpPieces, ...graphemePieces];
const textCount = 20_000;

// Around the boundaries, because the rest teaches nothing; long ones seldom, because the calculator is quadratic.
const lengths = {
  gsm7: [5, 40, 90, 150, 158, 160, 161],
  longGsm7: [300, 306, 310],
  ucs2: [3, 10, 20, 40, 66, 69, 71, 74],
  longUcs2: [130, 134, 138, 200],
};

function generate(seed: number): string[] {
  const random = createRandom(seed);
  return Array.from({ length: textCount }, (_unused, index) => {
    const inGsm7 = index % 8 === 0;
    const long = index % 32 < 2;
    const choices = lengths[inGsm7 ? (long ? 'longGsm7' : 'gsm7') : long ? 'longUcs2' : 'ucs2'];
    const length = choices[Math.floor(random() * choices.length)] ?? 1;
    return randomText(random, inGsm7 ? gsm7 : everything, length);
  });
}

describe(`over ${textCount} generated texts`, () => {
  it('counts by grapheme as sms-segments-calculator does', () => {
    for (const text of generate(1))
      expect([text, countSegments(text)]).toEqual([text, twilioCount(text)]);
  }, 60_000);

  it('cuts by code point as split-sms does', () => {
    for (const text of generate(2)) {
      const { parts, characterSet, remainingInPart } = split(text);
      const message = segmentMessage(text, { boundary: 'code-point' });
      expect(message.segments.map((segment) => segment.text)).toEqual(
        parts.map((part) => part.content),
      );
      expect(message.encoding).toBe(characterSet === 'GSM' ? 'gsm7' : 'ucs2');
      expect(message.segments.at(-1)?.unitsLeft).toBe(remainingInPart);
    }
  }, 60_000);
});

describe('where we differ from sms-segments-calculator', () => {
  it('an empty text has no segment, not one', () => {
    expect([countSegments(''), twilioCount('')]).toEqual([0, 1]);
  });

  it('a grapheme longer than a segment does not fit into one', () => {
    const text = `a${'\u0301'.repeat(200)}`;
    expect([countSegments(text), twilioCount(text)]).toEqual([3, 2]);
  });

  it.each([
    ['an Indic conjunct', 'क्षि', 2],
    ['a sequence newer than 2019, the phoenix,', '🐦‍🔥', 3],
    ['a handshake of two skin tones', '🫱🏻‍🫲🏿', 5],
  ])('%s is one grapheme, and not cut', (_name, grapheme, cutAfter) => {
    const before = 'я'.repeat(67 - cutAfter);
    const text = before + grapheme + 'я'.repeat(134 - before.length - grapheme.length);
    expect(segmentMessage(text).segments[0]?.text).toBe(before);
    expect([countSegments(text), twilioCount(text)]).toEqual([3, 2]);
  });
});

describe('where we differ from split-sms', () => {
  it('an empty text has no segment, not one', () => {
    expect([countSegments(''), split('').parts.length]).toEqual([0, 1]);
  });

  it('a lone high surrogate at the end is one unit, not two', () => {
    const text = `${'я'.repeat(69)}\ud83d`;
    expect(countSegments(text, { boundary: 'code-point' })).toBe(1);
    expect(split(text).parts).toHaveLength(2);
  });

  it('a grapheme is whole by default', () => {
    const text = `${'я'.repeat(64)}👨‍👩‍👧${'я'.repeat(60)}`;
    expect(segmentMessage(text).segments[1]?.text.startsWith('👨‍👩‍👧')).toBe(true);
    expect(split(text).parts[1]?.content.startsWith('👨‍👩‍👧')).toBe(false);
  });
});

const cyrillic = (count: number) => 'я'.repeat(count);

describe('the table in the README', () => {
  it.each([
    ['nothing', '', [0, 1, 1, 0]],
    ['an escape pair at the cut', `${'a'.repeat(152)}€${'a'.repeat(152)}`, [3, 3, 3, 2]],
    ['a surrogate pair at the cut', `${cyrillic(66)}😀${cyrillic(66)}`, [3, 3, 3, 2]],
    ['a family at the cut', `${cyrillic(64)}👨‍👩‍👧${cyrillic(62)}`, [3, 3, 2, 2]],
    ['a conjunct at the cut', `${cyrillic(65)}क्षि${cyrillic(65)}`, [3, 2, 2, 2]],
    ['a phoenix at the cut', `${cyrillic(64)}🐦‍🔥${cyrillic(65)}`, [3, 2, 2, 2]],
    ['two hundred accents', `a${'\u0301'.repeat(200)}`, [3, 2, 3, 3]],
    ['half a surrogate pair', `${cyrillic(69)}\ud83d`, [1, 1, 2, 1]],
  ])('is right about %s', (_name, text, counts) => {
    expect([
      countSegments(text),
      twilioCount(text),
      split(text).parts.length,
      smsLengthCount(text).messages,
    ]).toEqual(counts);
  });

  it('is right about the form feed', () => {
    expect(segmentMessage('\f').encoding).toBe('gsm7');
    expect(new SegmentedMessage('\f').encodingName).toBe('GSM-7');
    expect(split('\f').characterSet).toBe('GSM');
    expect(smsLengthCount('\f').encoding).toBe('UTF16');
  });
});
