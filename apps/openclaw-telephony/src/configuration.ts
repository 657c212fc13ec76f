import { type Account, ConfigError, loadAccounts } from '@openclaw/telephony-config';
import { resolveSecretInputString } from 'openclaw/plugin-sdk/secret-input';
import { readAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { credentials } from './credentials.data.ts';
import { environment } from './environment.ts';
import { isRecord, type JsonRecord, recordIn } from './record.ts';
import { isSecretUsed } from './secret-use.ts';
import {
  accountIds,
  defaultAccount,
  type HostConfig,
  sectionOf,
  withoutHostKeys,
} from './section.ts';

/**
 * The checked accounts of a host's configuration, with their secrets.
 *
 * @param folder where relative names of secret files are looked for
 * @throws {ConfigError} with a line for each thing to mend
 * @throws {Error} for a SecretRef that is in use and that the gateway could not resolve; never with a secret in it
 */
export async function loadHostAccounts(
  cfg: HostConfig,
  folder: string,
): Promise<readonly Account[]> {
  refuseUnverified(cfg);
  const section = sectionOf(cfg);
  const accounts = Object.entries(recordIn(section, 'accounts')).map(
    ([id, entry]): [string, unknown] => [id, isRecord(entry) ? plain(cfg, entry, id) : entry],
  );
  const value = {
    ...plain(cfg, section),
    ...(accounts.length > 0 ? { accounts: Object.fromEntries(accounts) } : {}),
  };
  return loadAccounts({ value, folder, environment: environment() });
}

/** The library judges by `serve.bind`, where nobody listens then: the gateway's own port is another one. */
function refuseUnverified(cfg: HostConfig): void {
  const entries = recordIn(sectionOf(cfg), 'accounts');
  const problems = accountIds(cfg).flatMap((id) => {
    const { skipSignatureVerification, serve } = readAccount(cfg, id);
    if (!skipSignatureVerification || serve.mode !== 'gateway') return [];
    if (recordIn(entries, id)['enabled'] === false) return [];
    const prefix = id === defaultAccount ? '' : `accounts.${id}.`;
    return [
      `${prefix}skipSignatureVerification is refused with serve.mode "gateway": others reach that port`,
    ];
  });
  if (problems.length > 0) throw new ConfigError(problems, 'the configuration');
}

/** Without what means something to the host alone, and with text in the place of every reference that is in use. */
function plain(cfg: HostConfig, entry: JsonRecord, accountId?: string): JsonRecord {
  const path = `channels.${channelId}${accountId === undefined ? '' : `.accounts.${accountId}`}`;
  const settings: { [key: string]: unknown } = { ...withoutHostKeys(entry) };
  const { mode: _mode, ...serve } = recordIn(entry, 'serve');
  if (isRecord(entry['serve'])) settings['serve'] = serve;
  const secrets = Object.entries(credentials).flatMap(([section, known]) =>
    known.map(({ key }): readonly [string, string] => [section, key]),
  );
  for (const [section, key] of [...secrets, ['tunnel', 'ngrokAuthToken'] as const]) {
    const inner = recordIn(entry, section);
    if (!isRecord(inner[key])) continue;
    const before = settings[section];
    const { [key]: _reference, ...rest } = isRecord(before) ? before : {};
    const place = { section, key, ...(accountId === undefined ? {} : { accountId }) };
    if (!isSecretUsed(cfg, place)) {
      settings[section] = rest;
      continue;
    }
    const { value } = resolveSecretInputString({
      value: inner[key],
      path: `${path}.${section}.${key}`,
      mode: 'strict',
    });
    settings[section] = { ...rest, [key]: value };
  }
  return settings;
}
