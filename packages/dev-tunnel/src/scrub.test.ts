import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrubber } from './scrub.ts';

describe('text of a program', () => {
  it('loses secrets, whether known or by their looks', () => {
    const scrub = createScrubber(['s3cret', undefined, '']);
    expect(scrub('a s3cret b')).toBe('a ••• b');
    expect(scrub(`token=${'Ab1'.repeat(20)}`)).toBe('•••');
    expect(scrub('at https://me:word@example.com/x?token=1#y now')).toBe(
      'at https://•••@example.com/x now',
    );
  });
  it('loses control sequences and line ends, and is cut', () => {
    const scrub = createScrubber([]);
    expect(scrub('\u001B[31mred\u001B[0m\r\nnext\u0007')).toBe('red next');
    expect(scrub('ab '.repeat(200))).toHaveLength(301);
  });
  it('never shows a known secret, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.stringMatching(/^[A-Za-z0-9]{8,30}$/u),
        fc.string(),
        (a, secret, b) => {
          fc.pre(!a.includes(secret) && !b.includes(secret));
          expect(createScrubber([secret])(a + secret + b)).not.toContain(secret);
        },
      ),
    );
  });
});
