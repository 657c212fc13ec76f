import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNgrokHost } from './ngrok-host.ts';

describe('isNgrokHost', () => {
  it.each([
    'calm-sea.ngrok-free.app',
    'calm-sea.ngrok-free.dev',
    'example.ngrok.app',
    'example.ngrok.dev',
    '1a2b.eu.ngrok.io',
    'EXAMPLE.NGROK.IO',
    'example.ngrok.io.',
    'example.ngrok.io:443',
  ])('knows %s', (host) => {
    expect(isNgrokHost(host)).toBe(true);
  });
  it.each([
    'https://evil/?x=.ngrok.io',
    'evil/?x=.ngrok.io',
    'evil.example.com?.ngrok.io',
    'evil.example.com#.ngrok.io',
    'evil.example.com\\.ngrok.io',
    'a@b.ngrok.io',
    'evil-ngrok.io',
    'evilngrok-free.app',
    'ngrok.io.example.com',
    'ngrok.io',
    '.ngrok.io',
    'a..ngrok.io',
    'a.ngrok.io ',
    'a.ngrok.io\n',
    'a.ngrok.io:443:443',
    'a.ngrok.ıo',
    '',
  ])('is not taken in by %j: whole labels are compared (C22)', (host) => {
    expect(isNgrokHost(host)).toBe(false);
  });
  it('never holds for a host that a URL parser reads as another one', () => {
    const part = fc.constantFrom(
      'ngrok.io',
      '.',
      'a',
      '/',
      '?',
      '#',
      '@',
      ':',
      '\\',
      ' ',
      '%2e',
      '-',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const host = parts.join('');
        if (!isNgrokHost(host)) return;
        expect(new URL(`https://${host}`).hostname).toMatch(/\.ngrok\.io\.?$/u);
      }),
    );
  });
});
