import { describe, expect, it } from 'vitest';
import { isOptOutKeyword, parseOptOutKeyword } from './opt-out.ts';

describe('a consent keyword', () => {
  it.each([
    'STOP',
    'stop',
    ' Stop\n',
    'StopAll',
    'stop all',
    'unsubscribe',
    'cancel',
    'end',
    'quit',
    'revoke',
    'optout',
  ])('%j means stop', (text) => {
    expect(parseOptOutKeyword(text)).toBe('stop');
  });
  it.each(['START', 'unstop', 'Yes'])('%j means start', (text) => {
    expect(parseOptOutKeyword(text)).toBe('start');
  });
  it.each(['HELP', 'info'])('%j means help', (text) => {
    expect(parseOptOutKeyword(text)).toBe('help');
  });
  it.each([
    'please stop',
    'stop by at five',
    'STOP!',
    'the end',
    '',
    'yes please',
    'stop'.repeat(10_000),
  ])('is not found inside an ordinary text', (text) => {
    expect(parseOptOutKeyword(text)).toBeUndefined();
  });
  it('is one of three meanings', () => {
    expect(['stop', 'start', 'help'].every(isOptOutKeyword)).toBe(true);
    expect(isOptOutKeyword('STOP')).toBe(false);
  });
});
