import { describe, expect, it } from 'vitest';
import { changeAccount, configAdapter } from './config-adapter.ts';
import { loadHostAccounts } from './configuration.ts';
import { accountIds, defaultAccountOf, isEnabled, sectionOf } from './section.ts';
import { setupContract } from './setup-contract.ts';
import { setupWizard } from './setup-wizard.ts';

const host = (telephony: object) => ({ channels: { telephony } });
const mock = { provider: 'mock', mock: { webhookSecret: 'word' } };
const sales = { fromNumber: '+15550100101' };
const both = host({ enabled: true, ...mock, fromNumber: '+15550100100', accounts: { sales } });
const { deleteAccount, setAccountEnabled } = configAdapter;
const without = (cfg: object, accountId: string) => deleteAccount?.({ cfg, accountId }) ?? {};
const switched = (cfg: object, accountId: string, enabled: boolean) =>
  setAccountEnabled?.({ cfg, accountId, enabled }) ?? {};
const enabledIn = (cfg: object): string[] => accountIds(cfg).filter((id) => isEnabled(cfg, id));
const loadedIn = async (cfg: object): Promise<readonly string[]> =>
  (await loadHostAccounts(cfg, '.')).flatMap(({ id, isSwitchedOff }) =>
    isSwitchedOff ? [] : [id],
  );

describe('the first account, when it has a name', () => {
  const input = { provider: 'mock', fromNumber: '+15550100101', webhookSecret: 'word' };

  it('switches the channel on, so that it runs', async () => {
    const cfg = setupContract.applyAccountConfig({ cfg: {}, accountId: 'sales', input });
    expect(enabledIn(cfg)).toEqual(['sales']);
    expect(await loadedIn(cfg)).toEqual(['sales']);
  });

  it('leaves a channel off that somebody switched off', () => {
    const cfg = setupContract.applyAccountConfig({
      cfg: host({ enabled: false }),
      accountId: 'sales',
      input,
    });
    expect(enabledIn(cfg)).toEqual([]);
  });

  it('changes nothing else of the channel', () => {
    const cfg = changeAccount(both, 'sales', { enabled: true });
    expect(sectionOf(cfg)).toEqual({
      ...both.channels.telephony,
      accounts: { sales: { ...sales, enabled: true } },
    });
  });
});

describe('the account "default" beside others', () => {
  it('goes alone when it is deleted: the others keep what they inherit', async () => {
    const cfg = without(both, 'default');
    expect(accountIds(cfg)).toEqual(['sales']);
    expect(enabledIn(cfg)).toEqual(['sales']);
    expect(await loadedIn(cfg)).toEqual(['sales']);
  });

  it('takes its pool, its name and its secrets along when nobody else uses them', async () => {
    const cfg = host({
      enabled: true,
      provider: 'twilio',
      name: 'Main',
      defaultAccount: 'default',
      twilio: { accountSid: 'AC1', authToken: 'token', messagingServiceSid: 'MG1' },
      accounts: { default: { enabled: true }, sales: { ...sales, ...mock } },
    });
    const left = without(cfg, 'default');
    expect(JSON.stringify(left)).not.toMatch(/token|MG1|Main|defaultAccount/u);
    expect(await loadedIn(left)).toEqual(['sales']);
  });

  it('is the channel when it is the only one', () => {
    const only = host({ enabled: true, ...mock, fromNumber: '+15550100100' });
    expect(without({ ...only, gateway: { port: 1 } }, 'default')).toEqual({
      channels: {},
      gateway: { port: 1 },
    });
  });

  it('is switched off and on alone', async () => {
    const off = switched(both, 'default', false);
    expect(enabledIn(off)).toEqual(['sales']);
    expect(await loadedIn(off)).toEqual(['sales']);
    const on = switched(off, 'default', true);
    expect(enabledIn(on)).toEqual(['default', 'sales']);
    expect((await loadedIn(on)).toSorted()).toEqual(['default', 'sales']);
  });

  it('is on again when it is set up again', () => {
    const off = switched(both, 'default', false);
    const input = { provider: 'mock', fromNumber: '+15550100100', webhookSecret: 'word' };
    const cfg = setupContract.applyAccountConfig({ cfg: off, accountId: 'default', input });
    expect(enabledIn(cfg)).toEqual(['default', 'sales']);
  });

  it('is switched off with the channel when it is the only one', () => {
    const only = host({ enabled: true, ...mock, fromNumber: '+15550100100' });
    expect(sectionOf(switched(only, 'default', false))).toMatchObject({ enabled: false });
    expect(sectionOf(switched(only, 'default', false))).not.toHaveProperty('accounts');
  });
});

describe('the channel', () => {
  it('is switched off as a whole in the wizard, with every account', () => {
    const disable = 'disable' in setupWizard ? setupWizard.disable : undefined;
    const off = disable?.(both) ?? both;
    expect([accountIds(off), enabledIn(off)]).toEqual([['default', 'sales'], []]);
  });
});

describe('a named account', () => {
  it('goes alone, and is no longer the one that is meant by default', async () => {
    const cfg = host({ ...both.channels.telephony, defaultAccount: 'sales' });
    const left = without(cfg, 'sales');
    expect(accountIds(left)).toEqual(['default']);
    expect(defaultAccountOf(left)).toBe('default');
    expect(await loadedIn(left)).toEqual(['default']);
  });
});
