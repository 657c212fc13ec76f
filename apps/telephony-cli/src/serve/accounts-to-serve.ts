import { type Account, accountNamed } from '@openclaw/telephony-config';
import type { TunnelProvider } from '@openclaw/dev-tunnel';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { readAccounts, sourceOf, type WorkplaceOptions } from '../workplace.ts';
import { checkAddresses } from './addresses.ts';
import { isBelow, type ServeTunnel } from './open-serve-tunnel.ts';
import { assertUsable } from './usable-accounts.ts';

/** What is asked for beside the configuration. */
export interface ToServeOptions extends WorkplaceOptions {
  /** Instead of the one in the configuration. */
  readonly tunnel?: TunnelProvider | 'none';
}

/** Who is to be served. */
export interface ToServe {
  readonly accounts: readonly Account[];
  /** Absent when one account was asked for: the others are none of our business. */
  readonly switchedOff: readonly Account[] | undefined;
  readonly tunnel: TunnelProvider | 'none';
}

/** What stays as it is until the next start. */
export interface Standing {
  /** As they were at the start. */
  readonly accounts: readonly Account[];
  readonly way: ServeTunnel | undefined;
}

/**
 * The accounts to run, and what leads carriers to them. Whoever lacks a credential hears of it before the world is let in.
 *
 * @param standing what a server that runs already has: they must go together with that too
 * @throws {CommandFailure} or {ConfigError} that says what to mend
 */
export async function accountsToServe(
  options: ToServeOptions,
  standing?: Standing,
): Promise<ToServe> {
  const all = await readAccounts(options);
  const source = sourceOf(options);
  const accounts =
    options.account === undefined
      ? all.filter(({ isSwitchedOff }) => !isSwitchedOff)
      : [accountNamed(all, options.account, source)];
  const tunnel = options.tunnel ?? accounts[0]?.config.tunnel.provider ?? 'none';
  await assertUsable({ accounts, tunnel, source, defaultId: all[0]?.id });
  if (standing !== undefined) {
    await assertFit(accounts, standing);
    assertLedHere(accounts, standing);
  }
  const switchedOff =
    options.account === undefined ? all.filter((one) => one.isSwitchedOff) : undefined;
  return { accounts, switchedOff, tunnel };
}

/** @throws {CommandFailure} for what must not stand where the server listens, or behind the tunnel that is open */
async function assertFit(accounts: readonly Account[], { accounts: before, way }: Standing) {
  const bind = before[0]?.config.serve.bind;
  const placed = accounts.map(({ id, config }) => ({
    id,
    config: { ...config, serve: { ...config.serve, bind: bind ?? config.serve.bind } },
  }));
  await checkAddresses(placed, way?.tunnel.provider ?? 'none');
}

/** @throws {CommandFailure} for a path that the open tunnel does not lead to, and that was not left out from the start */
function assertLedHere(accounts: readonly Account[], { accounts: before, way }: Standing): void {
  const folder = way?.folder;
  if (folder === undefined) return;
  const known = new Set(before.flatMap((account) => pathsOf(account)));
  const isLost = (path: string): boolean => !known.has(path) && !isBelow(path, folder);
  if (!accounts.some((account) => pathsOf(account).some((path) => isLost(path)))) return;
  throw new CommandFailure(
    `the tunnel leads to ${folder} alone until the next start: keep serve.path, .statusPath and .mediaPath below it`,
    exitCode.usage,
  );
}

const pathsOf = ({ config: { serve } }: Account): readonly string[] => [
  serve.path,
  serve.statusPath,
  serve.mediaPath,
];
