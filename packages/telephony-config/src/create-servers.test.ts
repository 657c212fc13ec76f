import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockText, signMockWebhook } from '@openclaw/provider-mock';
import { signTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { createMemoryStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import { accountNamed, parseAccounts } from './accounts.ts';
import { createAccountRouter } from './account-router.ts';
import { createConfiguredServer } from './create-server.ts';
import { createConfiguredServers } from './create-servers.ts';
import { loadAccounts } from './load.ts';

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});
const person = '+15550100199';
const accounts = parseAccounts({
  provider: 'mock',
  fromNumber: '+15550100100',
  mock: { webhookSecret: 'first word' },
  accounts: {
    sales: { fromNumber: '+15550100101', mock: { webhookSecret: 'second word' } },
    off: { fromNumber: '+15550100102', enabled: false },
  },
});

async function listenOn(handler: RequestListener): Promise<number> {
  const http = createServer(handler);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  ending.push(() => new Promise((resolve) => http.close(resolve)));
  const address = http.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function run() {
  const store = createMemoryStore();
  const seen: string[] = [];
  const running = createConfiguredServers(accounts, ({ id }) => ({
    store,
    onMessage: ({ text }) => void seen.push(`${id}: ${text}`),
  }));
  ending.push(
    () => store.close(),
    () => running.close(),
  );
  const port = await listenOn(running.handler);
  running.start();
  const post = (path: string, to: string, secret: string, text = 'hello') => {
    const webhook: MockText = {
      type: 'message.received',
      id: `${path}${text}`,
      from: person,
      to,
      text,
    };
    const body = JSON.stringify(webhook);
    return fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { ...signMockWebhook(body, secret), connection: 'close' },
      body,
    });
  };
  const get = (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
  return { running, seen, post, get };
}

describe('several accounts behind one listener', () => {
  it('get the webhooks of their own path, checked with their own secret', async () => {
    const { post, get } = await run();
    expect((await post('/telephony/webhook', '+15550100100', 'first word')).status).toBeLessThan(
      300,
    );
    const sales = '/telephony/webhook/sales';
    expect((await post(sales, '+15550100101', 'second word')).status).toBeLessThan(300);
    expect((await post(sales, '+15550100101', 'first word', 'forged')).status).toBeGreaterThan(400);
    expect((await get('/health')).status).toBe(200);
    for (const path of ['/telephony/webhook/off', '/telephony/webhook/salesx', '/nothing']) {
      expect((await post(path, '+15550100102', 'first word')).status).toBe(404);
    }
  });
  it('let people in each for itself (C37)', async () => {
    const { running, seen, post } = await run();
    const [main, sales] = running.servers;
    await main?.pairing.request(person);
    const [waiting] = (await main?.pairing.pending()) ?? [];
    expect(await sales?.pairing.pending()).toEqual([]);
    await main?.pairing.approve(waiting?.code ?? '');
    expect(await sales?.pairing.isApproved(person)).toBe(false);
    await post('/telephony/webhook', '+15550100100', 'first word');
    await post('/telephony/webhook/sales', '+15550100101', 'second word');
    await running.idle();
    expect(seen).toEqual(['default: hello']);
    expect(running.servers.map(({ account }) => account.id)).toEqual(['default', 'sales']);
  });
  it('are at least one', () => {
    const off = accounts.filter(({ isSwitchedOff }) => isSwitchedOff);
    expect(() =>
      createConfiguredServers(off, () => ({
        store: createMemoryStore(),
        onMessage: () => undefined,
      })),
    ).toThrow('every account is switched off');
  });
});

