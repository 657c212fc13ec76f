import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CarrierSim,
  startPlivoSim,
  startTelnyxSim,
  startTwilioSim,
} from '@openclaw/carrier-sim';
import { parseE164 } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { parseAccounts } from './accounts.ts';
import { ConfigError } from './config-error.ts';
import { createConfiguredServers } from './create-servers.ts';

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});
const mainNumber = '+15550100100';
const backupNumber = '+15550100101';
const ada = parseE164('+15550100123');
const accountSid = `AC${'0'.repeat(32)}`;
const authId = 'MA000000000000000000';

interface Started {
  readonly sim: CarrierSim;
  readonly section: Readonly<Record<string, string>>;
}
const carriers: Readonly<Record<string, (number: string) => Promise<Started>>> = {
  async twilio(number) {
    const sim = await startTwilioSim({ accountSid, authToken: 'token', numbers: [{ number }] });
    return { sim, section: { accountSid, authToken: 'token', baseUrl: sim.url } };
  },
  async telnyx(number) {
    const sim = await startTelnyxSim({ apiKey: 'KEY0', numbers: [{ number }] });
    const { publicKey, url: baseUrl } = sim;
    return { sim, section: { apiKey: 'KEY0', publicKey, baseUrl } };
  },
  async plivo(number) {
    const sim = await startPlivoSim({ authId, authToken: 'token', numbers: [{ number }] });
    return { sim, section: { authId, authToken: 'token', baseUrl: sim.url } };
  },
};

async function start(carrier: string, number: string): Promise<Started> {
  const started = await carriers[carrier]?.(number);
  if (started === undefined) throw new Error('no such carrier');
  ending.push(() => started.sim.close());
  return started;
}

async function run(config: object) {
  const folder = await mkdtemp(join(tmpdir(), 'failover-'));
  const store = createSqliteStore({ path: join(folder, 'telephony.db') });
  const running = createConfiguredServers(parseAccounts(config), () => ({
    store,
    onMessage: () => undefined,
  }));
  running.start();
  ending.push(
    () => rm(folder, { recursive: true }),
    () => store.close(),
    () => running.close(),
  );
  const [main, backup] = running.servers;
  if (main === undefined || backup === undefined) throw new Error('there are two accounts');
  return { main: main.server, backup: backup.server, idle: () => running.idle() };
}

describe.each([
  ['twilio', 'plivo'],
  ['plivo', 'telnyx'],
  ['telnyx', 'twilio'],
])('when %s cannot send and %s stands in (row 18)', (carrier, other) => {
  it('a text leaves from the other account, once', async () => {
    const backupCarrier = await start(other, backupNumber);
    const { sim, section } = await start(carrier, mainNumber);
    // Its port is free again: nobody can be reached there.
    await sim.close();
    const { main, backup, idle } = await run({
      provider: carrier,
      fromNumber: mainNumber,
      [carrier]: section,
      outbound: { failover: { account: 'backup', afterMs: 0 } },
      accounts: {
        backup: { provider: other, fromNumber: backupNumber, [other]: backupCarrier.section },
      },
    });
    const request = { id: 'a', to: ada, text: 'Grüße & mehr', purpose: 'operator' } as const;
    await main.send(request);
    await idle();
    expect(backupCarrier.sim.messages).toMatchObject([
      { from: backupNumber, to: ada, body: 'Grüße & mehr' },
    ]);
    const [message] = (await main.sendProgress('a'))?.messages ?? [];
    expect(message).toMatchObject({ state: 'handed-over', account: 'backup' });
    const there = message?.state === 'handed-over' ? message.sendId : '';
    expect((await backup.sendProgress(there))?.messages).toMatchObject([{ state: 'accepted' }]);
    expect(await main.send(request)).toMatchObject({ duplicate: true });
    await idle();
    expect(backupCarrier.sim.messages).toHaveLength(1);
  });
});

const problemsOf = (failover: object, accounts: object): readonly string[] => {
  try {
    parseAccounts({ provider: 'mock', fromNumber: mainNumber, outbound: { failover }, accounts });
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [`no ConfigError: ${String(error)}`];
  }
};

describe('the account that stands in', () => {
  const backup = { fromNumber: backupNumber };

  it('has to be another one that runs', () => {
    expect(problemsOf({ account: 'backup' }, { backup })).toEqual([]);
    expect(problemsOf({ account: 'bakcup' }, { backup })).toEqual([
      expect.stringMatching(/^outbound\.failover\.account names no account.*backup/u),
    ]);
    expect(problemsOf({ account: 'default' }, { backup })).toEqual([
      'outbound.failover.account is the account itself: name another one',
    ]);
    expect(problemsOf({ account: 'off' }, { off: { ...backup, enabled: false } })).toEqual([
      'outbound.failover.account is "off", which is switched off',
    ]);
  });
  it('has to be on the same store, where a STOP to either is read', () => {
    const accounts = parseAccounts({
      provider: 'mock',
      fromNumber: mainNumber,
      mock: { webhookSecret: 'any word' },
      outbound: { failover: { account: 'backup' } },
      accounts: { backup },
    });
    expect(() =>
      createConfiguredServers(accounts, () => ({
        store: createMemoryStore(),
        onMessage: () => undefined,
      })),
    ).toThrow('need one store');
  });
  it('need not run in the same process', async () => {
    const accounts = parseAccounts({
      provider: 'mock',
      fromNumber: mainNumber,
      mock: { webhookSecret: 'any word' },
      outbound: { failover: { account: 'backup' } },
      accounts: { backup },
    });
    const store = createMemoryStore();
    const alone = accounts.filter(({ id }) => id === 'default');
    const running = createConfiguredServers(alone, () => ({ store, onMessage: () => undefined }));
    expect(running.servers).toHaveLength(1);
    await running.close();
  });
  it('does not inherit that it is stood in for', () => {
    const [main, other] = parseAccounts({
      provider: 'mock',
      fromNumber: mainNumber,
      outbound: { maxPerHour: 7, failover: { account: 'backup' } },
      accounts: { backup },
    });
    expect(main?.config.outbound.failover).toEqual({ account: 'backup' });
    expect(other?.config.outbound).toMatchObject({ maxPerHour: 7 });
    expect(other?.config.outbound.failover).toBeUndefined();
  });
});
