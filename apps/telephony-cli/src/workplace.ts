import { join } from 'node:path';
import {
  type Account,
  accountNamed,
  ConfigError,
  type ConfiguredServer,
  createConfiguredMediaHost,
  createConfiguredServer,
  loadAccounts,
  type TelephonyConfig,
} from '@openclaw/telephony-config';
import type { MediaHost, MessageHandler } from '@openclaw/telephony-server';
import type { TelephonyStore } from '@openclaw/telephony-store';
import { type Database, openDatabase } from './database.ts';
import { findRunningServer, type RunningServer } from './running-server.ts';

/** Options that every command takes which works with a number. */
export interface WorkplaceOptions {
  readonly config?: string;
  readonly data?: string;
  /** Another carrier than the configuration names. */
  readonly provider?: string;
  /** Which account; default: the default account. */
  readonly account?: string;
}

/** The configuration of an account, its store and its server, not yet started. */
export interface Workplace extends ConfiguredServer {
  readonly accountId: string;
  /** Every account of the configuration. */
  readonly accounts: readonly Account[];
  /** With the public address of the tunnel, when a server runs behind one. */
  readonly config: TelephonyConfig;
  readonly store: TelephonyStore;
  /** The database file. */
  readonly database: string;
  /** The server that runs on the same data, if one answers. */
  readonly running: RunningServer | undefined;
  /** Closes server and store. */
  close(): Promise<void>;
}

const nobodyIsHome: MessageHandler = () => undefined;

/** Reads the configuration that a command was given. */
export function readAccounts(options: WorkplaceOptions): Promise<readonly Account[]> {
  return loadAccounts({
    ...(options.config === undefined ? {} : { file: options.config }),
    ...(options.provider === undefined ? {} : { provider: options.provider }),
  });
}

/** How errors speak of the configuration. */
export const sourceOf = ({ config = 'the environment' }: WorkplaceOptions): string => config;

/** Opens what a command works with. A running server on the same data is not disturbed. */
export async function openWorkplace(
  options: WorkplaceOptions,
  choose: (accounts: readonly Account[]) => Account = (accounts) =>
    accountNamed(accounts, options.account, sourceOf(options)),
): Promise<Workplace> {
  const accounts = await readAccounts(options);
  const account = choose(accounts);
  if (account.isSwitchedOff) {
    throw new ConfigError(
      [`account "${account.id}" is switched off: its entry says enabled: false`],
      sourceOf(options),
    );
  }
  const database = openDatabase(options.data);
  try {
    const running = await findRunningServer(database.store.keyValue);
    const config = reachedAt(account.config, running?.tunnelUrl);
    const mediaHost = openMediaHost(database, { id: account.id, config });
    const configured = createConfiguredServer(config, {
      store: database.store,
      accountId: account.id,
      onMessage: nobodyIsHome,
      ...(mediaHost === undefined ? {} : { mediaHost }),
    });
    return {
      ...configured,
      accountId: account.id,
      accounts,
      config,
      store: database.store,
      database: database.path,
      running,
      async close() {
        await configured.server.close();
        mediaHost?.close();
        await database.store.close();
      },
    };
  } catch (error) {
    await database.store.close();
    throw error;
  }
}

/** The configuration as it is while a tunnel leads here: the address of the tunnel goes before a written one. */
export function reachedAt(config: TelephonyConfig, origin: string | undefined): TelephonyConfig {
  return origin === undefined ? config : { ...config, publicUrl: origin };
}

/**
 * Files to send are kept beside the database unless `media.host.folder` says otherwise: there every command puts them,
 * and the running server serves them. Without a public address there is no host, and sending a file is refused.
 */
export function openMediaHost(
  { folder }: Database,
  { id, config }: Pick<Account, 'id' | 'config'>,
): MediaHost | undefined {
  return config.publicUrl === undefined
    ? undefined
    : createConfiguredMediaHost(config, { folder: join(folder, 'media'), accountId: id });
}
