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

  it('is said of the port that is really reached', () => {
    const said = warnings({ skipSignatureVerification: true, serve: { mode: 'gateway' } }).join();
    expect(said).toContain('the port of the gateway');
    expect(said).not.toContain('3335');
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

  it('is said: a tunnel that would lead nowhere', () => {
    const serve = { mode: 'gateway' };
    const tunnel = { provider: 'cloudflared' };
    const said = shortcomings({ enabled: true, ...twilio, ...credentials, serve, tunnel });
    expect(said.join('\n')).toContain('a tunnel leads to a listener');
  });
});
