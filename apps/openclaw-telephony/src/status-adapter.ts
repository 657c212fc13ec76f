import type { ChannelPlugin } from 'openclaw/plugin-sdk/channel-core';
import type { TelephonyAccount } from './account.ts';
import { isRecord } from './record.ts';
import { defaultAccount } from './section.ts';

type Status = NonNullable<ChannelPlugin<TelephonyAccount>['status']>;

/** What `openclaw channels status` and `channels capabilities` show. */
export const statusAdapter: Status = {
  defaultRuntime: {
    accountId: defaultAccount,
    running: false,
    lastStartAt: null,
    lastStopAt: null,
    lastError: null,
  },
  // Loaded when asked: every command of `openclaw` imports this file.
  async buildAccountSnapshot(params) {
    const { createComputedAccountStatusAdapter } =
      await import('openclaw/plugin-sdk/status-helpers');
    const adapter: Status = createComputedAccountStatusAdapter({ resolveAccountSnapshot });
    const { account } = params;
    return (await adapter.buildAccountSnapshot?.(params)) ?? { accountId: account.accountId };
  },
  probeAccount: async ({ account, timeoutMs }) =>
    (await import('./account-probe.ts')).probeAccount(account, timeoutMs),
  formatCapabilitiesProbe: ({ probe }) =>
    checksIn(probe).map(({ check, result, detail }) => ({
      text: `${String(check)}: ${String(detail)}`,
      tone: result === 'ok' ? ('success' as const) : result === 'wrong' ? 'error' : 'muted',
    })),
};

function resolveAccountSnapshot({ account }: { readonly account: TelephonyAccount }) {
  return {
    accountId: account.accountId,
    name: account.name ?? account.fromNumber ?? account.accountId,
    enabled: account.enabled,
    configured: account.configured,
    extra: {
      provider: account.provider,
      fromNumber: account.fromNumber,
      dmPolicy: account.inboundPolicy,
      tokenStatus: account.tokenStatus,
      webhookPath: account.serve.path,
      port: account.serve.port,
      ...(account.publicUrl === undefined ? {} : { webhookUrl: account.publicUrl }),
    },
  };
}

/** What a probe found, as `probeAccount` gave it and the host kept it. */
function checksIn(probe: unknown): readonly { readonly [key: string]: unknown }[] {
  const checks = isRecord(probe) ? probe['checks'] : undefined;
  return Array.isArray(checks) ? checks.filter(isRecord) : [];
}
