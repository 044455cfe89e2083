/**
 * The networks that an address belongs to, and the budget of wrong attempts of each. One customer has one
 * IPv4 address or a /64, but can get a /56 on request and a /48 for little money: 65,536 times a /64. So each
 * width has a separate bucket, and wider networks have larger ones. A full bucket slows a network down and
 * never locks it, because it may be a library or a mobile operator.
 */
import type { Rules } from '../rules.ts';

export type NetworkWidth = 'ipv4' | 'ipv4_24' | 'ipv6_64' | 'ipv6_56' | 'ipv6_48';

export interface Network {
  /** `192.0.2.7`, `192.0.2.0/24`; `2001:db8:1:2` for its /64, `2001:db8:1:0/56`, `2001:db8:1/48`. */
  readonly name: string;
  readonly width: NetworkWidth;
}

/**
 * The networks of an address, narrowest first: two for IPv4, three for IPv6. A port that a proxy appended is
 * dropped: otherwise each connection would be a network. All texts that are no address are one network.
 */
export function listNetworks(text: string): readonly [Network, ...Network[]] {
  const address = dropPort(text.trim());
  const groups = parseIpv6Groups(address);
  const [, , , , , ffff = 0, high = 0, low = 0] = groups ?? [];
  if (groups && ffff === 0xff_ff && groups.slice(0, 5).every((group) => group === 0)) {
    return listIpv4Networks([high >> 8, high & 0xff, low >> 8, low & 0xff]);
  }
  if (groups) return listIpv6Networks(groups);
  const bytes = parseIpv4Bytes(address);
  return bytes ? listIpv4Networks(bytes) : [UNREADABLE_NETWORK];
}

export function findNarrowestNetwork(address: string): string {
  return listNetworks(address)[0].name;
}

/** The network of one customer: an IPv4 address or a /56. */
export function findCustomerNetwork(address: string): string {
  const networks = listNetworks(address);
  return (networks.find(({ width }) => width === 'ipv6_56') ?? networks[0]).name;
}

/** The widest network: a /24 or a /48. Having many of them is expensive. */
export function findWidestNetwork(address: string): string {
  const networks = listNetworks(address);
  return (networks.at(-1) ?? networks[0]).name;
}

const UNREADABLE_NETWORK: Network = { name: 'no address', width: 'ipv4' };

/** `192.0.2.7:40001` and `[2001:db8::1]:40001`, as some proxies write a client. */
function dropPort(address: string): string {
  return (
    /^(\d+(?:\.\d+){3}):\d+$/.exec(address)?.[1] ?? /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address
  );
}

function listIpv4Networks(bytes: readonly number[]): readonly [Network, ...Network[]] {
  return [
    { name: bytes.join('.'), width: 'ipv4' },
    { name: `${bytes.slice(0, 3).join('.')}.0/24`, width: 'ipv4_24' },
  ];
}

function listIpv6Networks(groups: readonly number[]): readonly [Network, ...Network[]] {
  const write = (some: readonly number[]) => some.map((group) => group.toString(16)).join(':');
  const [first = 0, second = 0, third = 0, fourth = 0] = groups;
  return [
    { name: write([first, second, third, fourth]), width: 'ipv6_64' },
    { name: `${write([first, second, third, fourth & 0xff_00])}/56`, width: 'ipv6_56' },
    { name: `${write([first, second, third])}/48`, width: 'ipv6_48' },
  ];
}

/** The eight groups of an IPv6 address in any notation; null when it is none. */
function parseIpv6Groups(address: string): number[] | null {
  const [text = ''] = address
    .trim()
    .replace(/^\[|\]$/g, '')
    .split('%');
  if (!text.includes(':')) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [front, back] = [readGroups(halves[0] ?? ''), readGroups(halves[1] ?? '')];
  if (!front || !back) return null;
  const missing = 8 - front.length - back.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  return [...front, ...Array.from({ length: missing }, () => 0), ...back];
}

function readGroups(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const bytes = i === parts.length - 1 ? parseIpv4Bytes(part) : null;
    if (bytes) {
      const [a = 0, b = 0, c = 0, d = 0] = bytes;
      groups.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function parseIpv4Bytes(text: string): number[] | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

/** A leaky bucket: wrong attempts fill it to at most `burst`, and it drains by `perMs` a millisecond. */
export interface NetworkBudget {
  readonly burst: number;
  readonly perMs: number;
}

const MINUTE_MS = 60_000;

export function readNetworkBudget(width: NetworkWidth, { network }: Rules): NetworkBudget {
  const { burst, perMinute, wider } = network;
  const factor = width === 'ipv4' || width === 'ipv6_64' ? 1 : wider[width];
  return { burst: burst * factor, perMs: (perMinute * factor) / MINUTE_MS };
}

/** The stored state of a bucket. */
export interface NetworkLevel {
  readonly level: number;
  /** Time since it was written. */
  readonly ageMs: number;
}

/** Whether one more wrong attempt would not fit. */
export function isBudgetFull(stored: NetworkLevel | null, { burst, perMs }: NetworkBudget): boolean {
  if (!stored) return false;
  return Math.max(stored.level - perMs * Math.max(stored.ageMs, 0), 0) + 1 > burst;
}
