import { describe, expect, it } from 'vitest';
import { readAccount } from './account.ts';
import { accountIds, defaultAccountOf, isEnabled } from './section.ts';

const host = (telephony: object) => ({ channels: { telephony } });
const twilio = { accountSid: 'AC1', authToken: 'token' };

describe('the accounts of a configuration', () => {
  it('are one, named default, when there are no others', () => {
    const cfg = host({ enabled: true, provider: 'twilio', fromNumber: '+15550100100', twilio });
    expect(accountIds(cfg)).toEqual(['default']);
    expect(readAccount(cfg)).toMatchObject({
      accountId: 'default',
      enabled: true,
      configured: true,
      inboundPolicy: 'pairing',
      tokenStatus: 'available',
      serve: { mode: 'own', port: 3335, bind: '127.0.0.1', path: '/telephony/webhook' },
    });
  });

  it('are none without a section', () => {
    expect(accountIds({})).toEqual([]);
    expect(accountIds(undefined)).toEqual([]);
    expect(readAccount({}).configured).toBe(false);
  });

  it('inherit what they do not set, and have paths of their own', () => {
    const cfg = host({
      enabled: true,
      provider: 'twilio',
      twilio,
      inboundPolicy: 'allowlist',
      serve: { port: 4000 },
      accounts: {
        sales: { fromNumber: '+15550100101' },
        help: { fromNumber: '+15550100102', enabled: false, serve: { path: '/help' } },
      },
    });
    expect(accountIds(cfg)).toEqual(['sales', 'help']);
    expect(defaultAccountOf(cfg)).toBe('sales');
    expect(readAccount(cfg, 'sales')).toMatchObject({
      fromNumber: '+15550100101',
      inboundPolicy: 'allowlist',
      configured: true,
      serve: {
        port: 4000,
        path: '/telephony/webhook/sales',
        statusPath: '/telephony/status/sales',
      },
    });
    expect(readAccount(cfg, 'help').serve.path).toBe('/help');
    expect([isEnabled(cfg, 'sales'), isEnabled(cfg, 'help')]).toEqual([true, false]);
  });

  it('run only when the channel was switched on', () => {
    expect(isEnabled(host({ provider: 'mock' }), 'default')).toBe(false);
    expect(isEnabled(host({ enabled: true, provider: 'mock' }), 'default')).toBe(true);
  });
});

describe('what is shown of an account', () => {
  it('holds no secret', () => {
    const cfg = host({ provider: 'twilio', twilio, mock: { webhookSecret: 'word' } });
    expect(JSON.stringify(readAccount(cfg))).not.toContain('token"');
  });

  it('says what is missing, and what only the gateway can resolve', () => {
    const reference = { source: 'env', provider: 'default', id: 'TOKEN' };
    const cfg = host({ provider: 'plivo', plivo: { authToken: reference } });
    expect(readAccount(cfg)).toMatchObject({
      configured: false,
      tokenStatus: 'configured_unavailable',
      missing: ['plivo.authId', 'fromNumber'],
    });
  });

  it('takes dmPolicy for inboundPolicy, and an unknown policy for the safe one', () => {
    expect(readAccount(host({ dmPolicy: 'allowlist' })).inboundPolicy).toBe('allowlist');
    expect(readAccount(host({ inboundPolicy: 'everybody' })).inboundPolicy).toBe('pairing');
  });
});
