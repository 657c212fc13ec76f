import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { resolveSignedUrl } from '@openclaw/webhook-verify/url';
import type { Route } from './routes.ts';

/** When `X-Forwarded-*` headers are believed: never by default. */
export interface WebhookSecurity {
  /** Hosts that a trusted proxy may forward for. */
  readonly allowedHosts?: readonly string[];
  /** Default false. */
  readonly trustForwardingHeaders?: boolean;
  /** Exact addresses; without any, nobody's forwarded headers are believed. */
  readonly trustedProxyIPs?: readonly string[];
}

/** Tells which URL the carrier signed; `undefined` when the request does not say. */
export type SignedUrl = (request: IncomingMessage, route: Route) => string | undefined;

/**
 * Makes the resolver of signed URLs. A `publicUrl` with a path is the webhook's whole URL, so that a proxy may rewrite
 * paths; receipts come to the status path of the same origin.
 */
export function createSignedUrl(options: {
  readonly publicUrl?: string;
  readonly security?: WebhookSecurity;
}): SignedUrl {
  const { publicUrl, security = {} } = options;
  const origin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  const forwarding =
    security.trustForwardingHeaders === true
      ? { trustedProxyIPs: security.trustedProxyIPs, allowedHosts: security.allowedHosts }
      : {};
  return (request, route) => {
    try {
      return resolveSignedUrl(
        {
          target: request.url ?? '',
          headers: request.headers,
          peerAddress: request.socket.remoteAddress,
          encrypted: request.socket instanceof TLSSocket,
        },
        { publicUrl: route.kind === 'receipt' ? origin : publicUrl, ...forwarding },
      );
    } catch {
      return undefined;
    }
  };
}

/** Peers that speak for others: trusted proxies, and tunnels and proxies on this machine. */
export function isProxy({ trustedProxyIPs = [] }: WebhookSecurity = {}): (peer: string) => boolean {
  const trusted = new Set(trustedProxyIPs.map(plainAddress));
  return (peer) => {
    const address = plainAddress(peer);
    return trusted.has(address) || address === '::1' || address.startsWith('127.');
  };
}

/** A socket that listens for IPv6 as well shows an IPv4 peer as `::ffff:10.0.0.5`. */
const plainAddress = (address: string): string =>
  address.toLowerCase().replace(/^::ffff:(?=\d+\.)/u, '');
