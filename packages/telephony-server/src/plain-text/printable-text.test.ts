import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPrintable } from './printable-text.ts';

describe('a printable text', () => {
  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m \u009b32mgreen\u009b0m', 'red green'],
    [
      'a title of a terminal',
      '\u001b]0;owned\u0007hi \u001b]8;;https://a.example\u001b\\link',
      'hi link',
    ],
    ['other escapes', '\u001b(Ba\u001bcb\u001b', 'ab'],
    ['an unfinished escape', '\u001b]0;everything else', ']0;everything else'],
    ['control characters', 'a\u0000b\u0007c\u0085d\u007fe', 'abcde'],
    ['overrides of direction', 'invoice\u202Efdp.exe\u2066x\u2069', 'invoicefdp.exex'],
    ['invisible characters', '\uFEFFa\u200Bb\u2060c\u00ADd', 'abcd'],
    [
      'fillers, joiners and operators that nobody sees',
      'a\u034Fb\u061Cc\u115Fd\u180Ee\u2061f\u2064g\u3164h\uFFF9i\uFFFBj',
      'abcdefghij',
    ],
    ['words in tags', 'a\u{E0001}\u{E0068}\u{E0069}\u{E007F}b', 'ab'],
    [
      'words in tags behind a flag',
      '\u{1F3F4}\u{E0068}\u{E0069} \u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E006C}\u{E0073}\u{E007F}',
      '\u{1F3F4} \u{1F3F4}',
    ],
    ['line ends of other systems', 'a\r\nb\rc', 'a\nb\nc'],
    ['half a surrogate pair', 'a\uD83D', 'a\uFFFD'],
  ])('has no %s', (_what, text, printable) => {
    expect(toPrintable(text)).toBe(printable);
  });
  it.each([
    'tab\tand\nnewline',
    '👨‍👩‍👧 🏳️‍🌈',
    '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}!',
    'می‌خواهم',
    'שלום\u200F!',
    'क्‍ष',
    'a [31m b',
  ])('keeps %j', (text) => {
    expect(toPrintable(text)).toBe(text);
  });
  const pieces = [
    ...Array.from('\u001b[]0m;\u0007\\a\u202e\u200b\r\n\u009b\u009c\u009d 😀'),
    '\ud83d',
    '\ude00',
    '\u{1F3F4}',
    '\u{E0067}',
    '\u{E007F}',
  ];
  it('has nothing left that cannot be seen, and nothing more to lose', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
        const once = toPrintable(parts.join(''));
        // An escape that was taken out may leave half of another behind it, which is then plain text.
        expect(once.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
        expect(toPrintable(once)).toBe(once);
      }),
    );
  });
  it('takes half a million unfinished escapes in its stride', () => {
    for (const unit of ['\u001b]', '\u001b[0', '\u001b ', '\u001b[', '\u009d']) {
      expect(toPrintable(unit.repeat(500_000))).not.toContain('\u001b');
    }
  });
});
