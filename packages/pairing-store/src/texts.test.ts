import { describe, expect, it } from 'vitest';
import { approvedText, pairingText } from './texts.ts';

/** One septet each in GSM-7, so 160 of them are one segment (3GPP TS 23.038 §6.2.1). */
const oneSegment = /^[A-Za-z0-9 .,:+()'-]{1,160}$/u;

describe('the texts', () => {
  it('are one segment of plain letters, digits and punctuation', () => {
    const texts = [
      pairingText({ code: 'ABCD2345' }),
      pairingText({ code: 'ABCD2345', sender: '+155501001234567', ttlMs: 24 * 3_600_000 }),
      approvedText(),
    ];
    for (const text of texts) expect(text).toMatch(oneSegment);
    expect(texts[0]).toContain('ABCD2345');
    expect(texts[0]).toContain('60 min');
    expect(texts[1]).toContain('+155501001234567');
    expect(texts[1]).toContain('1440 min');
  });

  it('can be said in other words, as long as they stay one segment', () => {
    const template = 'Code {code} for {sender}, {minutes} min. Not $& or $1.';
    expect(pairingText({ code: 'ABCD2345', sender: '+15550100123', template })).toBe(
      'Code ABCD2345 for +15550100123, 60 min. Not $& or $1.',
    );
    expect(pairingText({ code: 'ABCD2345', template: 'Hello {sender}: {code}' })).toBe(
      'Hello you: ABCD2345',
    );
    expect(approvedText({ template: 'Welcome!' })).toBe('Welcome!');
  });

  it('refuse words that would cost more, or say nothing', () => {
    expect(() => pairingText({ code: 'ABCD2345', template: 'Hello!' })).toThrow(/\{code\}/u);
    expect(() => pairingText({ code: 'ABCD2345', template: '`{code}`' })).toThrow(/GSM-7/u);
    expect(() => approvedText({ template: 'Willkommen \u{1F44B}' })).toThrow(/GSM-7/u);
    expect(() => approvedText({ template: 'x'.repeat(161) })).toThrow(/161 characters/u);
    expect(approvedText({ template: 'x'.repeat(160) })).toHaveLength(160);
  });
});