/** What a webhook is answered that an ngrok agent forwards: genuine, forged, for another host. */
const answersToNgrok = async (allowNgrokFreeTierLoopbackBypass: boolean): Promise<number[]> => {
  const authToken = 'token';
  const { config } = accountNamed(
    parseAccounts({
      provider: 'twilio',
      fromNumber: '+15550100100',
      twilio: { accountSid: 'AC1', authToken },
      tunnel: {
        provider: 'ngrok',
        ngrokDomain: 'bot.ngrok.app',
        allowNgrokFreeTierLoopbackBypass,
      },
    }),
    undefined,
  );
  const store = createMemoryStore();
  const { server } = createConfiguredServer(config, { store, onMessage: () => undefined });
  const port = await listenOn(server.handler);
  ending.push(() => store.close());
  const post = async (token: string, host: string): Promise<number> => {
    const url = `https://${host}/telephony/webhook`;
    const body =
      'AccountSid=AC1&MessageSid=SM1&From=%2B15550100199&To=%2B15550100100&Body=hi&SmsStatus=received';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const signed = signTwilioWebhook({ method: 'POST', url, headers, body }, { authToken: token });
    const forwarded = { 'x-forwarded-host': host, 'x-forwarded-proto': 'https' };
    const response = await fetch(`http://127.0.0.1:${port}/telephony/webhook`, {
      method: 'POST',
      headers: { ...headers, ...signed, ...forwarded, connection: 'close' },
      body,
    });
    return response.status;
  };
  return [
    await post(authToken, 'bot.ngrok.app'),
    await post('another', 'bot.ngrok.app'),
    await post(authToken, 'evil.example'),
  ];
};

describe('a server as configured', () => {
  it('believes the ngrok agent on this machine only when it may, and checks signatures all the same', async () => {
    const [genuine = 0, forged = 0, elsewhere = 0] = await answersToNgrok(true);
    expect(genuine).toBe(200);
    expect(Math.min(forged, elsewhere)).toBeGreaterThanOrEqual(400);
    expect(Math.min(...(await answersToNgrok(false)))).toBeGreaterThanOrEqual(400);
  });
});

describe('the account of a path', () => {
  const find = createAccountRouter([
    { path: '/hook', statusPath: '/status' },
    { path: '/hook/b', statusPath: '/status/b', mediaPath: '/media' },
    { path: '/hook/c', statusPath: '/status/c', mediaPath: '/media/c' },
  ]);
  it.each([
    ['/hook', 0],
    ['/hook/?x=/hook/b', 0],
    ['/hook/b', 1],
    ['/hook/b#x', 1],
    ['/status/abc.0', 0],
    ['/status/b', 1],
    ['/status/b/abc.0?y', 1],
    ['/media/token/photo.jpg', 1],
    ['/media/c/token/photo.jpg?x', 2],
    ['/media', -1],
    ['/mediac/x', -1],
    ['/hook/d', -1],
    ['/hookb', -1],
    ['/', -1],
    ['', -1],
    ['http://evil/hook', -1],
  ])('%s', (target, place) => {
    expect(find(target)).toBe(place);
  });
});

const withSecretsIn = (sales: string) => ({
  provider: 'mock',
  fromNumber: '+15550100100',
  mock: { webhookSecretFile: 'one' },
  accounts: {
    sales: { fromNumber: '+15550100101', mock: { webhookSecretFile: sales } },
    off: { fromNumber: '+15550100102', mock: { webhookSecretFile: 'nowhere' }, enabled: false },
  },
});

describe('secret files of several accounts', () => {
  it('are read for each, from the folder of the configuration; errors name the account', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'telephony-accounts-'));
    ending.push(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'one'), 'first\n');
    await writeFile(join(folder, 'two'), ' second ');
    await writeFile(join(folder, 'empty'), '\n');
    const load = (sales: string) =>
      loadAccounts({ value: withSecretsIn(sales), folder, environment: {} });
    const loaded = await load('two');
    expect(loaded.map(({ config }) => config.mock.webhookSecret)).toEqual([
      'first',
      'second',
      undefined,
    ]);
    await expect(load('empty')).rejects.toThrow(
      'accounts.sales.mock.webhookSecretFile names a file that is empty',
    );
    await expect(load('nowhere')).rejects.toThrow(
      'accounts.sales.mock.webhookSecretFile names a file',
    );
  });
});
