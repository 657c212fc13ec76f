import { type Account, accountNamed } from '@openclaw/telephony-config';
import { type AccountView, openAccountView } from '@openclaw/telephony-server';
import type { TelephonyStore } from '@openclaw/telephony-store';
import { openExistingDatabase } from './database.ts';
import { readAccounts, sourceOf, type WorkplaceOptions } from './workplace.ts';

/** What is written down of one account, for who only looks. */
export interface Records {
  readonly accountId: string;
  /** Absent when no configuration was named: looking needs none. */
  readonly account: Account | undefined;
  readonly view: AccountView;
  readonly store: TelephonyStore;
  /** The database file. */
  readonly database: string;
  close(): Promise<void>;
}

/** Opens the records of an account. They need no credentials and no running server, and disturb none. */
export async function openRecords(options: WorkplaceOptions): Promise<Records> {
  const account =
    options.config === undefined
      ? undefined
      : accountNamed(await readAccounts(options), options.account, sourceOf(options));
  const accountId = account?.id ?? options.account ?? 'default';
  const { store, path } = await openExistingDatabase(options.data);
  return {
    accountId,
    account,
    view: openAccountView({ store, accountId }),
    store,
    database: path,
    close: () => store.close(),
  };
}
