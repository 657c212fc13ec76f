import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readAccount } from './account.ts';
import { probeAccount, probeAnnounced } from './account-probe.ts';
import { send, statusOf } from './actions.ts';
import { announce } from './announced.ts';
import { accountFor, accountsFor, whyNot } from './chosen-account.ts';
import { forgetProblems, reportProblem } from './running.ts';
import { accountIds, defaultAccountOf } from './section.ts';
import { setupWebhook } from './setup-webhook.ts';
import { standIn } from './stand-in.testing.ts';

const mock = { provider: 'mock', mock: { webhookSecret: 'word' } };
const telephony = {
  enabled: true,
  ...mock,
  fromNumber: '+15550100100',
  accounts: {
    sales: { fromNumber: '+15550100101' },
    old: { fromNumber: '+15550100102', enabled: false },
  },
};

/** As the service tells it at its start. */
function configured(settings: object): void {
  const cfg = { channels: { telephony: settings } };
  announce({
    accounts: accountIds(cfg).map((id) => readAccount(cfg, id)),
    defaultAccountId: defaultAccountOf(cfg),
  });
}

function running(accountId: string): string[] {
  const sent: string[] = [];
  const { forget } = standIn({ accountId, send: ({ to }) => void sent.push(to) });
  onTestFinished(forget);
  return sent;
}

beforeEach(() => {
  forgetProblems();
  configured(telephony);
});

const request = { to: '+15550100123', message: 'Hi' };

describe('a request that names no account', () => {
  it('is for the one that is meant by default, whichever started first', async () => {
    const [sales, main] = [running('sales'), running('default')];
    await send(request, 'operator');
    expect([sales, main]).toEqual([[], ['+15550100123']]);
  });

  it('never leaves over another because that one does not run', async () => {
    const sales = running('sales');
    reportProblem('default', 'mock.webhookSecret is missing');
    await expect(accountFor({}, 0)).rejects.toThrow(
      'account "default" does not run: mock.webhookSecret is missing',
    );
    expect(sales).toEqual([]);
  });

  it('is for the default account of the configuration, which need not be called so', async () => {
    configured({ ...telephony, defaultAccount: 'sales' });
    const [main, sales] = [running('default'), running('sales')];
    await send(request, 'operator');
    expect([main, sales]).toEqual([[], ['+15550100123']]);
  });

  it('points no number of another account', async () => {
    running('sales');
    reportProblem('default', 'the port is taken');
    await expect(setupWebhook({ action: 'apply' }, 0)).rejects.toThrow('the port is taken');
  });

  it('finds a message in any account that runs', async () => {
    running('sales');
    expect((await accountsFor({}, 0)).map(({ accountId }) => accountId)).toEqual(['sales']);
  });
});

describe('why an account does not run', () => {
  it('is told, whatever is known', () => {
    reportProblem('default', 'the port is taken');
    expect(['default', 'sales', 'old', 'nobody'].map(whyNot)).toEqual([
      'the port is taken',
      'it is starting; try again in a moment',
      'it is disabled',
      'there is no such account; there are default, sales, old',
    ]);
    forgetProblems();
    configured({ enabled: true, provider: 'mock', fromNumber: '+15550100100' });
    expect(whyNot('default')).toBe('missing: mock.webhookSecret');
  });

  it('is that there is none at all', async () => {
    configured({});
    await expect(accountFor({}, 0)).rejects.toThrow('no telephony account runs in this gateway');
  });
});

describe('a look at an account from another process than the gateway', () => {
  it('says where to look, and calls nothing wrong', async () => {
    // As in a process where no service was started.
    Reflect.deleteProperty(globalThis, Symbol.for('@openclaw/telephony/announced'));
    const cfg = { channels: { telephony } };
    const { ok, checks } = await probeAccount(readAccount(cfg, 'default'), 0);
    expect({ ok, checks }).toMatchObject({
      ok: true,
      checks: [{ result: 'skipped', detail: expect.stringContaining('status --probe') }],
    });
    const incomplete = readAccount({ channels: { telephony: { enabled: true } } });
    expect((await probeAccount(incomplete, 0)).error).toContain('missing: provider');
  });
});

describe('the doctor and the overview', () => {
  it('look at the accounts that should run, and not only at those that do', async () => {
    running('sales');
    reportProblem('default', 'the port is taken');
    const found = await probeAnnounced();
    expect(found.ok).toBe(false);
    expect(found).toMatchObject({
      accounts: [
        { account: 'default', ok: false, checks: [{ detail: 'does not run: the port is taken' }] },
        { account: 'sales' },
        { account: 'old', ok: true, checks: [{ result: 'skipped' }] },
      ],
    });
    expect(await statusOf({})).toMatchObject({
      accounts: [
        { accountId: 'default', running: false, problem: 'the port is taken' },
        { accountId: 'sales', running: true },
        { accountId: 'old', running: false, problem: 'it is disabled' },
      ],
    });
  });

  it('say that there is no account', async () => {
    configured({});
    expect(await probeAnnounced()).toMatchObject({ ok: false, accounts: [] });
    expect((await probeAnnounced())['error']).toContain('openclaw channels add');
  });
});
