import type { AccessControl } from '@openclaw/telephony-server';
import type { OpenClawConfig, PluginRuntime } from 'openclaw/plugin-sdk/channel-core';
import type { TelephonyAccount } from './account.ts';
import { channelId } from './channel-id.ts';
import { toNumber } from './phone.ts';

/** The part of the host that knows who was let in. */
export interface HostAccess {
  readonly inbound: { readonly ingress: Pick<Host['inbound']['ingress'], 'resolveStable'> };
  readonly pairing: Pick<Host['pairing'], 'readAllowFromStore' | 'upsertPairingRequest'>;
}

type Host = PluginRuntime['channel'];

/** What an event is judged for: entry alone, or entry into one session with one message. */
export interface Binding {
  readonly agentId: string;
  readonly sessionKey: string;
  readonly messageId: string;
}

/** What {@link createAccess} takes. */
export interface AccessOptions {
  readonly host: HostAccess;
  readonly config: () => OpenClawConfig;
  readonly account: TelephonyAccount;
  /** Whether what is sent to them now answers a text of theirs. */
  readonly awaits: (person: string) => Promise<boolean>;
  /** A code was given to somebody: their approval is to be confirmed. */
  readonly onPairing: (sender: string, code: string) => Promise<void>;
}

type Admission = Awaited<ReturnType<HostAccess['inbound']['ingress']['resolveStable']>>;

/** The host's own decision about a sender, with the list of approved people that `openclaw pairing` keeps. */
export async function judge(
  sender: string,
  { host, config, account }: Omit<AccessOptions, 'awaits' | 'onPairing'>,
  asked: {
    readonly binding?: Binding;
    readonly withCommand?: boolean;
    readonly mayPair?: boolean;
  } = {},
): Promise<{ readonly admission: Admission; readonly storeFailed: boolean }> {
  let storeFailed = false;
  const cfg = config();
  const admission = await host.inbound.ingress.resolveStable({
    channelId,
    accountId: account.accountId,
    cfg,
    identity: { key: 'phone', entryIdPrefix: 'telephony-entry' },
    subject: { stableId: sender },
    conversation: { kind: 'direct', id: sender },
    event: { mayPair: asked.mayPair ?? true },
    dmPolicy: account.inboundPolicy,
    allowFrom: account.allowFrom.map(String),
    readStoreAllowFrom: () =>
      host.pairing
        .readAllowFromStore({ channel: channelId, accountId: account.accountId })
        .catch(() => {
          // Those who are in the configuration must get in all the same; nobody else may.
          storeFailed = true;
          return [];
        }),
    ...(asked.binding
      ? { contextBinding: { ...asked.binding, inboundEventKind: 'user_request' as const } }
      : {}),
    ...(asked.withCommand === true
      ? { command: { cfg, modeWhenAccessGroupsOff: 'configured' as const } }
      : {}),
  });
  return { admission, storeFailed };
}

/** The access port of our server over the host's pairing store and policies. */
export function createAccess(options: AccessOptions): AccessControl {
  const { host, account, onPairing } = options;
  return {
    async decide(sender) {
      const { admission, storeFailed } = await judge(sender, options);
      const { allowed, decision, reasonCode } = admission.senderAccess;
      if (allowed) return { access: 'allow' };
      if (storeFailed) return { access: 'ignore', because: 'store-unavailable' };
      if (decision !== 'pairing') return { access: 'ignore', because: reasonCode };
      // A short code or a name cannot be paired: it has nobody behind it who could ask for a code.
      if (toNumber(sender) === '') return { access: 'ignore', because: 'cannot-be-paired' };
      const { code } = await host.pairing.upsertPairingRequest({
        channel: channelId,
        id: sender,
        accountId: account.accountId,
      });
      if (code === '') return { access: 'ignore', because: 'too-many-pending' };
      await onPairing(sender, code);
      return { access: 'pair', code };
    },
    async admits(sender) {
      // There the host lets everybody in, by nobody's name: that is no leave to text the whole world.
      if (account.inboundPolicy === 'open' && !account.allowFrom.includes(sender)) {
        return (await options.awaits(sender)) || (await isApproved(sender, options));
      }
      const { admission } = await judge(sender, options, { mayPair: false });
      return admission.senderAccess.allowed;
    },
  };
}

async function isApproved(
  sender: string,
  { host, account: { accountId } }: Pick<AccessOptions, 'host' | 'account'>,
): Promise<boolean> {
  const approved = await host.pairing
    .readAllowFromStore({ channel: channelId, accountId })
    // Who cannot be looked up is not texted.
    .catch((): string[] => []);
  return approved.includes(sender);
}
