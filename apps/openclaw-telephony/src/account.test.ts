import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readAccount } from './account.ts';
import { loadHostAccounts } from './configuration.ts';
import { accountIds, defaultAccountOf } from './section.ts';

const policies = [
  {},
  { inboundPolicy: 'pairing' },
  { dmPolicy: 'disabled' },
  { inboundPolicy: 'open', allowFrom: ['*'] },
  { dmPolicy: 'allowlist', allowFrom: ['+15550100123'] },
];
const numbers = [{}, { fromNumber: '+15550100100' }, { defaultTo: '+15550100155' }];
const carriers = [
  { provider: 'mock', mock: { webhookSecret: 'word' } },
  { provider: 'twilio', twilio: { accountSid: 'AC1', authToken: 't', messagingServiceSid: 'MG1' } },
  { provider: 'plivo', plivo: { authId: 'MA1', authToken: 't', powerpackUuid: 'P1' } },
  {
    provider: 'telnyx',
    sender: 'service',
    telnyx: { apiKey: 'KEY', publicKey: 'k', messagingProfileId: 'P' },
  },
  {},
];
const addresses = [
  {},
  { publicUrl: 'https://bot.example.com' },
  { publicUrl: 'https://bot.example.com/hooks/one', serve: { path: '/hooks/one', port: 4000 } },
  { tailscale: { mode: 'funnel' } },
];
const entries = [
  undefined,
  {},
  { fromNumber: '+15550100101' },
  { fromNumber: '+15550100101', dmPolicy: 'disabled' },
  { fromNumber: '+15550100101', inboundPolicy: 'pairing', allowFrom: [] },
  { fromNumber: '+15550100101', sender: 'number', publicUrl: 'https://sales.example.com/x' },
  { provider: 'twilio', twilio: { messagingServiceSid: 'MG2' }, serve: { path: '/sales' } },
  { enabled: false, fromNumber: '+15550100101', defaultTo: '+15550100156' },
];

/** What both sides say of an account, when both speak of the same thing. */
async function bothOf(telephony: object): Promise<readonly (readonly [object, object])[]> {
  const cfg = { channels: { telephony } };
  const loaded = await loadHostAccounts(cfg, '.').catch(() => []);
  return loaded.map(({ id, config }) => {
    const { provider, fromNumber, inboundPolicy, allowFrom, defaultTo, publicUrl } = config;
    const { path, statusPath, port, bind } = config.serve;
    const read = readAccount(cfg, id);
    const serve = { path, statusPath, port, bind };
    const ours = { provider, fromNumber, inboundPolicy, allowFrom, defaultTo, publicUrl };
    return [
      {
        id,
        ...Object.fromEntries(Object.keys(ours).map((key) => [key, Reflect.get(read, key)])),
        serve: { ...read.serve, mode: undefined },
        tunnel: read.tunnel,
        hasSender: !read.missing.includes('fromNumber'),
      },
      {
        id,
        ...ours,
        serve: { ...serve, mode: undefined },
        tunnel: config.tunnel.provider,
        hasSender: true,
      },
    ] as const;
  });
}

describe('an account, read without a check', () => {
  it.each(policies)('is what the library makes of it, below %j', async (policy) => {
    let compared = 0;
    for (const number of numbers) {
      for (const carrier of carriers) {
        for (const address of addresses) {
          for (const sales of entries) {
            const telephony = { enabled: true, ...policy, ...number, ...carrier, ...address };
            const accounts = sales === undefined ? {} : { accounts: { sales } };
            for (const [read, checked] of await bothOf({ ...telephony, ...accounts })) {
              expect(read).toEqual(checked);
              compared += 1;
            }
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(50);
  });

  it('never opens what its own entry closed, by whichever of the two names', () => {
    for (const above of policies) {
      for (const name of ['inboundPolicy', 'dmPolicy']) {
        const telephony = { ...above, accounts: { sales: { [name]: 'disabled' } } };
        const { inboundPolicy, dmPolicy } = readAccount({ channels: { telephony } }, 'sales');
        expect([inboundPolicy, dmPolicy]).toEqual(['disabled', 'disabled']);
      }
    }
  });

  it('has the environment when it is the one that is meant by default, and no other has', async () => {
    vi.stubEnv('TWILIO_ACCOUNT_SID', 'AC1');
    vi.stubEnv('TWILIO_AUTH_TOKEN', 'token');
    vi.stubEnv('TWILIO_MESSAGING_SERVICE_SID', 'MG7');
    onTestFinished(() => void vi.unstubAllEnvs());
    const mock = { provider: 'mock', mock: { webhookSecret: 'word' } };
    const ops = { ...mock, fromNumber: '+15550100108' };
    const telephony = { enabled: true, defaultAccount: 'sales', accounts: { sales: {}, ops } };
    const cfg = { channels: { telephony } };
    expect(defaultAccountOf(cfg)).toBe('sales');
    expect(readAccount(cfg, 'sales')).toMatchObject({ provider: 'twilio', missing: [] });
    expect(readAccount(cfg, 'ops')).toMatchObject({ provider: 'mock', missing: [] });
    const loaded = await loadHostAccounts(cfg, '.');
    expect(loaded.map(({ id }) => id).toSorted()).toEqual(accountIds(cfg).toSorted());
    for (const [read, checked] of await bothOf(telephony)) expect(read).toEqual(checked);
  });

  it('is complete with its account SID in a file', () => {
    const twilio = { accountSidFile: './sid', authTokenFile: './token' };
    const telephony = { provider: 'twilio', fromNumber: '+15550100100', twilio };
    expect(readAccount({ channels: { telephony } }).missing).toEqual([]);
  });
});
