import { type Account, ConfigError, createProvider } from '@openclaw/telephony-config';
import { TelephonyError } from '@openclaw/telephony-core';
import type { TunnelProvider } from '@openclaw/dev-tunnel';
import { checkAddresses } from './addresses.ts';
import { tunnelSettings } from './tunnel-settings.ts';

/** What {@link assertUsable} looks at. */
export interface UsableOptions {
  /** Those that are to run. */
  readonly accounts: readonly Account[];
  readonly tunnel: TunnelProvider | 'none';
  /** How errors speak of the configuration. */
  readonly source: string;
  /** The account that the environment fills. */
  readonly defaultId: string | undefined;
}

/**
 * Refuses accounts that could not be served: nobody is asked, and nothing is opened.
 *
 * @throws {CommandFailure} for an address, {@link ConfigError} for the rest; both name the account
 */
export async function assertUsable(options: UsableOptions): Promise<void> {
  const { accounts, tunnel } = options;
  await checkAddresses(accounts, tunnel);
  if (tunnel !== 'none') await tunnelSettings(tunnel, accounts);
  const problems = accounts.flatMap((account) => problemsOf(account, options.defaultId));
  if (problems.length > 0) throw new ConfigError(problems, options.source);
}

function problemsOf({ id, config }: Account, defaultId: string | undefined): readonly string[] {
  try {
    createProvider(config);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems.map((problem) => ofAccount(id, problem, id === defaultId));
    }
    if (TelephonyError.isInstance(error)) {
      return [`${config.provider} settings of the account ${id}: ${error.message}`];
    }
    throw error;
  }
}

/** The settings of the accounts in the configuration begin with their names, and no variable fills any but the default. */
function ofAccount(id: string, problem: string, isDefault: boolean): string {
  const named = id === 'default' ? problem : `accounts.${id}.${problem}`;
  return isDefault ? named : named.replace(/ \([A-Z_]+\)/u, '');
}

/** What of a configuration nobody but a new start puts to use. */
export function needsRestart(before: Account | undefined, after: Account | undefined): boolean {
  return lastingOf(before) !== lastingOf(after);
}

function lastingOf(account: Account | undefined): string {
  const { serve, tunnel, tailscale } = account?.config ?? {};
  return JSON.stringify([serve?.port, serve?.bind, tunnel, tailscale]);
}
