import { describe, expect, it } from 'vitest';
import { resolveRecipient } from './resolve-recipient.ts';

describe('a recipient', () => {
  it('with a plus sign is what it says, however it is punctuated', () => {
    expect(resolveRecipient(' +1 (555) 010-0123 ')).toBe('+15550100123');
    expect(resolveRecipient('+15550100123', 'DE')).toBe('+15550100123');
  });
  it('without a plus sign is refused: 5551234567 is no number of Brazil', () => {
    expect(() => resolveRecipient('5551234567')).toThrow(
      'it has 10 digits and no plus sign, so its country is unknown',
    );
  });
  it('without a plus sign is a number of the default country, when there is one', () => {
    expect(resolveRecipient('2025550123', 'US')).toBe('+12025550123');
    expect(resolveRecipient('030 901820', 'DE')).toBe('+4930901820');
  });
  it('may be a short code in any country', () => {
    expect(resolveRecipient('72345', 'US')).toBe('72345');
  });
  it.each(['12', 'call me', '', '2025550123 ext. 5 or so'])('is not %j', (text) => {
    expect(() => resolveRecipient(text, 'US')).toThrow(/not a telephone number/u);
  });
});
