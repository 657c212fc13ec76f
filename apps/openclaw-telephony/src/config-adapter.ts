import type { ChannelPlugin, OpenClawConfig } from 'openclaw/plugin-sdk/channel-core';
import { readAccount, type TelephonyAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { toAllowEntry } from './phone.ts';
import { isRecord, recordIn } from './record.ts';
import { accountIds, defaultAccount, defaultAccountOf, sectionOf } from './section.ts';

/** How the host reads, judges and changes our accounts. */
export const configAdapter: ChannelPlugin<TelephonyAccount>['config'] = {
  listAccountIds: (cfg) => accountIds(cfg),
  defaultAccountId: (cfg) => defaultAccountOf(cfg),
  resolveAccount: (cfg, accountId) => readAccount(cfg, accountId),
  // The host's audit and doctor judge by this object: it must say everything that is no secret.
  inspectAccount: (cfg, accountId) => readAccount(cfg, accountId),
  isEnabled: ({ enabled }) => enabled,
  disabledReason: () => `channels.${channelId}.enabled is false`,
  isConfigured: ({ configured }) => configured,
  unconfiguredReason: ({ missing }) => `missing: ${missing.join(', ')}`,
  describeAccount: (account) => ({
    accountId: account.accountId,
    name: account.name ?? account.fromNumber ?? account.accountId,
    enabled: account.enabled,
    configured: account.configured,
    tokenStatus: account.tokenStatus,
    dmPolicy: account.inboundPolicy,
    allowFrom: [...account.allowFrom],
    webhookPath: account.serve.path,
    port: account.serve.port,
  }),
  resolveAllowFrom: ({ cfg, accountId }) => [...readAccount(cfg, accountId).allowFrom],
  formatAllowFrom: ({ allowFrom }) => allowFrom.map((entry) => toAllowEntry(String(entry))),
  resolveDefaultTo: ({ cfg, accountId }) => readAccount(cfg, accountId).defaultTo,
  setAccountEnabled: ({ cfg, accountId, enabled }) => changeAccount(cfg, accountId, { enabled }),
  deleteAccount: ({ cfg, accountId }) => {
    const { [channelId]: _gone, ...channels } = { ...cfg.channels };
    if (accountId === defaultAccount) return { ...cfg, channels };
    const section = sectionOf(cfg);
    const { [accountId]: _account, ...accounts } = recordIn(section, 'accounts');
    return { ...cfg, channels: { ...channels, [channelId]: { ...section, accounts } } };
  },
};

/** The configuration with other settings in one account; sections are joined, not replaced. */
export function changeAccount(
  cfg: OpenClawConfig,
  accountId: string,
  change: { readonly [key: string]: unknown },
): OpenClawConfig {
  const section = sectionOf(cfg);
  const accounts = recordIn(section, 'accounts');
  const isTop = accountId === defaultAccount;
  const before = isTop ? section : recordIn(accounts, accountId);
  const after: { [key: string]: unknown } = { ...before };
  for (const [key, value] of Object.entries(change)) {
    const below = before[key];
    after[key] = isRecord(value) && isRecord(below) ? { ...below, ...value } : value;
  }
  const next = isTop ? after : { ...section, accounts: { ...accounts, [accountId]: after } };
  return { ...cfg, channels: { ...cfg.channels, [channelId]: next } };
}
