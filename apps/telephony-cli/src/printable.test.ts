import { describe, expect, it } from 'vitest';
import { excerpt, printable } from './printable.ts';

describe('a text of a stranger on a terminal', () => {
  it('moves no cursor, changes no colour, and turns no words around', () => {
    const everything = Array.from({ length: 0x2100 }, (_, code) => String.fromCodePoint(code));
    const shown = printable(everything.join(''));
    expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    expect(printable('\u001B[2Jgone\u009B1m\u202Etxt')).toBe('\\u001b[2Jgone\\u009b1m\\u202etxt');
  });
  it('keeps what people write', () => {
    expect(printable('Grüße, 你好 👩‍👩‍👧 €')).toBe('Grüße, 你好 👩‍👩‍👧 €');
    expect(printable('two\nlines')).toBe('two\\nlines');
  });
  it('is cut at whole characters', () => {
    expect(excerpt('🎉🎉🎉🎉', 3)).toBe('🎉🎉…');
    expect(excerpt('🎉🎉🎉', 3)).toBe('🎉🎉🎉');
  });
});
