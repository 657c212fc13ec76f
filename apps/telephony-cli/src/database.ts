import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder } from '@openclaw/telephony-config';
import type { Logger } from '@openclaw/telephony-server';
import { StoreError, type TelephonyStore } from '@openclaw/telephony-store';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';
import { CommandFailure, exitCode } from './exit-code.ts';

/** The data folder of one installation, and the database in it. */
export interface Database {
  readonly folder: string;
  readonly path: string;
  readonly store: TelephonyStore;
}

/** Opens the database of a data folder; makes it when it is not there. */
export function openDatabase(data: string | undefined, logger?: Logger): Database {
  const folder = data ?? dataFolder();
  const path = join(folder, 'telephony.db');
  try {
    const store = createSqliteStore({
      path,
      onError: (error) => {
        const reason = StoreError.isInstance(error) ? error.message : 'an unexpected error';
        logger?.error({ reason }, 'the store could not write; it tries again');
      },
    });
    return { folder, path, store };
  } catch (error) {
    if (StoreError.isInstance(error)) throw new CommandFailure(error.message, exitCode.usage);
    throw error;
  }
}

/** The same for who only looks: where nothing was ever kept, nothing is made. */
export async function openExistingDatabase(data: string | undefined): Promise<Database> {
  const path = join(data ?? dataFolder(), 'telephony.db');
  await access(path).catch(() => {
    throw new CommandFailure(
      `there is no database at ${path}: name its folder with --data, or run \`telephony serve\` first`,
      exitCode.usage,
    );
  });
  return openDatabase(data);
}
