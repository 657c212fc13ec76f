import { type Account, ConfigError, parseAccounts } from '@openclaw/telephony-config';
import { credentials } from './credentials.data.ts';
import { environment } from './environment.ts';
import { isRecord, type JsonRecord, recordIn } from './record.ts';
import { defaultAccount, type HostConfig, sectionOf, withoutHostKeys } from './section.ts';

/**
 * The accounts of a configuration that is being written. Nothing is read for it: a SecretRef, which the gateway alone
 * resolves, counts as a secret that is there, and a secret in a file stays in it.
 *
 * @throws {ConfigError} with a line for each thing to mend
 */
export function draftAccounts(cfg: HostConfig): readonly Account[] {
  const section = sectionOf(cfg);
  const entries = Object.entries(recordIn(section, 'accounts')).map(
    ([id, entry]): [string, unknown] => [id, isRecord(entry) ? plain(entry) : entry],
  );
  const accounts = entries.length > 0 ? { accounts: Object.fromEntries(entries) } : {};
  return parseAccounts({ ...plain(section), ...accounts }, { environment: environment() });
}

/** What keeps a draft from being loaded: what its author can mend, who changed one account. */
export function draftProblems(
  before: HostConfig,
  after: HostConfig,
  accountId: string,
): readonly string[] {
  const old = new Set(problemsIn(before));
  const isOwn = (line: string): boolean =>
    accountId === defaultAccount
      ? !line.startsWith('accounts.')
      : line.startsWith(`accounts.${accountId}.`);
  return problemsIn(after).filter((line) => isOwn(line) || !old.has(line));
}

function problemsIn(cfg: HostConfig): readonly string[] {
  try {
    draftAccounts(cfg);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const secrets: readonly (readonly [section: string, key: string])[] = [
  ...Object.entries(credentials).flatMap(([section, known]) =>
    known.map(({ key }): readonly [string, string] => [section, key]),
  ),
  ['tunnel', 'ngrokAuthToken'],
];

function plain(entry: JsonRecord): JsonRecord {
  const settings: { [key: string]: unknown } = { ...withoutHostKeys(entry) };
  const { mode: _mode, ...serve } = recordIn(entry, 'serve');
  if (isRecord(entry['serve'])) settings['serve'] = serve;
  for (const [section, key] of secrets) {
    const before = recordIn(settings, section);
    if (isRecord(before[key])) settings[section] = { ...before, [key]: 'in the gateway alone' };
  }
  return settings;
}
