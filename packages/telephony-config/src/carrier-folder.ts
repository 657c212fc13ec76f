import type { Account } from './accounts.ts';

/**
 * The deepest path below which everything lies that carriers call of these accounts: webhooks, receipts, files. A proxy or a
 * tunnel needs to let nothing else through. `/telephony` for the usual paths.
 *
 * @example
 * await openTunnel({ provider: 'tailscale-funnel', port, path, tailscale: { path: carrierFolder(accounts) } });
 */
export function carrierFolder(accounts: readonly Pick<Account, 'config'>[]): string {
  const folders = accounts
    .flatMap(({ config: { serve } }) => [serve.path, serve.statusPath, serve.mediaPath])
    .map((path) => path.split('/').slice(1, -1));
  const [first = [], ...others] = folders;
  const differs = first.findIndex((part, place) => others.some((other) => other[place] !== part));
  return `/${first.slice(0, differs === -1 ? first.length : differs).join('/')}`;
}
