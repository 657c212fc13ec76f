/** IPv4 blocks that no host of the public internet has (RFC 6890), as address and length of the prefix. */
const reservedIpv4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/**
 * Whether an IP address belongs to the public internet: what a name in somebody's URL leads to must not be a machine of
 * our own network. An IPv6 address that holds an IPv4 address is as public as that one.
 *
 * @example
 * isPublicAddress('93.184.216.34'); // true
 * isPublicAddress('::ffff:10.0.0.1'); // false
 */
export function isPublicAddress(address: string): boolean {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/u.test(address)) return isPublicIpv4(numberOf(address));
  const groups = groupsOf(address);
  return groups !== undefined && isPublicIpv6(groups);
}

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function isPublicIpv4(address: number): boolean {
  return !reservedIpv4.some(([block, length]) => {
    const size = 2 ** (32 - length);
    return Math.floor(address / size) === Math.floor(numberOf(block) / size);
  });
}

function isPublicIpv6(groups: readonly number[]): boolean {
  const [first = 0, second = 0] = groups;
  const [high = 0, low = 0] = groups.slice(6);
  const carried = high * 0x1_0000 + low;
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  const isTranslated = first === 0x64 && second === 0xff9b;
  if (isMapped || isTranslated) return isPublicIpv4(carried);
  // 6to4 holds the address of its gateway behind the prefix.
  if (first === 0x2002) return isPublicIpv4(second * 0x1_0000 + (groups[2] ?? 0));
  // Global unicast is 2000::/3; of it 2001:db8::/32 is for documents and 2001::/32 for tunnels.
  const isGlobal = first >= 0x2000 && first < 0x4000;
  return isGlobal && !(first === 0x2001 && (second === 0xdb8 || second === 0));
}

/** The eight groups of an IPv6 address, in any of its spellings. */
function groupsOf(address: string): readonly number[] | undefined {
  if (!/^[\da-f:.]+$/iu.test(address) || !URL.canParse(`http://[${address}]`)) return undefined;
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [left, right] = [readGroups(head), readGroups(tail ?? '')];
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

const readGroups = (part: string): readonly number[] =>
  part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
