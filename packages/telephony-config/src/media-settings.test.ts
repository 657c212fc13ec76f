import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type MockText, signMockWebhook } from '@openclaw/provider-mock';
import { createMemoryStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import { parseAccounts } from './accounts.ts';
import { createConfiguredMediaHost } from './create-media-host.ts';
import { createConfiguredServers } from './create-servers.ts';
import { loadAccounts } from './load.ts';

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});
const secret = 'a word';
const base = {
  provider: 'mock',
  fromNumber: '+15550100100',
  mock: { webhookSecret: secret },
  inboundPolicy: 'open',
  allowFrom: ['*'],
  publicUrl: 'https://sms.example.com',
};
const sales = { fromNumber: '+15550100101' };
const file = {
  bytes: Buffer.from('BEGIN:VCARD\r\nEND:VCARD'),
  contentType: 'text/vcard',
  fileName: 'me.vcf',
};
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'telephony-media-'));
  ending.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** What `context.media()` says to each account of a text with two files of 100 bytes. */
async function reasonsOf(media: object, ofSales: object): Promise<readonly string[]> {
  const store = createMemoryStore();
  const reasons: string[] = [];
  const accounts = parseAccounts({
    ...base,
    media,
    accounts: { sales: { ...sales, media: ofSales } },
  });
  const running = createConfiguredServers(accounts, ({ id }) => ({
    store,
    onMessage: async (_message, _reply, context) => {
      for (const each of await context.media())
        reasons.push(`${id}: ${each.status === 'fetched' ? 'fetched' : each.reason}`);
    },
  }));
  const http = createServer(running.handler);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  ending.push(
    () => store.close(),
    () => running.close(),
    () => new Promise((done) => http.close(done)),
  );
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  for (const { config } of accounts) {
    const { path } = config.serve;
    const url = new URL('https://media.mock.invalid/picture');
    const picture = { url, contentType: 'image/png', bytes: 100 };
    const webhook: MockText = {
      type: 'message.received',
      id: path,
      from: '+15550100199',
      to: config.fromNumber ?? '',
      media: [picture, picture],
    };
    const body = JSON.stringify(webhook);
    const headers = { ...signMockWebhook(body, secret), connection: 'close' };
    await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
  }
  running.start();
  await running.idle();
  // The accounts work side by side.
  return reasons.toSorted();
}

describe('the bounds of media that come in', () => {
  it('hold for each account, which inherits what it does not set', async () => {
    expect(await reasonsOf({ inbound: { maxBytes: 99 } }, { inbound: { maxCount: 1 } })).toEqual([
      'default: too-large',
      'default: too-large',
      'sales: too-large',
      'sales: too-many',
    ]);
    expect(
      await reasonsOf({ inbound: { maxTotalBytes: 50 } }, { inbound: { maxCount: 0 } }),
    ).toEqual(['default: too-large', 'default: too-large', 'sales: too-many', 'sales: too-many']);
  });
});

describe('the media host as configured', () => {
  it('has a folder and a path for each account, and its public address', async () => {
    const folder = await newFolder();
    const accounts = parseAccounts({
      ...base,
      serve: { mediaPath: '/files' },
      accounts: { sales, support: { fromNumber: '+15550100102', serve: { mediaPath: '/help' } } },
    });
    const urls: string[] = [];
    for (const { id, config } of accounts) {
      const host = createConfiguredMediaHost(config, { folder, accountId: id });
      ending.push(() => host.close());
      urls.push((await host.publish(await host.keep(file))).href.replace(/[\w-]{43}/u, 'SECRET'));
    }
    expect(urls).toEqual([
      'https://sms.example.com/files/SECRET/me.vcf',
      'https://sms.example.com/files/sales/SECRET/me.vcf',
      'https://sms.example.com/help/SECRET/me.vcf',
    ]);
    expect(new Set(await readdir(folder)).size).toBe(2 + 2);
    expect(await readdir(join(folder, 'sales'))).toHaveLength(2);
  });
  it('keeps what the configuration says, as long and as much', async () => {
    const folder = await newFolder();
    let clock = new Date('2026-11-20T12:00:00Z');
    const settings = { ttlMs: 1000, keptMs: 60_000, maxEntries: 1 };
    const [account] = parseAccounts({
      ...base,
      media: { host: { ...settings, folder, allowedFolders: ['/pictures'] } },
    });
    if (account === undefined) throw new Error('no account');
    let publicUrl: string | undefined = 'https://tunnel.example.com';
    const host = createConfiguredMediaHost(account.config, {
      folder: '/nowhere',
      publicUrl: () => publicUrl,
      now: () => clock,
    });
    ending.push(() => host.close());
    expect(host.allowedFolders).toEqual(['/pictures']);
    const kept = await host.keep(file);
    expect((await host.publish(kept)).origin).toBe('https://tunnel.example.com');
    await expect(host.keep(file)).rejects.toMatchObject({ code: 'limit_reached' });
    clock = new Date(clock.getTime() + 1001);
    const second = await host.keep(file);
    publicUrl = undefined;
    await expect(host.publish(second)).rejects.toMatchObject({ code: 'provider_unavailable' });
    publicUrl = 'https://sms.example.com';
    clock = new Date(clock.getTime() + 60_001);
    await expect(host.publish(second)).rejects.toMatchObject({ code: 'not_found' });
  });
  it('finds its folders from the folder of the configuration', async () => {
    const value = {
      ...base,
      media: { host: { folder: 'out', allowedFolders: ['pictures', '/srv/maps'] } },
      accounts: { sales, own: { fromNumber: '+15550100102', media: { host: { folder: '/x' } } } },
    };
    const loaded = await loadAccounts({ value, folder: '/etc/bot', environment: {} });
    const [main, inherits, own] = loaded.map(({ config }) => config.media.host);
    const allowedFolders = [resolve('/etc/bot/pictures'), resolve('/srv/maps')];
    expect(main).toMatchObject({ folder: resolve('/etc/bot/out'), allowedFolders });
    expect(inherits).toEqual(main);
    expect(own).toMatchObject({ folder: resolve('/x'), allowedFolders });
  });
});
