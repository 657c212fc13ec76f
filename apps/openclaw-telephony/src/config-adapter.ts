import type { ChannelPlugin, OpenClawConfig } from 'openclaw/plugin-sdk/channel-core';
import { readAccount, type TelephonyAccount } from './account.ts';
import { withoutAccount } from './account-removal.ts';
import { channelId } from './channel-id.ts';
import { toAllowEntry } from './phone.ts';
import { isRecord, type JsonRecord, recordIn } from './record.ts';
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
    const left = withoutAccount(cfg, accountId);
    if (left === undefined) return { ...cfg, channels };
    return { ...cfg, channels: { ...channels, [channelId]: left } };
  },
};

/** The configuration with other settings in one account; sections are joined, not replaced. */
export function changeAccount(
  cfg: OpenClawConfig,
  accountId: string,
  change: { readonly [key: string]: unknown },
): OpenClawConfig {
  const section = sectionOf(cfg);
  const { accounts, ...top } = { ...section, accounts: recordIn(section, 'accounts') };
  const entry = recordIn(accounts, accountId);
  if (accountId !== defaultAccount) {
    // Whoever switches an account on wants it to run: a channel that nobody switched off is switched on with it.
    const isOn = change['enabled'] === true && section['enabled'] === undefined;
    const changed = { ...accounts, [accountId]: joined(entry, change) };
    return withSection(cfg, { ...top, ...(isOn ? { enabled: true } : {}), accounts: changed });
  }
  const { enabled, ...settings } = change;
  const isOwn = (key: string): boolean => key in entry;
  const own = Object.entries(settings).filter(([key]) => isOwn(key));
  const above = Object.entries(settings).filter(([key]) => !isOwn(key));
  const { enabled: before, ...rest } = joined(entry, Object.fromEntries(own));
  const { [defaultAccount]: _before, ...others } = accounts;
  // At the top, `enabled` is that of the channel, and of all accounts in it.
  const goesAlone = enabled === false && Object.keys(others).length > 0;
  const off = goesAlone || (enabled === undefined && before === false) ? { enabled: false } : {};
  const after = { ...rest, ...off };
  const named = { ...others, ...(Object.keys(after).length > 0 ? { default: after } : {}) };
  return withSection(cfg, {
    ...joined(top, Object.fromEntries(above)),
    ...(enabled === undefined || goesAlone ? {} : { enabled }),
    ...(Object.keys(named).length > 0 ? { accounts: named } : {}),
  });
}

const withSection = (cfg: OpenClawConfig, section: JsonRecord): OpenClawConfig => ({
  ...cfg,
  channels: { ...cfg.channels, [channelId]: section },
});

function joined(before: JsonRecord, change: JsonRecord): JsonRecord {
  const after: { [key: string]: unknown } = { ...before };
  for (const [key, value] of Object.entries(change)) {
    const below = before[key];
    after[key] = isRecord(value) && isRecord(below) ? { ...below, ...value } : value;
  }
  return after;
}
