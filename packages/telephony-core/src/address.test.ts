import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isAlphanumericSenderId,
  isChannelAddress,
  isE164,
  isMessageAddress,
  isShortCode,
  isSipUri,
  parseE164,
  parseRecipient,
  parseSenderAddress,
  redactAddress,
  withoutRcs,
} from './address.ts';

/** As JavaScript calls it, where no type holds the value back. */
const asked = (ask: (value: string) => unknown, value: unknown): unknown =>
  Reflect.apply(ask, undefined, [value]);

describe('an E.164 number', () => {
  it.each(['+15550100123', '+4915123456789', '+1234567', '+123456789012345'])(
    'may be %s',
    (text) => {
      expect(parseE164(text)).toBe(text);
    },
  );
  it.each([
    '',
    ' ',
    '+',
    '+0155501001',
    '+123456',
    '+1234567890123456',
    '15550100123',
    '5551234567',
    '+1 555 010 0123',
    '+1555010012a',
    '+15550100123\n',
    '+１５５５０１００１２３',
    'whatsapp:+15550100123',
    '+15550100123<+15550100124',
  ])('may not be %j', (text) => {
    expect(isE164(text)).toBe(false);
    expect(() => parseE164(text)).toThrow(/not a telephone number/u);
  });
  it('is never guessed from a national number, and the error says what is missing', () => {
    expect(() => parseE164('5551234567')).toThrow(
      'not a telephone number: it has 10 digits and no plus sign, so its country is unknown. Write it as +<country code><number>.',
    );
  });
  it('is asked for without punctuation', () => {
    expect(() => parseE164('(555) 010-0123')).toThrow(/without spaces, dots, dashes or brackets/u);
  });
  it('is not repeated in the error', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\d() -]{8,20}$/u), (text) => {
        fc.pre(text.trim().length > 6);
        expect(() => parseE164(text)).toThrow(
          expect.objectContaining({ message: expect.not.stringContaining(text.trim()) }),
        );
      }),
    );
  });
});

describe('other addresses', () => {
  it('are told apart from numbers and from each other', () => {
    expect(isShortCode('72345')).toBe(true);
    expect(isShortCode('72')).toBe(false);
    expect(isShortCode('123456789')).toBe(false);
    expect(isAlphanumericSenderId('MyBank')).toBe(true);
    expect(isAlphanumericSenderId('72345')).toBe(false);
    expect(isAlphanumericSenderId('TwelveLetter')).toBe(false);
    expect(isChannelAddress('whatsapp:+15550100123')).toBe(true);
    expect(isChannelAddress('rcs:agent')).toBe(true);
    expect(isChannelAddress('sip:me@example.com')).toBe(false);
    expect(isSipUri('sip:me@example.com')).toBe(true);
    expect(isMessageAddress('')).toBe(false);
    expect(isMessageAddress('anonymous person')).toBe(false);
  });
  it('are accepted where they can be used', () => {
    expect(parseRecipient('72345')).toBe('72345');
    expect(parseSenderAddress('MyBank')).toBe('MyBank');
    expect(() => parseRecipient('MyBank')).toThrow(/not a telephone number/u);
  });
});

describe('what is no text', () => {
  const anything = fc.anything().filter((value) => typeof value !== 'string');
  const coerced = [undefined, null, 5550100, ['+15550100123'], ['72345'], ['sip:a@b'], ['rcs:a']];

  it('is no address of any kind, whatever it turns into as a text', () => {
    const predicates = [
      isE164,
      isShortCode,
      isAlphanumericSenderId,
      isSipUri,
      isChannelAddress,
      isMessageAddress,
    ];
    const refused = (value: unknown): void => {
      for (const isAddress of predicates) expect(asked(isAddress, value)).toBe(false);
    };
    for (const value of coerced) refused(value);
    fc.assert(fc.property(anything, refused));
  });
  it.each([
    ['parseE164', parseE164],
    ['parseRecipient', parseRecipient],
    ['parseSenderAddress', parseSenderAddress],
  ])('is refused by %s', (_name, parse) => {
    for (const value of coerced) {
      expect(() => asked(parse, value)).toThrow(
        'not a telephone number: it is no text. Write it as +<country code><number>.',
      );
    }
  });
});

describe('who writes over RCS', () => {
  it('is the person with that number, and nobody else loses a prefix', () => {
    expect(withoutRcs('rcs:+15550100123')).toBe('+15550100123');
    for (const other of ['rcs:agent', 'rcs:5550100123', 'whatsapp:+15550100123', '+15550100123']) {
      expect(withoutRcs(other)).toBe(other);
    }
  });
});

describe('a redacted address', () => {
  it('keeps the country and the last four digits of a number', () => {
    expect(redactAddress('+15550100123')).toBe('+1555•••0123');
    expect(redactAddress('whatsapp:+15550100123')).toBe('whatsapp:+1555•••0123');
    expect(redactAddress('+123456789')).toBe('+12•••89');
  });
  it('never is the address itself', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), (text) => {
        expect(redactAddress(text)).not.toBe(text);
        expect(redactAddress(text)).toContain('•••');
      }),
    );
  });
});
