import type { IncomingMessage } from 'node:http';

/** A socket that listens for IPv6 as well shows an IPv4 peer as `::ffff:10.0.0.5`. */
export const plainAddress = (address: string): string =>
  address.toLowerCase().replace(/^::ffff:(?=\d+\.)/u, '');

/**
 * Whom a budget is kept for: the IPv4 address, or the /64 of an IPv6 one, because whoever has one address of it has
 * them all. Empty for a peer without an address, as on a Unix socket.
 */
export function peerKey(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.replace(/%.*$/u, '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** True for an address of this machine that no other machine can have. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || plain.startsWith('127.');
}

/** Every header by which a proxy or a tunnel tells that it speaks for somebody else. */
const forwarding =
  /^(?:forwarded|via|x-forwarded(?:-.*)?|x-real-ip|x-client-ip|x-original-.*|true-client-ip|client-ip|(?:cf|ngrok|tailscale|fly|fastly|x-amzn?|x-envoy|x-azure|x-appengine|x-vercel)-.*)$/u;
const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/iu;

/**
 * True for somebody on this machine who came by himself: a loopback peer, a loopback `Host` (a page in a browser here may
 * be made to ask, under a name of its own) and no forwarding header, which every tunnel and most proxies add.
 */
export function isFromThisMachine(request: IncomingMessage): boolean {
  return (
    isLoopback(request.socket.remoteAddress ?? '') &&
    loopbackHost.test(request.headers.host ?? '') &&
    !Object.keys(request.headers).some((name) => forwarding.test(name))
  );
}
