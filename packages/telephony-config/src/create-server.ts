import { createAccessPolicy, createPairingStore, type PairingStore } from '@openclaw/pairing-store';
import {
  type HttpTransport,
  isE164,
  isShortCode,
  type E164,
  type Sender,
  type ShortCode,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import {
  type AccessControl,
  createTelephonyServer,
  type OutboundOptions,
  type StandIn,
  type TelephonyServer,
  type TelephonyServerOptions,
  type WebhookSecurity,
} from '@openclaw/telephony-server';
import { senderPool } from './carrier-sections.ts';
import { ConfigError } from './config-error.ts';
import { createProvider } from './create-provider.ts';
import { given } from './given.ts';
import type { TelephonyConfig } from './schema.ts';

/**
 * What a server needs that no configuration holds: the store, the application, and everything that serves a host.
 * `limits` and `inboundMedia` go before those of the configuration.
 */
export interface ConfiguredServerOptions extends Omit<
  TelephonyServerOptions,
  | 'provider'
  | 'sender'
  | 'access'
  | 'path'
  | 'statusPath'
  | 'publicUrl'
  | 'webhookSecurity'
  | 'maxConcurrentSessions'
  | 'sms'
  | 'voice'
  | 'outbound'
> {
  /** Who may text; default: `inboundPolicy` and `allowFrom` with the pairing of this account. */
  readonly access?: AccessControl;
  /** The account of that name, where it runs; without it, `outbound.failover` does nothing. */
  readonly standIn?: (accountId: string) => StandIn;
  /** How requests to the carrier are made; default: {@link createUndiciTransport}. */
  readonly transport?: HttpTransport;
}

/** A server as configured, with what it is made of. */
export interface ConfiguredServer {
  readonly server: TelephonyServer;
  readonly provider: TelephonyProvider;
  readonly pairing: PairingStore;
}

/**
 * Makes the server that a configuration describes. It does not listen yet.
 *
 * @throws {ConfigError} when a credential is missing
 */
export function createConfiguredServer(
  config: TelephonyConfig,
  options: ConfiguredServerOptions,
): ConfiguredServer {
  const { transport, standIn, ...rest } = options;
  const { store, logger, accountId = 'default', now } = rest;
  const provider = createProvider(config, transport === undefined ? {} : { transport });
  const pairing = createPairingStore({
    keyValue: store.keyValue,
    accountId,
    ...(now === undefined ? {} : { now }),
  });
  const access =
    options.access ??
    createAccessPolicy({
      policy: config.inboundPolicy,
      allowFrom: config.allowFrom,
      pairing,
      onError: () => logger?.error({}, 'the list of approved people cannot be read'),
    });
  const { serve, sms, publicUrl, maxConcurrentSessions, voice } = config;
  const { enabled: takesCalls, ...calls } = voice;
  const server = createTelephonyServer({
    ...rest,
    provider,
    sender: senderOf(config),
    access,
    path: serve.path,
    statusPath: serve.statusPath,
    webhookSecurity: webhookSecurityOf(config),
    maxConcurrentSessions,
    sms,
    limits: options.limits ?? config.limits,
    inboundMedia: options.inboundMedia ?? given(config.media.inbound),
    outbound: outboundOf(config, standIn),
    ...(takesCalls ? { voice: given(calls) } : {}),
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  return { server, provider, pairing };
}

function outboundOf(
  { outbound: { failover, ...outbound } }: TelephonyConfig,
  standIn: ConfiguredServerOptions['standIn'],
): OutboundOptions {
  if (failover === undefined || standIn === undefined) return given(outbound);
  const { account, ...when } = failover;
  return { ...given(outbound), failover: { standIn: standIn(account), ...when } };
}

function fromNumber({ fromNumber: value }: TelephonyConfig): E164 | ShortCode | undefined {
  return value !== undefined && (isE164(value) || isShortCode(value)) ? value : undefined;
}

/**
 * ngrok's agent runs on this machine and says in forwarded headers for which host it speaks. Whoever allows it believes the
 * agent for ngrok's own host; signatures are checked all the same.
 */
function webhookSecurityOf({
  webhookSecurity,
  tunnel,
  publicUrl,
}: TelephonyConfig): WebhookSecurity {
  const host =
    tunnel.ngrokDomain ?? (publicUrl === undefined ? undefined : new URL(publicUrl).host);
  if (!tunnel.allowNgrokFreeTierLoopbackBypass || host === undefined) return webhookSecurity;
  return {
    trustForwardingHeaders: true,
    trustedProxyIPs: [...webhookSecurity.trustedProxyIPs, '127.0.0.1', '::1'],
    allowedHosts: [...webhookSecurity.allowedHosts, host],
  };
}

function senderOf(config: TelephonyConfig): Sender {
  const pool = senderPool(config);
  if (pool !== undefined) return { kind: 'pool', id: pool };
  const number = fromNumber(config);
  if (number === undefined) {
    throw new ConfigError(['fromNumber is missing: whom do texts come from?'], 'the configuration');
  }
  return { kind: 'number', address: number };
}
