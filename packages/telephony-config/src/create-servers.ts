import { TelephonyError } from '@openclaw/telephony-core';
import type { HandedSend, NodeHandler, TelephonyServer } from '@openclaw/telephony-server';
import type { TelephonyStore } from '@openclaw/telephony-store';
import { type AccountPaths, createAccountRouter } from './account-router.ts';
import type { Account } from './accounts.ts';
import { ConfigError } from './config-error.ts';
import {
  type ConfiguredServer,
  type ConfiguredServerOptions,
  createConfiguredServer,
} from './create-server.ts';
import { given } from './given.ts';
import { createUndiciTransport } from './undici-transport.ts';

/** The server of one account. */
export interface AccountServer extends ConfiguredServer {
  readonly account: Account;
}

/** What somebody is told who wants to send through an account that is not there. */
export const notRunning = (accountId: string): TelephonyError =>
  new TelephonyError('unsupported', `account "${accountId}" does not run here`, {
    outcome: 'not-performed',
  });

/** Several accounts in one process, behind one listener. */
export interface ConfiguredServers {
  /**
   * Gives each request to the account whose path it has. Everything else, as `/health` and unknown paths, is answered by
   * the default account.
   */
  readonly handler: NodeHandler;
  /** One for each account that is not switched off, the default one first. */
  readonly servers: readonly AccountServer[];
  /** Begins to work off every inbox and outbox. */
  start(...parts: Parameters<TelephonyServer['start']>): void;
  /** Resolves when nothing can be done now. */
  idle(): Promise<void>;
  /** Closes all of them at once. */
  close(...options: Parameters<TelephonyServer['close']>): Promise<void>;
}

/**
 * Makes the servers of all accounts that are not switched off. They may share a store: each sees only its own. They do not
 * listen yet; `serve.port` and `serve.bind` are the same for all.
 *
 * @param optionsFor what each account gets beside its configuration; its `accountId` is the account's
 * @throws {ConfigError} when a credential is missing, or every account is switched off
 * @example
 * const store = createSqliteStore({ path: 'telephony.db' });
 * const running = createConfiguredServers(await loadAccounts({ file: 'telephony.json5' }), () => ({ store, onMessage }));
 * running.start();
 */
export function createConfiguredServers(
  accounts: readonly Account[],
  optionsFor: (account: Account) => Omit<ConfiguredServerOptions, 'accountId'>,
): ConfiguredServers {
  const servers: AccountServer[] = [];
  const stores = new Map<string, TelephonyStore>();
  const places: AccountPaths[] = [];
  // One for all, so that accounts at one carrier use the same connections.
  const transport = createUndiciTransport();
  const takeOver = async (accountId: string, id: string, send: HandedSend): Promise<void> => {
    const standIn = servers.find(({ account }) => account.id === accountId);
    if (standIn === undefined) throw notRunning(accountId);
    await standIn.server.takeOver(id, send);
  };
  for (const account of accounts) {
    if (account.isSwitchedOff) continue;
    const options = optionsFor(account);
    stores.set(account.id, options.store);
    const configured = createConfiguredServer(account.config, {
      transport,
      standIn: (accountId) => ({
        accountId,
        takeOver: (id, send) => takeOver(accountId, id, send),
      }),
      ...options,
      accountId: account.id,
    });
    servers.push({ account, ...configured });
    const { path, statusPath } = account.config.serve;
    places.push({ path, statusPath, ...given({ mediaPath: options.mediaHost?.path }) });
  }
  const [first] = servers;
  if (first === undefined) {
    throw new ConfigError(['every account is switched off'], 'the configuration');
  }
  for (const { account } of servers) {
    const standIn = account.config.outbound.failover?.account;
    const itsStore = standIn === undefined ? undefined : stores.get(standIn);
    // A STOP to one of the two is read in the store of the other. One that does not run here takes nothing over.
    if (itsStore === undefined || itsStore === stores.get(account.id)) continue;
    throw new ConfigError(
      [`accounts ${account.id} and ${standIn ?? ''} need one store: one stands in for the other`],
      'the configuration',
    );
  }
  const findPlace = createAccountRouter(places);
  return {
    servers,
    handler(request, response) {
      const found = servers[findPlace(request.url ?? '')] ?? first;
      found.server.handler(request, response);
    },
    start(...parts) {
      for (const { server } of servers) server.start(...parts);
    },
    async idle() {
      for (const { server } of servers) await server.idle();
    },
    async close(...options) {
      await Promise.all(servers.map(({ server }) => server.close(...options)));
    },
  };
}
