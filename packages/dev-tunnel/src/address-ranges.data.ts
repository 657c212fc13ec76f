import type { NotPublicReason } from './tunnel-error.ts';

/** One row of a table of address ranges. */
export type AddressRange = readonly [
  network: string,
  prefixLength: number,
  reason: NotPublicReason,
  name: string,
];

/** IANA IPv4 Special-Purpose Address Registry (RFC 6890 and its updates), multicast and class E. */
export const ipv4Ranges: readonly AddressRange[] = [
  ['0.0.0.0', 8, 'unspecified', 'this network, 0.0.0.0/8'],
  ['10.0.0.0', 8, 'private', 'a private network, 10.0.0.0/8'],
  ['100.64.0.0', 10, 'cgnat', '100.64.0.0/10, where carrier-grade NAT and Tailscale live'],
  ['127.0.0.0', 8, 'loopback', 'this machine itself, 127.0.0.0/8'],
  ['169.254.0.0', 16, 'link_local', 'a link-local address, 169.254.0.0/16'],
  ['172.16.0.0', 12, 'private', 'a private network, 172.16.0.0/12'],
  ['192.0.0.0', 24, 'reserved', 'reserved for protocols, 192.0.0.0/24'],
  ['192.0.2.0', 24, 'reserved', 'an address for documentation, 192.0.2.0/24'],
  ['192.88.99.0', 24, 'reserved', 'a former 6to4 relay, 192.88.99.0/24'],
  ['192.168.0.0', 16, 'private', 'a private network, 192.168.0.0/16'],
  ['198.18.0.0', 15, 'reserved', 'an address for benchmarks, 198.18.0.0/15'],
  ['198.51.100.0', 24, 'reserved', 'an address for documentation, 198.51.100.0/24'],
  ['203.0.113.0', 24, 'reserved', 'an address for documentation, 203.0.113.0/24'],
  ['224.0.0.0', 4, 'reserved', 'a multicast address, 224.0.0.0/4'],
  ['240.0.0.0', 4, 'reserved', 'a reserved address, 240.0.0.0/4'],
];

/** IANA IPv6 Special-Purpose Address Registry. Whatever is outside 2000::/3 is refused as well. */
export const ipv6Ranges: readonly AddressRange[] = [
  ['::', 128, 'unspecified', 'the unspecified address ::'],
  ['::1', 128, 'loopback', 'this machine itself, ::1'],
  ['::ffff:0:0', 96, 'ipv4_mapped', 'an IPv4 address inside an IPv6 address, ::ffff:0:0/96'],
  ['::', 96, 'ipv4_mapped', 'an IPv4 address inside an IPv6 address, ::/96'],
  ['::ffff:0:0:0', 96, 'ipv4_mapped', 'a translated IPv4 address, ::ffff:0:0:0/96'],
  ['64:ff9b::', 96, 'ipv4_mapped', 'a translated IPv4 address, 64:ff9b::/96'],
  ['2001::', 23, 'reserved', 'reserved for protocols, 2001::/23'],
  ['2001:db8::', 32, 'reserved', 'an address for documentation, 2001:db8::/32'],
  ['2002::', 16, 'ipv4_mapped', 'an IPv4 address inside an IPv6 address, 2002::/16'],
  ['3fff::', 20, 'reserved', 'an address for documentation, 3fff::/20'],
  ['fc00::', 7, 'unique_local', 'a unique local address, fc00::/7'],
  ['fe80::', 10, 'link_local', 'a link-local address, fe80::/10'],
  ['fec0::', 10, 'private', 'a site-local address, fec0::/10'],
  ['ff00::', 8, 'reserved', 'a multicast address, ff00::/8'],
];

/** Endings of names that public DNS never answers (RFC 6761, 6762, 7686, 8375, 9476 and ICANN's `internal`). */
export const localEndings: readonly string[] = [
  'alt',
  'example',
  'home.arpa',
  'internal',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'onion',
  'test',
];
