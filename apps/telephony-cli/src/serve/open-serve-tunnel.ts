import type { Account } from '@openclaw/telephony-config';
import type { Tunnel, TunnelProvider } from '@openclaw/dev-tunnel';
import type { Logger } from '@openclaw/telephony-server';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { tunnelSettings } from './tunnel-settings.ts';
import { inOurWords } from './tunnel-words.ts';

/** What {@link openServeTunnel} takes. */
export interface ServeTunnelOptions {
  readonly provider: TunnelProvider;
  /** Every account behind the listener, the default one first. */
  readonly accounts: readonly Account[];
  /** Where it listens on this machine. */
  readonly listening: string;
  readonly environment: { readonly [name: string]: string | undefined };
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** A tunnel to the listener, and the address that carriers are given. */
export interface ServeTunnel {
  /** The origin; `undefined` when no carrier reaches the tunnel. */
  readonly origin: () => string | undefined;
  readonly tunnel: Tunnel;
  /** The path below which everything is led here; absent when the whole address is. */
  readonly folder?: string;
}

/** Whether a path is in a folder that is led here, or is that folder. */
export const isBelow = (path: string, folder: string): boolean =>
  `${path}/`.startsWith(`${folder}/`);

/**
 * Opens a tunnel to the listener.
 *
 * @throws {CommandFailure} that says what to do
 */
export async function openServeTunnel(options: ServeTunnelOptions): Promise<ServeTunnel> {
  const { provider, accounts, listening, environment, signal, logger } = options;
  const settings = await tunnelSettings(provider, accounts);
  const { carrierUrl, openTunnel, TunnelError } = await import('@openclaw/dev-tunnel');
  const { path: folder } = settings.tailscale;
  try {
    const port = Number(new URL(listening).port);
    const tunnel = await openTunnel({ ...settings, port, environment, signal, logger });
    return {
      tunnel,
      origin: () => (tunnel.reach === 'tailnet' ? undefined : carrierUrl(tunnel).origin),
      ...(provider.startsWith('tailscale-') && folder !== '/' ? { folder } : {}),
    };
  } catch (error) {
    if (!TunnelError.isInstance(error)) throw error;
    // Stopped while it was being opened: that is no failure.
    if (signal.aborted) throw new CommandFailure('', exitCode.ok);
    const isOurs = error.code === 'invalid_options' || error.code === 'auth_failed';
    throw new CommandFailure(inOurWords(error.message), isOurs ? exitCode.usage : exitCode.failed);
  }
}
