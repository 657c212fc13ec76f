import { join } from 'node:path';
import {
  type ConfiguredServer,
  createConfiguredServer,
  dataFolder,
  loadConfig,
  type TelephonyConfig,
} from '@openclaw/telephony-config';
import type { Logger, MessageHandler } from '@openclaw/telephony-server';
import { StoreError, type TelephonyStore } from '@openclaw/telephony-store';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';
import { CommandFailure, exitCode } from './exit-code.ts';

/** Options that every command takes which works with a number. */
export interface WorkplaceOptions {
  readonly config?: string;
  readonly data?: string;
  /** Another carrier than the configuration names. */
  readonly provider?: string;
}

/** A configuration, its store and its server, not yet started. */
export interface Workplace extends ConfiguredServer {
  readonly config: TelephonyConfig;
  readonly store: TelephonyStore;
  /** The database file. */
  readonly database: string;
  /** Closes server and store. */
  close(): Promise<void>;
}

const nobodyIsHome: MessageHandler = () => undefined;

/** Opens what a command works with. A running server on the same data is not disturbed. */
export async function openWorkplace(
  options: WorkplaceOptions,
  parts: { readonly onMessage?: MessageHandler; readonly logger?: Logger } = {},
): Promise<Workplace> {
  const config = await loadConfig({
    ...(options.config === undefined ? {} : { file: options.config }),
    ...(options.provider === undefined ? {} : { provider: options.provider }),
  });
  const database = join(options.data ?? dataFolder(), 'telephony.db');
  const store = openStore(database, parts.logger);
  try {
    const configured = createConfiguredServer(config, {
      store,
      onMessage: parts.onMessage ?? nobodyIsHome,
      ...(parts.logger ? { logger: parts.logger } : {}),
    });
    return {
      ...configured,
      config,
      store,
      database,
      async close() {
        await configured.server.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens the database of a data folder. */
function openStore(database: string, logger: Logger | undefined): TelephonyStore {
  try {
    return createSqliteStore({
      path: database,
      onError: (error) => {
        const reason = StoreError.isInstance(error) ? error.message : 'an unexpected error';
        logger?.error({ reason }, 'the store could not write; it tries again');
      },
    });
  } catch (error) {
    if (StoreError.isInstance(error)) throw new CommandFailure(error.message, exitCode.usage);
    throw error;
  }
}
