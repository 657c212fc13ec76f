import { type Account, carrierFolder } from '@openclaw/telephony-config';
import type { Tunnel, TunnelProvider } from '@openclaw/dev-tunnel';
import type { Logger } from '@openclaw/telephony-server';
import { CommandFailure, exitCode } from '../exit-code.ts';
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
}

/**
 * Opens a tunnel to the listener.
 *
 * @throws {CommandFailure} that says what to do
 */
export async function openServeTunnel(options: ServeTunnelOptions): Promise<ServeTunnel> {
  const { provider, accounts, listening, environment, signal, logger } = options;
  const [first] = accounts;
  if (first === undefined) throw new CommandFailure('there is no account to serve', exitCode.usage);
  const { tunnel: settings, tailscale } = first.config;
  const { ngrokAuthToken, ngrokDomain } = settings;
  if (provider === 'ngrok' && ngrokAuthToken === undefined) {
    throw new CommandFailure(
      'tunnel.ngrokAuthToken is missing (NGROK_AUTHTOKEN): the ngrok dashboard shows it',
      exitCode.usage,
    );
  }
  const { carrierUrl, openTunnel, TunnelError } = await import('@openclaw/dev-tunnel');
  const path = first.config.serve.path;
  try {
    const tunnel = await openTunnel({
      provider,
      port: Number(new URL(listening).port),
      path,
      environment,
      signal,
      logger,
      ...(ngrokAuthToken === undefined
        ? {}
        : {
            ngrok: {
              authToken: ngrokAuthToken,
              ...(ngrokDomain === undefined ? {} : { domain: ngrokDomain }),
            },
          }),
      tailscale: { path: tailscale.path ?? carrierFolder(accounts), port: tailscale.port },
    });
    return {
      tunnel,
      origin: () => (tunnel.reach === 'tailnet' ? undefined : carrierUrl(tunnel).origin),
    };
  } catch (error) {
    if (!TunnelError.isInstance(error)) throw error;
    // Stopped while it was being opened: that is no failure.
    if (signal.aborted) throw new CommandFailure('', exitCode.ok);
    const isOurs = error.code === 'invalid_options' || error.code === 'auth_failed';
    throw new CommandFailure(inOurWords(error.message), isOurs ? exitCode.usage : exitCode.failed);
  }
}
