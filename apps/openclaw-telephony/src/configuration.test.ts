import { ConfigError } from '@openclaw/telephony-config';
import { describe, expect, it } from 'vitest';
import { loadHostAccounts } from './configuration.ts';

const mock = { provider: 'mock', fromNumber: '+15550100100', mock: { webhookSecret: 'word' } };
const load = (telephony: object) =>
  loadHostAccounts({ channels: { telephony: { enabled: true, ...telephony } } }, '.');
/** What the gateway leaves in place of a reference that nobody uses, or that leads nowhere. */
const reference = { source: 'env', provider: 'default', id: 'NOWHERE' };

describe('a SecretRef that the gateway did not resolve', () => {
  it.each([
    ['of another carrier', { twilio: { accountSid: 'AC1', authToken: reference } }],
    [
      'of an account that is switched off',
      {
        accounts: {
          old: {
            enabled: false,
            provider: 'telnyx',
            fromNumber: '+15550100109',
            telnyx: { apiKey: reference },
          },
        },
      },
    ],
    ['of no tunnel', { tunnel: { provider: 'none', ngrokAuthToken: reference } }],
    [
      'of a carrier that only an account with a secret of its own has',
      {
        twilio: { accountSid: 'AC1', authToken: reference },
        accounts: {
          sales: { provider: 'twilio', fromNumber: '+15550100101', twilio: { authToken: 'own' } },
        },
      },
    ],
  ])('hinders nobody when it is one %s', async (_of, more) => {
    const [first] = await load({ ...mock, ...more });
    expect(first?.config.provider).toBe('mock');
  });

  it.each([
    [
      'the account itself',
      {
        provider: 'twilio',
        fromNumber: '+15550100100',
        twilio: { accountSid: 'AC1', authToken: reference },
      },
    ],
    ['a tunnel', { ...mock, tunnel: { provider: 'ngrok', ngrokAuthToken: reference } }],
    [
      'an account that inherits it',
      {
        ...mock,
        twilio: { accountSid: 'AC1', authToken: reference },
        accounts: { sales: { provider: 'twilio', fromNumber: '+15550100101' } },
      },
    ],
    [
      'a named account',
      {
        ...mock,
        accounts: {
          sales: {
            provider: 'telnyx',
            fromNumber: '+15550100101',
            telnyx: { apiKey: reference, publicKey: 'k' },
          },
        },
      },
    ],
  ])('is told, by its place, when it is used by %s', async (_by, telephony) => {
    await expect(load(telephony)).rejects.toThrow(/channels\.telephony\..*(?:Token|apiKey)/u);
  });
});

describe('signatures that nobody checks', () => {
  const skip = { skipSignatureVerification: true };
  const gateway = { serve: { mode: 'gateway' } };

  it('are refused on the port of the gateway, which others reach', async () => {
    await expect(load({ ...mock, ...skip, ...gateway })).rejects.toThrow(ConfigError);
    await expect(load({ ...mock, ...skip, ...gateway })).rejects.toThrow(/serve\.mode "gateway"/u);
  });

  it('are refused there for whoever inherits one of the two', async () => {
    const sales = { fromNumber: '+15550100101' };
    for (const [above, below] of [
      [skip, gateway],
      [gateway, skip],
    ] as const) {
      const telephony = { ...mock, ...above, accounts: { sales: { ...sales, ...below } } };
      await expect(load(telephony)).rejects.toThrow(/accounts\.sales\.skipSignatureVerification/u);
      const off = { ...sales, ...below, enabled: false };
      expect(await load({ ...mock, ...above, accounts: { sales: off } })).toHaveLength(2);
    }
  });

  it('are a matter of this machine on a listener of our own', async () => {
    expect(await load({ ...mock, ...skip })).toHaveLength(1);
  });
});
