import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { type AddressRange, ipv4Ranges, ipv6Ranges, localEndings } from './address-ranges.data.ts';
import type { Tunnel } from './tunnel.ts';
import { type NotPublicReason, TunnelError } from './tunnel-error.ts';

/** See {@link assertPublicUrl}. */
export interface PublicUrlOptions {
  /** Lets `http:` pass. The default is false: what a carrier sends would be readable on the way. */
  readonly allowHttp?: boolean;
}

/**
 * Returns the URL if a carrier on the internet can reach it, as far as its text tells, and throws otherwise.
 *
 * Give it the text as the person wrote it: a `URL` has already rewritten `http://2130706433/` to `127.0.0.1`, which is
 * refused too, but under the other name. DNS is not asked, so a public name of a private address passes.
 *
 * @throws {@link TunnelError} with code `not_public` and the `reason`.
 *
 * @example
 * ```ts
 * import { assertPublicUrl } from '@openclaw/dev-tunnel';
 *
 * console.log(assertPublicUrl('https://sms.example.com/telephony/webhook').host); // sms.example.com
 * ```
 */
export function assertPublicUrl(url: string | URL, options: PublicUrlOptions = {}): URL {
  const text = typeof url === 'string' ? url : url.href;
  if (!URL.canParse(text)) throw refusal('not_a_url', 'it is not an absolute URL');
  const parsed = new URL(text);
  const allowed = options.allowHttp === true ? ['https:', 'http:'] : ['https:'];
  if (!allowed.includes(parsed.protocol)) {
    throw refusal('not_https', `its scheme is ${parsed.protocol.slice(0, 20)}`);
  }
  // Looked for in the text: an empty user name leaves no trace in the parsed URL.
  if (authorityOf(text).includes('@'))
    throw refusal('userinfo', 'it holds a user name or password');
  const host = parsed.hostname.replace(/\.$/u, '').toLowerCase();
  if (host.startsWith('[')) assertPublicIpv6(host.slice(1, -1));
  else if (isIPv4(host)) assertPublicIpv4(host, text);
  else assertPublicName(host);
  return parsed;
}

/**
 * The address to give to a carrier. A tunnel of `tailscale-serve` has none, because only the tailnet reaches it.
 *
 * @throws {@link TunnelError} with code `not_public` and the `reason`, such as `tailnet_only`.
 *
 * @example
 * ```ts
 * import { carrierUrl, openTunnel } from '@openclaw/dev-tunnel';
 *
 * const tunnel = await openTunnel({ provider: 'cloudflared', port: 3335, path: '/telephony/webhook' });
 * console.log(carrierUrl(tunnel).href);
 * ```
 */
export function carrierUrl(tunnel: Pick<Tunnel, 'publicUrl' | 'reach'>): URL {
  if (tunnel.reach === 'tailnet') {
    throw refusal(
      'tailnet_only',
      'Tailscale serve is reachable only inside the tailnet, and carriers are outside; use tailscale-funnel',
    );
  }
  return assertPublicUrl(tunnel.publicUrl);
}

function refusal(reason: NotPublicReason, why: string): TunnelError {
  return new TunnelError(
    'not_public',
    `This address cannot be given to a carrier: ${why}.`,
    reason,
  );
}

/** Between the slashes, as a URL parser reads them: `\` is `/` for http, and tabs and line ends vanish. */
function authorityOf(text: string): string {
  const rest = text.replaceAll(/[\t\n\r]/gu, '').replace(/^[^:]*:[/\\]*/u, '');
  return /^[^/\\?#]*/u.exec(rest)?.[0] ?? '';
}

function assertPublicIpv4(address: string, text: string): void {
  const written = authorityOf(text)
    .replace(/^[^@]*@/u, '')
    .replace(/:\d*$/u, '')
    .replace(/\.$/u, '');
  if (!isIPv4(written)) {
    throw refusal('disguised_ip', 'its host is an IPv4 address in another form than 1.2.3.4');
  }
  refuseRange(address, 'ipv4', ipv4Blocks);
}

function assertPublicIpv6(address: string): void {
  refuseRange(address, 'ipv6', ipv6Blocks);
  if (!isIPv6(address) || !globalUnicast.check(address, 'ipv6')) {
    throw refusal('reserved', 'its IPv6 address lies outside 2000::/3, the public ones');
  }
}

function assertPublicName(host: string): void {
  const local = localEndings.find((ending) => host === ending || host.endsWith(`.${ending}`));
  if (local !== undefined) {
    if (local === 'localhost') throw refusal('loopback', 'localhost is this machine itself');
    throw refusal('local_name', `public DNS knows no names that end in .${local}`);
  }
  if (!host.includes('.')) throw refusal('single_label', 'its host is a name without a dot');
}

type Blocks = readonly { readonly list: BlockList; readonly range: AddressRange }[];

function refuseRange(address: string, family: 'ipv4' | 'ipv6', blocks: Blocks): void {
  const hit = blocks.find(({ list }) => list.check(address, family));
  if (hit !== undefined) throw refusal(hit.range[2], `its host is ${hit.range[3]}`);
}

const blocksOf = (ranges: readonly AddressRange[], family: 'ipv4' | 'ipv6'): Blocks =>
  ranges.map((range) => {
    const list = new BlockList();
    list.addSubnet(range[0], range[1], family);
    return { list, range };
  });
const ipv4Blocks = blocksOf(ipv4Ranges, 'ipv4');
const ipv6Blocks = blocksOf(ipv6Ranges, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
