import { createAccessPolicy, createPairingStore, type PairingStore } from '@openclaw/pairing-store';
import {
  isE164,
  isShortCode,
  type E164,
  type Sender,
  type ShortCode,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import {
  createTelephonyServer,
  type Delivery,
  type Logger,
  type MessageHandler,
  type TelephonyServer,
} from '@openclaw/telephony-server';
import type { TelephonyStore } from '@openclaw/telephony-store';
import { senderPool } from './carrier-sections.ts';
import { ConfigError } from './config-error.ts';
import { createProvider } from './create-provider.ts';
import type { TelephonyConfig } from './schema.ts';

/** What a server needs that no configuration holds. */
export interface ConfiguredServerOptions {
  readonly store: TelephonyStore;
  readonly onMessage: MessageHandler;
  readonly onDeliveryFailed?: (delivery: Delivery) => void;
  readonly logger?: Logger;
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
  const { store, ...rest } = options;
  const { logger } = rest;
  const provider = createProvider(config);
  const pairing = createPairingStore({ keyValue: store.keyValue });
  const access = createAccessPolicy({
    policy: config.inboundPolicy,
    allowFrom: config.allowFrom,
    pairing,
    onError: () => logger?.error({}, 'the list of approved people cannot be read'),
  });
  const { serve, sms, publicUrl, maxConcurrentSessions, webhookSecurity } = config;
  const { allowTo, segmentsPerSecond, ...limits } = config.outbound;
  const server = createTelephonyServer({
    ...rest,
    provider,
    sender: senderOf(config),
    store,
    access,
    path: serve.path,
    statusPath: serve.statusPath,
    webhookSecurity,
    maxConcurrentSessions,
    sms,
    outbound: {
      ...limits,
      ...(allowTo === undefined ? {} : { allowTo }),
      ...(segmentsPerSecond === undefined ? {} : { segmentsPerSecond }),
    },
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  return { server, provider, pairing };
}

function fromNumber({ fromNumber: value }: TelephonyConfig): E164 | ShortCode | undefined {
  return value !== undefined && (isE164(value) || isShortCode(value)) ? value : undefined;
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
