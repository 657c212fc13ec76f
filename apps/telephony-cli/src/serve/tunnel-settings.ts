import { type Account, carrierFolder } from '@openclaw/telephony-config';
import type { OpenTunnelOptions, TunnelProvider } from '@openclaw/dev-tunnel';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { inOurWords } from './tunnel-words.ts';

/** What the configuration says of a tunnel of some kind. */
export type TunnelSettings = Pick<OpenTunnelOptions, 'provider' | 'path' | 'ngrok'> & {
  readonly tailscale: { readonly path: string; readonly port: number };
};

/**
 * Reads the settings of a tunnel that leads to all accounts; the default one has them.
 *
 * @throws {CommandFailure} for what no tunnel of that kind can be opened with
 */
export async function tunnelSettings(
  provider: TunnelProvider,
  accounts: readonly Account[],
): Promise<TunnelSettings> {
  const [first] = accounts;
  if (first === undefined) throw new CommandFailure('there is no account to serve', exitCode.usage);
  const { tunnel, tailscale, serve } = first.config;
  const { ngrokAuthToken: authToken, ngrokDomain: domain } = tunnel;
  if (provider === 'ngrok' && authToken === undefined) {
    throw new CommandFailure(
      'tunnel.ngrokAuthToken is missing (NGROK_AUTHTOKEN): the ngrok dashboard shows it',
      exitCode.usage,
    );
  }
  const settings = {
    provider,
    path: serve.path,
    tailscale: { path: tailscale.path ?? carrierFolder(accounts), port: tailscale.port },
    ...(authToken === undefined
      ? {}
      : { ngrok: { authToken, ...(domain === undefined ? {} : { domain }) } }),
  };
  const { checkTunnelOptions, TunnelError } = await import('@openclaw/dev-tunnel');
  try {
    // The port is known when the server listens.
    checkTunnelOptions({ ...settings, port: 1 });
  } catch (error) {
    if (!TunnelError.isInstance(error)) throw error;
    throw new CommandFailure(inOurWords(error.message), exitCode.usage);
  }
  return settings;
}
