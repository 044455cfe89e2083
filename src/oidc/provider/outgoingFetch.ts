/**
 * What the engine calls by itself: relying parties, to tell them of log-outs. Never an address on a private network,
 * unless its origin is on the list of operators: whoever can change a registration would reach what only we reach.
 */
import type { Configuration } from 'oidc-provider';
import { createPublicFetch } from './publicFetch.ts';

type OutgoingFetch = NonNullable<Configuration['fetch']>;

/** A call to a relying party's server that did not do what it was for. */
export interface FailedOutgoingCall {
  readonly url: string;
  readonly why: string;
}

/**
 * In the sandbox alone: a developer who tries it has a site on this machine, and wants to know what it was
 * asked.
 */
export interface SandboxCallLog {
  recordFailure(call: FailedOutgoingCall): void;
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
): OutgoingFetch {
  const fetchPublic = createPublicFetch();
  return async (given, options = {}) => {
    const url = new URL(given instanceof Request ? given.url : given);
    const isOpen = privateOrigins.includes(url.origin) || (callsLoopback && LOOPBACK.has(url.hostname));
    if (!isOpen) return await fetchPublic(url, options);
    // A server that redirects us could lead us where we would not have gone.
    return await globalThis.fetch(url, dropDispatcher({ ...options, redirect: 'manual' }));
  };
}

/** The same calls; what fails of them is said to the developer who tries the sandbox. */
export function recordFailures(fetch: OutgoingFetch, calls: SandboxCallLog): OutgoingFetch {
  return async (given, options) => {
    const url = given instanceof Request ? given.url : String(given);
    try {
      const response = await fetch(given, options);
      const isRedirect = response.status >= 300 && response.status < 400;
      const why = `it answered ${response.status}${isRedirect ? ', and no redirect is followed' : ''}`;
      if (!response.ok) calls.recordFailure({ url, why });
      return response;
    } catch (error) {
      calls.recordFailure({ url, why: describeFetchFailure(error) });
      throw error;
    }
  };
}

/** What happened beneath: `fetch failed` says nothing to anybody. */
function describeFetchFailure(error: unknown): string {
  interface FetchError {
    readonly message?: string;
    readonly code?: string;
    readonly cause?: FetchError;
  }
  const { message, cause } = Object(error) as FetchError;
  // Where a name has two addresses the cause is both faults, and has a code alone.
  return cause?.message || cause?.code || message || 'it failed';
}

function dropDispatcher(options: RequestInit): RequestInit {
  const rest = { ...options };
  Reflect.deleteProperty(rest, 'dispatcher');
  return rest;
}
