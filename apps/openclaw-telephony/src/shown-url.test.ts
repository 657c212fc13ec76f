import { describe, expect, it } from 'vitest';
import { shownUrl } from './shown-url.ts';

describe('an address that is shown', () => {
  it('is there as it is, without what may be a password', () => {
    expect(shownUrl(new URL('https://sms.example.com/in'))).toBe('https://sms.example.com/in');
    for (const secret of [
      'https://ada:secret@sms.example.com/in',
      'https://sms.example.com/in?key=secret',
    ]) {
      expect(shownUrl(new URL(secret))).toBe('https://sms.example.com/in (and more)');
    }
  });
});
