import { describe, expect, it } from 'vitest';
import { isMistakenTarget, isTarget, parseTarget } from './target.ts';

describe('the target of a command', () => {
  it.each([
    '+15550100123',
    ' +1 555',
    '(555) 010-0123',
    '5550100123',
    '12345',
    'Twilio:+15550100123',
  ])('is recognised in %j', (word) => {
    expect(isTarget(word)).toBe(true);
  });
  it.each(['Backup done', 'Note: call me', 'sms:+15550100123', '', '🎉'])(
    'is not seen in %j',
    (word) => {
      expect(isTarget(word)).toBe(false);
    },
  );
  it.each([
    '',
    ' ',
    'sms:+15550100123',
    'tel: +1 (555) 010-0123',
    'twillio:+15550100123',
    'phone:5550100123',
  ])('is meant by %j, and not named', (word) => {
    expect(isMistakenTarget(word)).toBe(true);
  });
  it.each([
    'Backup done',
    'Code: 123456',
    'Note: call +15550100123',
    '+15550100123',
    'mock:1234567',
    'at 12:30',
  ])('is not meant by %j, or is named', (word) => {
    expect(isMistakenTarget(word)).toBe(false);
  });
  it('may name the carrier', () => {
    expect(parseTarget('telnyx:+15550100123')).toEqual({
      carrier: 'telnyx',
      number: '+15550100123',
    });
    expect(parseTarget('+15550100123')).toEqual({ number: '+15550100123' });
  });
});
