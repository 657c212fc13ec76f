import { describe, expect, it } from 'vitest';
import { withoutRetries, withRetries } from './retries.ts';

const there = (href: string): string => withRetries(new URL(href)).href;

describe('the URL of a webhook', () => {
  it('asks Twilio to try again, so that a 503 loses nothing', () => {
    expect(there('https://sms.example.com/in?id=1')).toBe(
      'https://sms.example.com/in?id=1#rc=5&rp=all',
    );
  });

  it('keeps a fragment that somebody chose', () => {
    expect(there('https://sms.example.com/in#rc=0')).toBe('https://sms.example.com/in#rc=0');
  });

  it.each([
    'https://sms.example.com/in?id=1',
    'https://sms.example.com/',
    'https://a.example/b#rc=2',
  ])('is read back as it was given: %s', (href) => {
    expect(withoutRetries(withRetries(new URL(href))).href).toBe(href);
  });
});
