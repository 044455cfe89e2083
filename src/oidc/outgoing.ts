/**
 * What the engine calls by itself: relying parties, to tell them of log-outs. Never an address on a private network,
 * unless its origin is on the list of operators: whoever can change a registration would reach what only we reach.
 */
import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import type { Configuration } from 'oidc-provider';

/** IANA's special-purpose registries, and multicast. IPv4 within IPv6 is found by its IPv4 rule. */
const PRIVATE = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const;

const privateAddresses = new BlockList();
for (const [net, prefix] of PRIVATE) {
  privateAddresses.addSubnet(net, prefix, isIPv6(net) ? 'ipv6' : 'ipv4');
}

export function isPrivateAddress(address: string): boolean {
  return privateAddresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

type Fetch = NonNullable<Configuration['fetch']>;

/** A call to a relying party's server that did not do what it was for. */
export interface FailedCall {
  readonly url: string;
  readonly why: string;
}

/**
 * In the sandbox alone: a developer who tries it has a site on this machine, and wants to know what it was
 * asked.
 */
export interface SandboxCalls {
  noteFailure(call: FailedCall): void;
}

/** As a URL has them. A name below `localhost` may lead elsewhere. */
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * @param privateOrigins those that may be called all the same.
 * @param options.callsLoopback any port of this machine too; never in production
 */
export function createFetch(
  privateOrigins: readonly string[],
  { callsLoopback = false }: { callsLoopback?: boolean } = {},
): Fetch {
  return async (given, options = {}) => {
    const url = new URL(given instanceof Request ? given.url : given);
    // Whoever redirects us could lead us where we would not have gone.
    const asked = { ...options, redirect: 'manual' } as const;
    const isOpen = privateOrigins.includes(url.origin) || (callsLoopback && LOOPBACK.has(url.hostname));
    if (isOpen) return await globalThis.fetch(url, withoutDispatcher(asked));
    await refusePrivate(url.hostname, options.signal);
    // The engine's dispatcher looks once more at what was connected to: a name can lead elsewhere by then.
    return await globalThis.fetch(url, asked);
  };
}

/** The same calls; what fails of them is said to the developer who tries the sandbox. */
export function noteFailures(fetch: Fetch, calls: SandboxCalls): Fetch {
  return async (given, options) => {
    const url = given instanceof Request ? given.url : String(given);
    try {
      const response = await fetch(given, options);
      const isRedirect = response.status >= 300 && response.status < 400;
      const why = `it answered ${response.status}${isRedirect ? ', and no redirect is followed' : ''}`;
      if (!response.ok) calls.noteFailure({ url, why });
      return response;
    } catch (error) {
      calls.noteFailure({ url, why: reasonOf(error) });
      throw error;
    }
  };
}

/** What happened beneath: `fetch failed` says nothing to anybody. */
function reasonOf(error: unknown): string {
  interface Fault {
    readonly message?: string;
    readonly code?: string;
    readonly cause?: Fault;
  }
  const { message, cause } = Object(error) as Fault;
  // Where a name has two addresses the cause is both faults, and has a code alone.
  return cause?.message || cause?.code || message || 'it failed';
}

/** Before anything is connected. A resolver that hangs is not waited for longer than the call may take. */
async function refusePrivate(hostname: string, signal: AbortSignal | null | undefined): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('its name was not resolved in time')), {
      once: true,
    });
  });
  const found = await Promise.race([lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }), late]);
  if (found.some(({ address }) => isPrivateAddress(address))) {
    throw new Error(`${hostname} is on a private network and its origin not on the list`);
  }
}

function withoutDispatcher(options: RequestInit): RequestInit {
  const rest = { ...options };
  Reflect.deleteProperty(rest, 'dispatcher');
  return rest;
}
