import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginRuntime } from 'openclaw/plugin-sdk/channel-core';
import { registerPluginHttpRoute } from 'openclaw/plugin-sdk/webhook-ingress';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { problemOf, runningAccount } from './running.ts';
import { type Service, startService } from './service.ts';

/** A service without texts asks nothing of its host but this. */
const isHost = (part: unknown): part is PluginRuntime['channel'] =>
  typeof part === 'object' && part !== null && 'pairing' in part;
const host: unknown = { pairing: { readAllowFromStore: () => Promise.resolve([]) } };

async function stage() {
  const stateDir = await mkdtemp(join(tmpdir(), 'telephony-service-'));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  const lines: string[] = [];
  const log = {
    debug: () => undefined,
    info: (line: string) => void lines.push(line),
    warn: (line: string) => void lines.push(line),
    error: (line: string) => void lines.push(line),
  };
  return {
    stateDir,
    lines,
    start: async (telephony: object): Promise<Service> => {
      if (!isHost(host)) throw new TypeError('no host');
      const config = { channels: { telephony: { ...mock, ...telephony } } };
      const service = await startService({
        config,
        currentConfig: () => config,
        stateDir,
        host,
        sessions: { resolveStorePath: () => '', getSessionEntry: () => undefined },
        log,
      });
      onTestFinished(() => service.close());
      return service;
    },
  };
}

const mock = {
  enabled: true,
  provider: 'mock',
  fromNumber: '+15550100100',
  mock: { webhookSecret: 'word' },
  serve: { port: 0 },
};

/** Where the webhook of the default account is. */
const webhook = (): URL => new URL(runningAccount('default')?.listening ?? 'http://127.0.0.1:9');

const answers = (url: URL): Promise<number | undefined> =>
  fetch(new URL('/health', url)).then(
    ({ status }) => status,
    () => undefined,
  );

const reference = { source: 'env', provider: 'default', id: 'NOWHERE' };
const mounted = { fromNumber: '+15550100101', serve: { mode: 'gateway', path: '/hooks/gw' } };

const handler = (): boolean => true;

/** A plugin that was there first. */
function occupy(path: string): void {
  onTestFinished(
    registerPluginHttpRoute({ path, auth: 'plugin', pluginId: 'other', source: 'other', handler }),
  );
}

describe('the service', () => {
  it('tells why an account does not run when its SecretRef leads nowhere', async () => {
    const { start, lines } = await stage();
    await start({ mock: { webhookSecret: reference } });
    expect(problemOf('default')).toContain('channels.telephony.mock.webhookSecret');
    expect(lines.join()).toContain('telephony[default]: ');
    expect(runningAccount('default')).toBeUndefined();
  });

  it('runs the others when one account cannot have its place at the gateway', async () => {
    occupy('/hooks/gw');
    const { start } = await stage();
    const service = await start({ accounts: { gw: mounted } });
    expect(problemOf('default')).toBeUndefined();
    const url = webhook();
    expect(await answers(url)).toBe(200);
    expect(runningAccount('gw')).toBeUndefined();
    expect(problemOf('gw')).toBeDefined();
    await service.close();
    expect(await answers(url)).toBeUndefined();
  });

  it('can be started again after that, on the same port and files', async () => {
    occupy('/hooks/gw');
    const { start } = await stage();
    const first = await start({ accounts: { gw: mounted } });
    const url = webhook();
    await first.close();
    const again = await start({ serve: { port: Number(url.port) } });
    expect(problemOf('default')).toBeUndefined();
    expect(await answers(url)).toBe(200);
    await again.close();
    expect(await answers(url)).toBeUndefined();
  });

  it('tells why nothing runs when its folder cannot be written', async () => {
    const { start, stateDir } = await stage();
    await writeFile(join(stateDir, 'plugins'), 'a file where a folder must be');
    await start({});
    expect(problemOf('default')).toContain('choose a folder');
    expect(runningAccount('default')).toBeUndefined();
  });

  it('frees what it opened when an account does not even end well', async () => {
    const { start } = await stage();
    const service = await start({});
    const url = webhook();
    const account = runningAccount('default');
    if (account !== undefined) {
      vi.spyOn(account, 'close').mockRejectedValueOnce(new Error('stuck'));
    }
    await expect(service.close()).rejects.toThrow('stuck');
    expect(await answers(url)).toBeUndefined();
    await expect(account?.store.keyValue.get('one')).rejects.toThrow('closed');
  });
});
