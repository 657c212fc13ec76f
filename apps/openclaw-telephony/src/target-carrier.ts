import { readAccount } from './account.ts';
import { type CarrierName, isCarrierName } from './credentials.data.ts';
import { accountIds, type HostConfig } from './section.ts';

/** The carrier that stands in front of a number: `telnyx` in `telnyx:+15550100123`. */
export function carrierIn(target: string): CarrierName | undefined {
  const [, prefix] = /^\s*([a-z]+)\s*:/iu.exec(target) ?? [];
  const name = prefix?.toLowerCase();
  return isCarrierName(name) ? name : undefined;
}

/**
 * Why a text to this target cannot leave over the account: another carrier is wanted. It is never sent over one that
 * was not asked for, because the number that it would come from is another one.
 *
 * @returns undefined when the target names no carrier, or that of the account
 */
export function carrierProblem(
  target: string,
  { accountId, provider }: { readonly accountId: string; readonly provider: string | undefined },
  cfg?: HostConfig,
): string | undefined {
  const carrier = carrierIn(target);
  if (carrier === undefined || provider === undefined || carrier === provider) return undefined;
  const others = accountIds(cfg).filter((id) => {
    const account = readAccount(cfg, id);
    return account.enabled && account.provider === carrier;
  });
  const choice = others.length === 0 ? '' : `name the account ${others.join(' or ')}, or `;
  return `account "${accountId}" sends over ${provider}, not over ${carrier}: ${choice}leave "${carrier}:" out`;
}
