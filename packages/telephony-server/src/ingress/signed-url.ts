import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { resolveSignedUrl } from '@openclaw/webhook-verify/url';
import { isLoopback, plainAddress } from './peer.ts';
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
  const resolve: SignedUrl = (request, route) => {
    try {
      return resolveSignedUrl(
        {
          target: request.url ?? '',
          headers: request.headers,
          peerAddress: request.socket.remoteAddress,
          encrypted: isEncrypted(request.socket),
        },
        { publicUrl: route.kind === 'receipt' ? origin : publicUrl, ...forwarding },
      );
    } catch {
      return undefined;
    }
  };
  if (publicUrl === undefined) return resolve;
  // No header counts now, and a carrier requests one target again and again.
  let last: { readonly target: string; readonly route: Route; readonly url: string } | undefined;
  return (request, route) => {
    const target = request.url ?? '';
    if (last?.target === target && last.route === route) return last.url;
    const url = resolve(request, route);
    // The target of a receipt is its own: it would only push out what comes again.
    if (url !== undefined && route.kind === 'webhook') last = { target, route, url };
    return url;
  };
}

/** `instanceof TLSSocket` would load all of TLS, which a server behind a proxy or a tunnel never needs. */
const isEncrypted = (socket: Socket): boolean => 'encrypted' in socket && socket.encrypted === true;

/**
 * Peers that speak for others: trusted proxies, and tunnels and proxies on this machine, those on a Unix socket included,
 * which have no address.
 */
export function isProxy({ trustedProxyIPs = [] }: WebhookSecurity = {}): (peer: string) => boolean {
  const trusted = new Set(trustedProxyIPs.map(plainAddress));
  return (peer) => peer === '' || isLoopback(peer) || trusted.has(plainAddress(peer));
}
