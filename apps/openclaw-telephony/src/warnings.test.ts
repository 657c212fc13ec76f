import { describe, expect, it } from 'vitest';
import { readAccount } from './account.ts';
import { shortcomingsOf, warningsOf } from './warnings.ts';

const shortcomings = (telephony: object): string[] =>
  shortcomingsOf(readAccount({ channels: { telephony } }));
const warnings = (telephony: object): string[] =>
  warningsOf(readAccount({ channels: { telephony } }));

describe('what is dangerous in a configuration', () => {
  it('is nothing by default', () => {
    expect(warnings({ provider: 'mock' })).toEqual([]);
  });

  it('is said: signatures that nobody checks', () => {
    expect(warnings({ skipSignatureVerification: true })[0]).toContain('skipSignatureVerification');
  });

  it('is said: a public port without TLS', () => {
    expect(warnings({ serve: { bind: '0.0.0.0' } })[0]).toContain('without TLS');
    expect(warnings({ serve: { bind: '0.0.0.0' }, publicUrl: 'https://a.example' })).toEqual([]);
  });
});

describe('what an account lacks', () => {
  const twilio = { provider: 'twilio', fromNumber: '+15550100100', publicUrl: 'https://a.example' };
  const credentials = { twilio: { accountSid: 'AC1', authToken: 'token' } };

  it('is nothing when all is there, or it is switched off', () => {
    expect(shortcomings({ enabled: true, ...twilio, ...credentials })).toEqual([]);
    expect(shortcomings(twilio)).toEqual([]);
  });

  it('is said: credentials, an address, somebody who may text', () => {
    const { publicUrl: _none, ...unreachable } = twilio;
    const said = shortcomings({ enabled: true, ...unreachable, inboundPolicy: 'open' }).join('\n');
    expect(said).toContain('twilio.accountSid, twilio.authToken missing');
    expect(said).toContain('publicUrl');
    expect(said).toContain('allowFrom: ["*"]');
  });
});
