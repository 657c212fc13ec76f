import { openCloudflared } from './cloudflared.ts';
import { abortedBy, deadline } from './deadline.ts';
import { createLiveTunnel } from './live-tunnel.ts';
import { openNgrok } from './ngrok.ts';
import type { Opener } from './opener.ts';
import { openTailscale } from './tailscale.ts';
import type { OpenTunnelOptions, Tunnel, TunnelLogger, TunnelProvider } from './tunnel.ts';
import { asTunnelError } from './tunnel-error.ts';
import { checkTunnelOptions } from './tunnel-options.ts';

const openers: { readonly [provider in TunnelProvider]: Opener } = {
  ngrok: openNgrok,
  'tailscale-serve': openTailscale,
  'tailscale-funnel': openTailscale,
  cloudflared: openCloudflared,
};

/**
 * Gives a local webhook endpoint a public address.
 *
 * The tunnel lets requests in; it proves nothing about them. Signatures are to be checked as ever, against `publicUrl`.
 * It must be closed, or its `signal` aborted, for the process to end.
 *
 * @throws {@link TunnelError} with a `code` and what to do; nothing is left running or configured then.
 *
 * @example
 * ```ts
 * import { openTunnel } from '@openclaw/dev-tunnel';
 *
 * const tunnel = await openTunnel({
 *   provider: 'cloudflared',
 *   port: 3335,
 *   path: '/telephony/webhook',
 *   environment: process.env,
 * });
 * tunnel.onUrlChange((url) => console.log('now at', url.href));
 * console.log(tunnel.publicUrl.href);
 * await tunnel.close();
 * ```
 */
export async function openTunnel(options: OpenTunnelOptions): Promise<Tunnel> {
  checkTunnelOptions(options);
  const { provider, port, path = '/', signal, logger = silent } = options;
  const { openTimeoutMs = 30_000, commandTimeoutMs = 10_000, stopTimeoutMs = 5000 } = options;
  if (signal?.aborted === true) throw abortedBy();
  const live = createLiveTunnel({ provider, path, logger });
  const limit = deadline(openTimeoutMs, provider, signal);
  try {
    const connection = await openers[provider](
      {
        ...options,
        path,
        target: `http://127.0.0.1:${port}`,
        environment: options.environment ?? {},
        logger,
        signal: limit.signal,
        openTimeoutMs,
        commandTimeoutMs,
        stopTimeoutMs,
        now: options.now ?? Date.now,
      },
      live.events,
    );
    return live.start(connection, signal);
  } catch (error) {
    throw asTunnelError(error, `Opening a tunnel with ${provider}`);
  } finally {
    limit.end();
  }
}

const nothing = (): void => undefined;
const silent: TunnelLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
