import { join } from 'node:path';
import type { Account } from '@openclaw/telephony-config';
import { mountStatusPages, type NodeHandler } from '@openclaw/telephony-server';
import type { TelephonyStore } from '@openclaw/telephony-store';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';
import type { OpenClawConfig, PluginRuntime } from 'openclaw/plugin-sdk/channel-core';
import { readAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { loadHostAccounts } from './configuration.ts';
import { openGatewayDoor } from './gateway-door.ts';
import { createHostLogger, type HostLog } from './host-logger.ts';
import { type Door, openOwnDoor } from './listener.ts';
import {
  forgetProblems,
  register,
  reportProblem,
  type RunningAccount,
  unregister,
} from './running.ts';
import { assembleAccount } from './running-account.ts';
import { accountIds, isEnabled } from './section.ts';
import { openConfiguredTunnel } from './tunnel.ts';

/** What {@link startService} takes. */
export interface ServiceOptions {
  readonly config: OpenClawConfig;
  readonly currentConfig: () => OpenClawConfig;
  readonly stateDir: string;
  readonly host: PluginRuntime['channel'];
  readonly log: HostLog;
}

/** The plugin at work in the gateway. */
export interface Service {
  close(): Promise<void>;
}

/** Starts every account that is enabled and complete, one door for all their webhooks, and the tunnel to it. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, stateDir, log } = options;
  forgetProblems();
  const fail = (accountId: string, error: unknown): void => {
    const problem = error instanceof Error ? error.message : String(error);
    reportProblem(accountId, problem);
    log.error(`telephony[${accountId}]: ${problem}`);
  };
  const enabled = accountIds(config).filter((id) => isEnabled(config, id));
  if (enabled.length === 0) return { close: () => Promise.resolve() };
  const loaded = await loadHostAccounts(config, stateDir).catch((error: unknown) => {
    for (const id of enabled) fail(id, error);
    return [];
  });
  const wanted = loaded.filter(({ id }) => enabled.includes(id));
  const store = openStore(stateDir);
  const own = wanted.filter(({ id }) => readAccount(config, id).serve.mode === 'own');
  const ownDoor = await openFor(own, config).catch((error: unknown) => {
    for (const { id } of own) fail(id, error);
    return undefined;
  });
  const gatewayDoor = openGatewayDoor((line) => log.info(`telephony: ${line}`));
  let running: readonly RunningAccount[] = [];

  async function closeAccounts(): Promise<void> {
    const ending = running;
    running = [];
    // First this: whoever sends now waits for what comes after.
    for (const account of ending) unregister(account);
    await Promise.all(ending.map((account) => account.close()));
  }

  /** Starts all of them, or starts them again under another address. */
  async function open(publicUrl?: string): Promise<void> {
    await closeAccounts();
    running = wanted.flatMap(({ id, config: settings }) => {
      try {
        const account = readAccount(config, id);
        const reached = { ...settings, ...(publicUrl === undefined ? {} : { publicUrl }) };
        return [
          assembleAccount({ ...options, account, settings: reached, store, port: ownDoor?.port }),
        ];
      } catch (error) {
        fail(id, error);
        return [];
      }
    });
    const places = running.map(({ account, mediaPath, server }) => ({
      serve: account.serve,
      mediaPath,
      handler: server.handler,
    }));
    const servers = running.map(({ server }) => server);
    ownDoor?.open(
      places.filter(({ serve }) => serve.mode === 'own'),
      mountStatusPages(servers, notFound),
    );
    gatewayDoor.open(
      places.filter(({ serve }) => serve.mode === 'gateway'),
      notFound,
    );
    for (const account of running) {
      await account.start();
      register(account);
      const { accountId, config: settings } = account;
      const { serve } = account.account;
      const place =
        serve.mode === 'gateway' ? 'the gateway' : `${serve.bind}:${ownDoor?.port ?? 0}`;
      log.info(
        `telephony[${accountId}]: ${settings.provider} webhooks come in on ${place}, path ${serve.path}`,
      );
    }
  }

  await open();
  const [first] = own;
  const tunnel =
    first === undefined || ownDoor?.port === undefined
      ? undefined
      : openConfiguredTunnel({
          config: first.config,
          port: ownDoor.port,
          logger: createHostLogger(log, first.id),
          async onUrl(origin) {
            log.info(`telephony: the tunnel leads here from ${origin}${first.config.serve.path}`);
            await open(origin);
          },
          onProblem: (problem) => fail(first.id, problem),
        });
  return {
    async close() {
      await tunnel?.close();
      await ownDoor?.close();
      await gatewayDoor.close();
      await closeAccounts();
      await store.close();
    },
  };
}

async function openFor(own: readonly Account[], config: OpenClawConfig): Promise<Door | undefined> {
  const [first] = own;
  return first === undefined ? undefined : openOwnDoor(readAccount(config, first.id).serve);
}

const notFound: NodeHandler = (_request, response) =>
  void response.writeHead(404, { connection: 'close' }).end('not found\n');

const openStore = (stateDir: string): TelephonyStore =>
  createSqliteStore({ path: join(stateDir, 'plugins', channelId, 'telephony.sqlite') });
