import { join } from 'node:path';
import type { Account } from '@openclaw/telephony-config';
import { mountStatusPages, type NodeHandler } from '@openclaw/telephony-server';
import type { TelephonyStore } from '@openclaw/telephony-store';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';
import type { OpenClawConfig, PluginRuntime } from 'openclaw/plugin-sdk/channel-core';
import { readAccount } from './account.ts';
import { announce } from './announced.ts';
import { channelId } from './channel-id.ts';
import { closeAll } from './close-all.ts';
import { loadHostAccounts } from './configuration.ts';
import { openGatewayDoor } from './gateway-door.ts';
import { createHostLogger, type HostLog } from './host-logger.ts';
import { type Door, openOwnDoor, type Place } from './listener.ts';
import {
  forgetProblems,
  register,
  reportProblem,
  type RunningAccount,
  takeBackProblem,
  unregister,
} from './running.ts';
import { assembleAccount } from './running-account.ts';
import { accountIds, defaultAccountOf, isEnabled } from './section.ts';
import { openConfiguredTunnel, type OpenTunnel } from './tunnel.ts';
import type { HostSessions } from './turn-recovery.ts';

/** What {@link startService} takes. */
export interface ServiceOptions {
  readonly config: OpenClawConfig;
  readonly currentConfig: () => OpenClawConfig;
  readonly stateDir: string;
  readonly host: PluginRuntime['channel'];
  /** What the agents do with each conversation. */
  readonly sessions: HostSessions;
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
  announce({
    accounts: accountIds(config).map((id) => readAccount(config, id)),
    defaultAccountId: defaultAccountOf(config),
  });
  const fail = (accountId: string, error: unknown): void => {
    const problem = sentenceOf(error);
    reportProblem(accountId, problem);
    log.error(`telephony[${accountId}]: ${problem}`);
  };
  const enabled = accountIds(config).filter((id) => isEnabled(config, id));
  const failAll = (error: unknown): void => {
    for (const id of enabled) fail(id, error);
  };
  if (enabled.length === 0) return idle;
  const loaded = await loadHostAccounts(config, stateDir).catch((error: unknown) => {
    failAll(error);
    return [];
  });
  const wanted = loaded.filter(({ id }) => enabled.includes(id));
  const opened = openStore(stateDir, failAll);
  if (opened === undefined) return idle;
  const store: TelephonyStore = opened;
  const own = wanted.filter(({ id }) => readAccount(config, id).serve.mode === 'own');
  const ownDoor = await openFor(own, config).catch((error: unknown) => {
    for (const { id } of own) fail(id, error);
    return undefined;
  });
  /** What was told of accounts that did not start: over when they do. */
  const notStarted = new Map<string, string>();
  const gatewayDoor = openGatewayDoor((line) => log.info(`telephony: ${line}`));
  let running: readonly RunningAccount[] = [];

  async function closeAccounts(): Promise<void> {
    const ending = running;
    running = [];
    // First this: whoever sends now waits for what comes after.
    for (const account of ending) unregister(account);
    const ends = await Promise.allSettled(ending.map((account) => account.close()));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Everything that runs behind the listener of our own. */
  function openDoor(): void {
    ownDoor?.open(
      running.filter(({ account }) => account.serve.mode === 'own').map(placeOf),
      mountStatusPages(
        running.map(({ server }) => server),
        notFound,
      ),
    );
  }

  /** Lets one account begin; one that cannot leaves nothing behind, and hinders no other. */
  async function startAccount(account: RunningAccount): Promise<boolean> {
    try {
      if (account.account.serve.mode === 'gateway') gatewayDoor.add(placeOf(account));
      await account.start();
      register(account);
      takeBackProblem(account.accountId, notStarted.get(account.accountId) ?? '');
      return true;
    } catch (error) {
      fail(account.accountId, error);
      notStarted.set(account.accountId, sentenceOf(error));
      await account.close().catch((reason: unknown) => fail(account.accountId, reason));
      return false;
    }
  }

  /** Starts all of them, or starts them again under another address. */
  async function open(publicUrl?: string): Promise<void> {
    await closeAccounts().catch((error: unknown) => log.warn(`telephony: ${sentenceOf(error)}`));
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
    openDoor();
    gatewayDoor.close();
    for (const account of running) {
      if (!(await startAccount(account))) {
        running = running.filter((one) => one !== account);
        openDoor();
        continue;
      }
      const { accountId, config: settings } = account;
      const { serve } = account.account;
      const place =
        serve.mode === 'gateway' ? 'the gateway' : `${serve.bind}:${ownDoor?.port ?? 0}`;
      log.info(
        `telephony[${accountId}]: ${settings.provider} webhooks come in on ${place}, path ${serve.path}`,
      );
    }
  }

  let tunnel: OpenTunnel | undefined;
  const close = (): Promise<void> =>
    closeAll([
      () => tunnel?.close(),
      () => ownDoor?.close(),
      () => gatewayDoor.close(),
      closeAccounts,
      () => store.close(),
    ]);
  try {
    await open();
  } catch (error) {
    failAll(error);
    await close().catch(() => {});
    throw error;
  }
  const [first, ...others] = own;
  tunnel =
    first === undefined || ownDoor?.port === undefined
      ? undefined
      : openConfiguredTunnel({
          accounts: [first, ...others],
          port: ownDoor.port,
          logger: createHostLogger(log, first.id),
          async onUrl(origin) {
            await open(origin);
            log.info(`telephony: the tunnel leads here from ${origin}${first.config.serve.path}`);
          },
          onProblem: (problem) => fail(first.id, problem),
        });
  return { close };
}

async function openFor(own: readonly Account[], config: OpenClawConfig): Promise<Door | undefined> {
  const [first] = own;
  return first === undefined ? undefined : openOwnDoor(readAccount(config, first.id).serve);
}

const notFound: NodeHandler = (_request, response) =>
  void response.writeHead(404, { connection: 'close' }).end('not found\n');

/** Nothing is to run, or nothing can. */
const idle: Service = { close: () => Promise.resolve() };

const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const placeOf = ({ account, mediaPath, server }: RunningAccount): Place => ({
  serve: account.serve,
  mediaPath,
  handler: server.handler,
});

function openStore(
  stateDir: string,
  onError: (error: unknown) => void,
): TelephonyStore | undefined {
  try {
    return createSqliteStore({ path: join(stateDir, 'plugins', channelId, 'telephony.sqlite') });
  } catch (error) {
    onError(error);
    return undefined;
  }
}
