import { createScopedDmSecurityResolver } from 'openclaw/plugin-sdk/channel-config-helpers';
import type { ChannelPlugin } from 'openclaw/plugin-sdk/channel-core';
import type { TelephonyAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { dmScopeOf } from './dm-scope.ts';
import { toAllowEntry } from './phone.ts';
import { warningsOf } from './warnings.ts';

type Security = NonNullable<ChannelPlugin<TelephonyAccount>['security']>;

/** What `openclaw security audit` and `openclaw doctor` are told. */
export const securityAdapter: Security = {
  resolveDmPolicy: createScopedDmSecurityResolver<TelephonyAccount>({
    channelKey: channelId,
    resolvePolicy: ({ inboundPolicy }) => inboundPolicy,
    resolveAllowFrom: ({ allowFrom }) => [...allowFrom],
    policyPathSuffix: 'inboundPolicy',
    defaultPolicy: 'pairing',
    approveHint: `openclaw pairing approve ${channelId} <code>`,
    normalizeEntry: toAllowEntry,
  }),
  dmRouting: { resolveDmScope: ({ cfg }) => dmScopeOf(cfg) },
  collectWarnings: ({ account }) => warningsOf(account),
};
