/**
 * Addresses that are not on the public internet: IANA's special-purpose registries for IPv4 and IPv6,
 * multicast, and every form of IPv6 address that embeds an IPv4 address, because only a translator on the way
 * knows where it leads. Of IPv6 only 2000::/3 is allocated for global unicast; everything else is refused,
 * including what may be allocated later.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

const SPECIAL_NETWORKS = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  // AS112, AMT and 6to4 relays: anycast, the nearest server responds.
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved, broadcast.
  ['224.0.0.0', 3],
  // Loopback, IPv4-compatible, mapped (::ffff:0:0/96), translated (::ffff:0:0:0/96 and 64:ff9b::), discard.
  ['::', 3],
  // Within 2000::/3: Teredo (2001::/32), ORCHID and other protocols; documentation; 6to4; AS112.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
  // Segment routing (5f00::/16), unique local, link-local and site-local, multicast, and unallocated.
  ['4000::', 2],
  ['8000::', 1],
] as const;

// One list for each family: a list with both would match an IPv4 address against its mapped IPv6 address.
const specialIpv4 = new BlockList();
const specialIpv6 = new BlockList();
for (const [network, prefixLength] of SPECIAL_NETWORKS) {
  if (isIPv6(network)) specialIpv6.addSubnet(network, prefixLength, 'ipv6');
  else specialIpv4.addSubnet(network, prefixLength, 'ipv4');
}

/** @param address as a resolver returns it; a text that is not an address counts as special. */
export function isSpecialAddress(address: string): boolean {
  const [text = ''] = address.split('%');
  if (isIPv6(text)) return specialIpv6.check(text, 'ipv6');
  return !isIPv4(text) || specialIpv4.check(text, 'ipv4');
}
