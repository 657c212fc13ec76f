import { TunnelError } from './tunnel-error.ts';

/** A JSON object, or an empty one for anything else. */
export const asRecord = (value: unknown): { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};

/** JSON, or undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The DNS name of this machine, from `tailscale status --json`.
 *
 * @throws {@link TunnelError} with what to do, when Tailscale is not up.
 */
export function dnsNameOf(status: unknown): string {
  const { BackendState: state, Self: self } = asRecord(status);
  if (state === 'NeedsLogin' || state === 'NoState') {
    throw new TunnelError(
      'not_logged_in',
      'Nobody is logged in to Tailscale on this machine: run `tailscale up`.',
    );
  }
  if (state === 'NeedsMachineAuth') {
    throw new TunnelError(
      'not_logged_in',
      'This machine waits for approval: an admin of the tailnet must approve it in the Tailscale admin console.',
    );
  }
  if (state !== 'Running') {
    const shown = typeof state === 'string' && /^\w{1,30}$/u.test(state) ? ` (${state})` : '';
    throw new TunnelError(
      'not_running',
      `Tailscale is not connected${shown}: run \`tailscale up\`.`,
    );
  }
  const name = asRecord(self)['DNSName'];
  const host = typeof name === 'string' ? name.replace(/\.$/u, '').toLowerCase() : '';
  if (!/^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){2,}[a-z]{2,63}$/u.test(host)) {
    throw new TunnelError(
      'not_enabled',
      'This machine has no DNS name in the tailnet: switch MagicDNS on in the Tailscale admin console, under DNS.',
    );
  }
  return host;
}
