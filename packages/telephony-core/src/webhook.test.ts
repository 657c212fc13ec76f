import { describe, expect, it } from 'vitest';
import { isVerifiedWebhook, markVerified } from './webhook.ts';

const request = {
  method: 'POST',
  url: 'https://example.com/hook',
  headers: new Headers(),
  body: new Uint8Array(),
  receivedAt: new Date(0),
};

describe('a verified webhook', () => {
  it('is made by marking, and says whether its body was signed', () => {
    const webhook = markVerified(request, { bodyAuthenticated: false });
    expect(webhook).toEqual({ ...request, bodyAuthenticated: false });
    expect(isVerifiedWebhook(webhook)).toBe(true);
  });
  it('is not the request that it came from, nor a copy of it', () => {
    const webhook = markVerified(request, { bodyAuthenticated: true });
    expect(isVerifiedWebhook(request)).toBe(false);
    expect(isVerifiedWebhook({ ...webhook })).toBe(false);
  });
});
