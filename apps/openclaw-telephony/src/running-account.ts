import { join } from 'node:path';
import {
  type Account,
  createConfiguredMediaHost,
  createConfiguredServer,
  notRunning,
} from '@openclaw/telephony-config';
import { createFetchTransport } from '@openclaw/telephony-core';
import type { StandIn } from '@openclaw/telephony-server';
import type { TelephonyStore } from '@openclaw/telephony-store';
import { createAccess } from './access.ts';
import type { TelephonyAccount } from './account.ts';
import { createApprovals } from './approvals.ts';
import { createAwaited } from './awaited.ts';
import { channelId } from './channel-id.ts';
import { closeAll } from './close-all.ts';
import { createHostLogger } from './host-logger.ts';
import { createLastFailure } from './last-failure.ts';
import { hostPairingText } from './pairing-text.ts';
import { awaitAccount, type RunningAccount } from './running.ts';
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
  const { host, store, currentConfig, settings: config, stateDir } = options;
  const { inboundPolicy, allowFrom } = config;
  // Who gets in is decided by the settings that were checked, whatever a glance at the unchecked ones says.
  const account = { ...options.account, inboundPolicy, dmPolicy: inboundPolicy, allowFrom };
  const { accountId } = account;
  const logger = createHostLogger(options.log, accountId);
  const mediaHost = createConfiguredMediaHost(config, {
    folder: join(stateDir, 'plugins', channelId, 'media'),
    accountId,
  });
  const awaited = createAwaited(store.keyValue, accountId);
  const approvals = createApprovals({
    keyValue: store.keyValue,
    accountId,
    approved: () => host.pairing.readAllowFromStore({ channel: channelId, accountId }),
    server: () => server,
    logger,
  });
  const failures = createLastFailure({
    now: () => new Date(),
    warn: (fields) => logger.warn(fields, 'a text did not arrive'),
    messaging: () => provider.messaging,
  });
  const { server, provider } = createConfiguredServer(config, {
    // The gateway's own fetch: it keeps connections alive as well, and needs no package.
    transport: createFetchTransport(),
    store,
    accountId,
    standIn: throughRunning,
    logger,
    mediaHost,
    texts: { pairing: hostPairingText },
    access: createAccess({
      host,
      config: currentConfig,
      account,
      awaits: awaited.awaits,
      onPairing: (sender, code) => approvals.asked(sender, code),
    }),
    onMessage: createTurns({
      host,
      sessions: options.sessions,
      config: currentConfig,
      account,
      logger,
      wrote: awaited.wrote,
      now: () => new Date(),
    }),
    onDeliveryFailed: failures.delivery,
    onSendFailed: failures.sending,
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
    lastFailure: failures.get,
    async start() {
      server.start();
      await approvals.start();
    },
    close: () =>
      closeAll([
        () => approvals.close(),
        () => server.close({ graceMs: closeGraceMs }),
        () => mediaHost.close(),
      ]),
  };
}

/** The account of that name. At the start, and in a reload, it comes a moment later than who asks for it. */
const throughRunning = (accountId: string): StandIn => ({
  accountId,
  async takeOver(id, send) {
    const standIn = await awaitAccount(accountId, standInWithinMs);
    if (standIn === undefined) throw notRunning(accountId);
    await standIn.server.takeOver(id, send);
  },
});

const standInWithinMs = 3000;

/** Where a listener of this address is reached from this machine. */
function hostOf(bind: string): string {
  if (bind === '0.0.0.0' || bind === '::') return '127.0.0.1';
  return bind.includes(':') ? `[${bind}]` : bind;
}

/** A turn that the host has not made its own by then is run again after the start. */
const closeGraceMs = 5000;
