import { senderPool } from './carrier-sections.ts';
import type { TelephonyConfig } from './schema.ts';

/**
 * Settings that were given and change nothing, as the others are: a sentence for each. Nothing is wrong with them, and
 * whoever wrote them expects something else.
 *
 * @param tunnel the provider that is opened, when it is another than the configuration says
 * @example
 * for (const sentence of idleSettings(config)) console.warn(sentence);
 */
export function idleSettings(
  config: TelephonyConfig,
  tunnel: TelephonyConfig['tunnel']['provider'] = config.tunnel.provider,
): readonly string[] {
  return [...ofTunnel(config, tunnel), ...ofProxies(config), ...ofCalls(config)];
}

function* ofTunnel({ tunnel, tailscale }: TelephonyConfig, provider: string): Iterable<string> {
  if (!provider.startsWith('tailscale-')) {
    const unused = `does nothing: the tunnel is "${provider}", not one of Tailscale`;
    if (tailscale.path !== undefined) yield `tailscale.path ${unused}`;
    if (tailscale.port !== 443) yield `tailscale.port ${unused}`;
  }
  if (tunnel.ngrokDomain !== undefined && provider !== 'ngrok') {
    yield `tunnel.ngrokDomain (NGROK_DOMAIN) does nothing: the tunnel is "${provider}", not "ngrok"`;
  }
}

function* ofProxies({ webhookSecurity, tunnel }: TelephonyConfig): Iterable<string> {
  const { trustForwardingHeaders, allowedHosts, trustedProxyIPs } = webhookSecurity;
  if (trustForwardingHeaders || tunnel.allowNgrokFreeTierLoopbackBypass) return;
  const unused = 'does nothing without webhookSecurity.trustForwardingHeaders';
  if (allowedHosts.length > 0) yield `webhookSecurity.allowedHosts ${unused}`;
  if (trustedProxyIPs.length > 0) yield `webhookSecurity.trustedProxyIPs ${unused}`;
}

function* ofCalls(config: TelephonyConfig): Iterable<string> {
  if (!config.voice.enabled || senderPool(config) === undefined) return;
  yield 'voice.enabled lets calls in, and none can be placed: a pool of senders sends, and calls need a number (sender: "number" with a fromNumber)';
}
