import { type Account, loadAccounts } from '@openclaw/telephony-config';
import { resolveSecretInputString } from 'openclaw/plugin-sdk/secret-input';
import { channelId } from './channel-id.ts';
import { credentials } from './credentials.data.ts';
import { environment } from './environment.ts';
import { isRecord, type JsonRecord, recordIn } from './record.ts';
import { type HostConfig, sectionOf, withoutHostKeys } from './section.ts';

/**
 * The checked accounts of a host's configuration, with their secrets.
 *
 * @param folder where relative names of secret files are looked for
 * @throws {ConfigError} with a line for each thing to mend
 * @throws {Error} for a SecretRef that the gateway could not resolve; never with a secret in it
 */
export function loadHostAccounts(cfg: HostConfig, folder: string): Promise<readonly Account[]> {
  const section = sectionOf(cfg);
  const accounts = Object.entries(recordIn(section, 'accounts')).map(
    ([id, entry]): [string, unknown] => [
      id,
      isRecord(entry) ? plain(entry, `channels.${channelId}.accounts.${id}`) : entry,
    ],
  );
  const value = {
    ...plain(section, `channels.${channelId}`),
    ...(accounts.length > 0 ? { accounts: Object.fromEntries(accounts) } : {}),
  };
  return loadAccounts({ value, folder, environment: environment() });
}

/** Without what means something to the host alone, and with text in the place of every reference. */
function plain(entry: JsonRecord, path: string): JsonRecord {
  const settings: { [key: string]: unknown } = { ...withoutHostKeys(entry) };
  const { mode: _mode, ...serve } = recordIn(entry, 'serve');
  if (isRecord(entry['serve'])) settings['serve'] = serve;
  const secrets = Object.entries(credentials).flatMap(([section, known]) =>
    known.map(({ key }): readonly [string, string] => [section, key]),
  );
  for (const [section, key] of [...secrets, ['tunnel', 'ngrokAuthToken'] as const]) {
    const inner = recordIn(entry, section);
    if (!isRecord(inner[key])) continue;
    const { value } = resolveSecretInputString({
      value: inner[key],
      path: `${path}.${section}.${key}`,
      mode: 'strict',
    });
    const before = settings[section];
    settings[section] = { ...(isRecord(before) ? before : {}), [key]: value };
  }
  return settings;
}
