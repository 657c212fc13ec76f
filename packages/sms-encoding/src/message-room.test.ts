import { describe, expect, it } from 'vitest';
import { earliestStart, furthestEnd, messageRoom } from './message-room.ts';

const room = { septets: 20, gsm7Length: 16, ucs2Length: 8 };
const withUcs2At = (index: number) => `${'a'.repeat(index)}я${'a'.repeat(39 - index)}`;

describe('earliestStart, of a message that ends at 30', () => {
  it.each([
    ['is as far back as GSM-7 may be long', 'a'.repeat(40), 14],
    ['stops where the septets are used up', '€'.repeat(40), 20],
    ['is as far back as UCS-2 may be long', withUcs2At(28), 22],
    ['lets in a character that just has room as UCS-2', withUcs2At(22), 22],
    ['leaves a character out that has no room as UCS-2', withUcs2At(18), 19],
    ['looks at the first character, too', withUcs2At(14), 15],
  ])('%s', (_name, text, start) => {
    expect(earliestStart(text, 30, room)).toBe(start);
  });

  it('is never before the text', () => {
    expect(earliestStart('aaa', 3, room)).toBe(0);
    expect(earliestStart('яa', 2, room)).toBe(0);
  });
});

describe('furthestEnd, of a message that begins at 5', () => {
  it.each([
    ['is as far as GSM-7 may be long', 'a'.repeat(40), 21],
    ['stops where the septets are used up', '€'.repeat(40), 15],
    ['is as far as UCS-2 may be long', withUcs2At(7), 13],
    ['leaves a character out that has no room as UCS-2', withUcs2At(16), 16],
    ['is never behind the text', 'a'.repeat(9), 9],
  ])('%s', (_name, text, end) => {
    expect(furthestEnd(text, 5, room)).toBe(end);
  });
});

it('refuses a message without room for a pair', () => {
  expect(messageRoom(0, { gsm7: 2, ucs2: 2 })).toEqual({
    septets: 160,
    gsm7Length: 2,
    ucs2Length: 2,
  });
  expect(() => messageRoom(0, { gsm7: 1, ucs2: 1 })).toThrow(
    expect.objectContaining({ code: 'invalid-option' }),
  );
});
