/**
 * The provider's outgoing HTTP calls, such as back-channel logout. An address on a private network is called
 * only when its origin is on the operators' list: otherwise anyone who can change a registration would reach
 * what only this server can reach (SSRF).
 */
import type { Configuration } from 'oidc-provider';
import { createPublicFetch } from './publicFetch.ts';

type OutgoingFetch = NonNullable<Configuration['fetch']>;

/** A call to a relying party's server that failed. */
export interface FailedOutgoingCall {
  readonly url: string;
  readonly why: string;
}

/**
 * Only in the sandbox: a developer's relying party runs on the same machine, and the developer wants to see
 * which calls failed.
 */
export interface SandboxCallLog {
  recordFailure(call: FailedOutgoingCall): void;
}

/** Host names as a URL has them. A name below `localhost` may resolve to another host. */
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * @param privateOrigins origins on private networks that may be called.
 * @param options.callsLoopback allows any port of this machine; never in production
 */
export function createFetch(
  privateOrigins: readonly string[],
  { callsLoopback = false }: { callsLoopback?: boolean } = {},
): OutgoingFetch {
  const fetchPublic = createPublicFetch();
  return async (input, options = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const mayCallPrivate =
      privateOrigins.includes(url.origin) || (callsLoopback && LOOPBACK.has(url.hostname));
    if (!mayCallPrivate) return await fetchPublic(url, options);
    // A redirect could lead to a host that would not have been called.
    return await globalThis.fetch(url, dropDispatcher({ ...options, redirect: 'manual' }));
  };
}

/** The same calls; failures are also shown to the developer who uses the sandbox. */
export function recordFailures(fetch: OutgoingFetch, calls: SandboxCallLog): OutgoingFetch {
  return async (input, options) => {
    const url = input instanceof Request ? input.url : String(input);
    try {
      const response = await fetch(input, options);
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

/** The underlying error: `fetch failed` explains nothing. */
function describeFetchFailure(error: unknown): string {
  interface FetchError {
    readonly message?: string;
    readonly code?: string;
    readonly cause?: FetchError;
  }
  const { message, cause } = Object(error) as FetchError;
  // For a name with two addresses the cause contains both errors, and has only a code.
  return cause?.message || cause?.code || message || 'it failed';
}

function dropDispatcher(options: RequestInit): RequestInit {
  const rest = { ...options };
  Reflect.deleteProperty(rest, 'dispatcher');
  return rest;
}
