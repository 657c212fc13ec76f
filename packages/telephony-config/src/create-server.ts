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
  const provider = createProvider(config);
  const pairing = createPairingStore({ keyValue: store.keyValue });
  const access = createAccessPolicy({
    policy: config.inboundPolicy,
    allowFrom: config.allowFrom,
    pairing,
  });
  const { serve, sms, publicUrl, maxConcurrentSessions, webhookSecurity } = config;
  const { allowTo, segmentsPerSecond, ...limits } = config.outbound;
  const number = fromNumber(config);
  const server = createTelephonyServer({
    ...rest,
    provider,
    sender: senderOf(config),
    ...(number === undefined ? {} : { numbers: [number] }),
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

/** A sender pool wins over a number: whoever names both wants the pool to choose. */
function senderOf(config: TelephonyConfig): Sender {
  const pool = config.provider === 'twilio' ? config.twilio.messagingServiceSid : undefined;
  if (pool !== undefined) return { kind: 'pool', id: pool };
  const number = fromNumber(config);
  if (number === undefined) {
    throw new ConfigError(['fromNumber is missing: whom do texts come from?'], 'the configuration');
  }
  return { kind: 'number', address: number };
}
