import { WebhookVerificationError, asVerificationError } from './error.ts';
import { joinPublicUrl, requireTarget } from './public-url.ts';
import { findHeader, type WebhookHeaders } from './request.ts';

export { WebhookVerificationError } from './error.ts';

/** What a server knows of a request before it knows its URL. */
export interface UnresolvedRequest {
  /** The request target as it came over the wire: `req.url` of `node:http`. */
  readonly target: string;
  /** With `host`, and whatever a proxy added. */
  readonly headers: WebhookHeaders;
  /** The other end of the connection: `req.socket.remoteAddress`. */
  readonly peerAddress?: string | undefined;
  /** Whether the connection itself is TLS. */
  readonly encrypted: boolean;
  /** A WebSocket handshake: the carrier signed a `ws:` or `wss:` URL. Default false. */
  readonly webSocket?: boolean;
}

export interface SignedUrlOptions {
  /**
   * Where the carrier reaches this server: an origin, or the full URL when it has a path. The safe
   * choice: with it no header is looked at.
   */
  readonly publicUrl?: string | undefined;
  /** Addresses of proxies whose `X-Forwarded-Host` and `-Proto` count. Exact; none by default. */
  readonly trustedProxyIPs?: readonly string[] | undefined;
  /** Hosts a trusted proxy may forward for; with a port, only that port. None by default. */
  readonly allowedHosts?: readonly string[] | undefined;
}

/**
 * The URL the carrier signed, of the raw bytes of the request: nothing is decoded or normalised.
 *
 * Without `publicUrl`, the scheme and host are those of the connection. Forwarded headers replace
 * them only when the peer is one of `trustedProxyIPs` and the resulting host is one of
 * `allowedHosts`; else they are ignored. A fragment is cut off. Throws `WebhookVerificationError`
 * (`malformed_request`) for a target that is not a path, such as `//host/path`, and for a host that
 * is not one.
 *
 * @example
 * ```ts
 * import { resolveSignedUrl } from '@openclaw/webhook-verify/url';
 *
 * const request = { target: '/sms?a=It%27s', headers: { host: '10.0.0.7:3000' }, encrypted: false };
 * console.log(resolveSignedUrl(request, { publicUrl: 'https://sms.example.com' })); // https://sms.example.com/sms?a=It%27s
 * ```
 */
export function resolveSignedUrl(
  request: UnresolvedRequest,
  options: SignedUrlOptions = {},
): string {
  try {
    const target = requireTarget(request.target);
    if (options.publicUrl !== undefined) {
      const url = joinPublicUrl(options.publicUrl, target);
      return request.webSocket === true ? url.replace(/^http/iu, 'ws') : url;
    }
    const { host, encrypted } = readAuthority(request, options);
    const scheme = request.webSocket === true ? 'ws' : 'http';
    return `${scheme}${encrypted ? 's' : ''}://${host}${target}`;
  } catch (error) {
    throw asVerificationError(error);
  }
}

interface Authority {
  readonly host: string;
  readonly encrypted: boolean;
}

function readAuthority(request: UnresolvedRequest, options: SignedUrlOptions): Authority {
  const { headers, peerAddress, encrypted } = request;
  const own = findHeader(headers, 'host') ?? findHeader(headers, ':authority');
  if (isTrustedPeer(peerAddress, options.trustedProxyIPs ?? [])) {
    const host = lastOf(findHeader(headers, 'x-forwarded-host')) ?? own;
    if (host !== undefined && isAllowedHost(host, options.allowedHosts ?? [])) {
      const scheme = lastOf(findHeader(headers, 'x-forwarded-proto'))?.toLowerCase();
      return { host: requireHost(host), encrypted: isEncrypted(scheme) ?? encrypted };
    }
  }
  return { host: requireHost(own), encrypted };
}

/** What the nearest proxy wrote; what stands before it may come from anybody. */
function lastOf(list: string | undefined): string | undefined {
  return list?.split(',').at(-1)?.trim();
}

function isEncrypted(scheme: string | undefined): boolean | undefined {
  if (scheme === 'https' || scheme === 'wss') return true;
  return scheme === 'http' || scheme === 'ws' ? false : undefined;
}

/** `host`, `host:port`, `[IPv6]` or `[IPv6]:port`; no userinfo, no path, no list. */
const hostShape = /^(?<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/iu;

function requireHost(host: string | undefined): string {
  if (host !== undefined && hostShape.test(host)) return host;
  throw new WebhookVerificationError(
    'malformed_request',
    'The request has no usable Host header: set publicUrl to the address the carrier requests.',
  );
}

function isAllowedHost(host: string, allowedHosts: readonly string[]): boolean {
  const name = hostShape.exec(host)?.groups?.['name'];
  if (name === undefined) return false;
  const allowed = new Set(allowedHosts.map((entry) => entry.toLowerCase()));
  return allowed.has(host.toLowerCase()) || allowed.has(name.toLowerCase());
}

function isTrustedPeer(peer: string | undefined, trusted: readonly string[]): boolean {
  return peer !== undefined && trusted.map(canonicalAddress).includes(canonicalAddress(peer));
}

/** One spelling for each address: IPv6 compressed and in lower case, mapped IPv4 as IPv4. */
function canonicalAddress(address: string): string {
  const mapped = /^::ffff:(?<ipv4>\d+\.\d+\.\d+\.\d+)$/iu.exec(address)?.groups?.['ipv4'];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const url = `http://[${address}]`;
  return URL.canParse(url) ? new URL(url).hostname : address;
}
