import { describe, expect, it } from 'vitest';
import { changeAccount } from './config-adapter.ts';
import { settingsFrom } from './setup-settings.ts';

describe('the flags of channels add', () => {
  it('become settings, each in the section of its carrier', () => {
    expect(
      settingsFrom('twilio', {
        provider: 'twilio',
        fromNumber: '+1 555 010 0100',
        accountSid: 'AC1',
        authToken: 'token',
        apiKey: 'not for twilio',
        webhookPort: 4000,
        allowFrom: ['+1 (555) 010-0123', '*'],
      }),
    ).toEqual({
      enabled: true,
      provider: 'twilio',
      fromNumber: '+15550100100',
      allowFrom: ['+15550100123', '*'],
      serve: { port: 4000 },
      twilio: { accountSid: 'AC1', authToken: 'token' },
    });
  });

  it('leave alone what they do not name', () => {
    const cfg = {
      channels: { telephony: { provider: 'twilio', twilio: { authToken: 'kept' }, sms: {} } },
    };
    expect(changeAccount(cfg, 'default', settingsFrom('twilio', { accountSid: 'AC1' }))).toEqual({
      channels: {
        telephony: {
          enabled: true,
          provider: 'twilio',
          twilio: { authToken: 'kept', accountSid: 'AC1' },
          sms: {},
        },
      },
    });
  });

  it('change a named account in its own entry', () => {
    expect(changeAccount({}, 'sales', settingsFrom('mock', { provider: 'mock' }))).toEqual({
      channels: {
        telephony: { enabled: true, accounts: { sales: { enabled: true, provider: 'mock' } } },
      },
    });
  });
});
