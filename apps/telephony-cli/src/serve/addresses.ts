import type { Account, TelephonyConfig } from '@openclaw/telephony-config';
import { apiOrigin } from '@openclaw/telephony-config';
import type { TunnelProvider } from '@openclaw/dev-tunnel';
import { CommandFailure, exitCode } from '../exit-code.ts';

/** Whether the carrier of an account is played on this machine: then any address will do. */
export function isSimulated(config: TelephonyConfig): boolean {
  const origin = apiOrigin(config);
  return origin === undefined || /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u.test(origin.hostname);
}

/**
 * Refuses public addresses that no carrier can reach, and what must never stand behind a tunnel.
 *
 * @throws {CommandFailure} that says which setting to change
 */
export async function checkAddresses(
  accounts: readonly Pick<Account, 'id' | 'config'>[],
  tunnel: TunnelProvider | 'none',
): Promise<void> {
  for (const { id, config } of accounts) {
    const { publicUrl, skipSignatureVerification, serve } = config;
    if (tunnel !== 'none' && !reachedByTunnels.has(serve.bind)) {
      throw new CommandFailure(
        'a tunnel comes from this machine: set serve.bind to "127.0.0.1"',
        exitCode.usage,
      );
    }
    if (skipSignatureVerification && !loopback.test(serve.bind)) {
      throw new CommandFailure(
        `account "${id}" has skipSignatureVerification, and the server listens on ${serve.bind} until its next start`,
        exitCode.usage,
      );
    }
    if (tunnel !== 'none' && skipSignatureVerification) {
      throw new CommandFailure(
        `account "${id}" has skipSignatureVerification, and a tunnel would let the whole world text: take one of them away`,
        exitCode.usage,
      );
    }
    if (publicUrl === undefined || hasTunnelAddress(tunnel) || isSimulated(config)) continue;
    // Only a carrier of the real world needs an address of the real world; so this is loaded here.
    const { assertPublicUrl, TunnelError } = await import('@openclaw/dev-tunnel');
    try {
      assertPublicUrl(publicUrl, { allowHttp: true });
    } catch (error) {
      if (!TunnelError.isInstance(error)) throw error;
      throw new CommandFailure(`publicUrl of account "${id}": ${error.message}`, exitCode.usage);
    }
  }
}

const loopback = /^(?:localhost|::1|127(?:\.\d{1,3}){3})$/u;

/** What a listener may be bound to so that a request to 127.0.0.1 comes in. */
const reachedByTunnels: ReadonlySet<string> = new Set(['127.0.0.1', '0.0.0.0', '::']);

/** Whether the address of a tunnel is one that carriers are given. */
const hasTunnelAddress = (tunnel: TunnelProvider | 'none'): boolean =>
  tunnel !== 'none' && tunnel !== 'tailscale-serve';
