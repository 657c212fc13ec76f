import { join } from 'node:path';
import { type Account, createConfiguredServer } from '@openclaw/telephony-config';
import { createFetchTransport } from '@openclaw/telephony-core';
import { createMediaHost } from '@openclaw/telephony-server';
import type { TelephonyStore } from '@openclaw/telephony-store';
import { createAccess } from './access.ts';
import type { TelephonyAccount } from './account.ts';
import { createApprovals } from './approvals.ts';
import { createAwaited } from './awaited.ts';
import { channelId } from './channel-id.ts';
import { createHostLogger } from './host-logger.ts';
import { hostPairingText } from './pairing-text.ts';
import type { RunningAccount } from './running.ts';
import { defaultAccount } from './section.ts';
import type { ServiceOptions } from './service.ts';
import { createTurns } from './turn.ts';

/** What {@link assembleAccount} takes. */
export interface AccountOptions extends Omit<ServiceOptions, 'config'> {
  readonly account: TelephonyAccount;
  readonly settings: Account['config'];
  readonly store: TelephonyStore;
  /** The port of the plugin's own listener, if there is one. */
  readonly port: number | undefined;
}

/**
 * Puts one account together. It takes nothing in and sends nothing before its server is started.
 *
 * @throws {ConfigError} when a credential is missing
 */
export function assembleAccount(options: AccountOptions): RunningAccount {
  const { account, host, store, currentConfig, settings: config, stateDir } = options;
  const { accountId } = account;
  const logger = createHostLogger(options.log, accountId);
  const end = accountId === defaultAccount ? '' : `/${accountId}`;
  const mediaHost = createMediaHost({
    folder: join(stateDir, 'plugins', channelId, `media${end}`),
    path: `/telephony/media${end}`,
    publicUrl: () => config.publicUrl,
  });
  const awaited = createAwaited(store.keyValue, accountId);
  const approvals = createApprovals({
    keyValue: store.keyValue,
    accountId,
    approved: () => host.pairing.readAllowFromStore({ channel: channelId, accountId }),
    server: () => server,
    logger,
  });
  const { server, provider } = createConfiguredServer(config, {
    // The gateway's own fetch: it keeps connections alive as well, and needs no package.
    transport: createFetchTransport(),
    store,
    accountId,
    logger,
    mediaHost,
    texts: { pairing: hostPairingText },
    access: createAccess({
      host,
      config: currentConfig,
      account,
      onPairing: (sender, code) => approvals.asked(sender, code),
    }),
    onMessage: createTurns({
      host,
      config: currentConfig,
      account,
      logger,
      wrote: awaited.wrote,
      now: () => new Date(),
    }),
    onDeliveryFailed: ({ messageId, status, carrierErrorCode }) =>
      logger.warn({ messageId, status, carrierErrorCode }, 'a text did not arrive'),
  });
  return {
    accountId,
    config,
    account,
    mediaPath: mediaHost.path,
    listening:
      account.serve.mode === 'gateway' || options.port === undefined
        ? undefined
        : `http://${hostOf(account.serve.bind)}:${options.port}${account.serve.path}`,
    provider,
    server,
    store,
    approvals,
    awaited,
    async start() {
      server.start();
      await approvals.start();
    },
    async close() {
      await approvals.close();
      await server.close({ graceMs: closeGraceMs });
      mediaHost.close();
    },
  };
}

/** Where a listener of this address is reached from this machine. */
function hostOf(bind: string): string {
  if (bind === '0.0.0.0' || bind === '::') return '127.0.0.1';
  return bind.includes(':') ? `[${bind}]` : bind;
}

/** A turn that the host has not made its own by then is run again after the start. */
const closeGraceMs = 5000;
