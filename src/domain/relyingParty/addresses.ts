/**
 * URLs in a registration. A code is sent to a redirect URI, so a URL is accepted only in the spelling of the
 * URL standard: two parsers must not read it in two ways (RFC 9700, 2.1; RFC 8252 for native applications).
 */
import type { ClientProfile } from './policy.ts';

export interface AddressRules {
  /** Whether the loopback without TLS is accepted, as on a developer's machine: only in the sandbox. */
  readonly loopback: boolean;
  /** The issuer URL. A relying party cannot register a URL of Nøgle's own origin. */
  readonly issuer: string;
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** `localhost` may resolve to another host (RFC 8252, 8.3). */
const LOOPBACK_ADDRESSES: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]']);
const MAX_ADDRESS_LENGTH = 2_000;

/** The fault of a URL that a browser is redirected to; null if it has none. */
export function findRedirectFault(uri: string, profile: ClientProfile, rules: AddressRules): string | null {
  const url = parseAddress(uri);
  if (typeof url === 'string') return url;
  if (profile === 'native') {
    if (url.protocol === 'http:') {
      return LOOPBACK_ADDRESSES.has(url.hostname) ? null : 'http is for 127.0.0.1 and [::1] alone';
    }
    // A private scheme is a reversed domain name of the application, so that two applications do not share
    // one by chance.
    if (url.protocol !== 'https:') {
      return /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:$/.test(url.protocol)
        ? null
        : 'a scheme of its own has a dot in it: dk.example.app';
    }
  }
  return findWebUrlFault(url, rules);
}

/**
 * The fault of a URL on the web: one that Nøgle itself requests, a `jwks_uri` or `backchannel_logout_uri`, or
 * that a person follows, a `client_uri`; null if it has none.
 */
export function findWebAddressFault(uri: string, rules: AddressRules): string | null {
  const url = parseAddress(uri);
  return typeof url === 'string' ? url : findWebUrlFault(url, rules);
}

function findWebUrlFault(url: URL, { loopback, issuer }: AddressRules): string | null {
  if (loopback && url.protocol === 'http:' && LOOPBACK_NAMES.has(url.hostname)) {
    return url.port === '' ? 'the loopback needs a port' : findOwnAddressFault(url, issuer);
  }
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (!/^(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(url.hostname)) return 'must name a host by its DNS name';
  return findOwnAddressFault(url, issuer);
}

function findOwnAddressFault(url: URL, issuer: string): string | null {
  return url.origin === new URL(issuer).origin ? 'is an address of Nøgle itself' : null;
}

/** The parsed URL, or its fault. */
function parseAddress(uri: string): URL | string {
  if (uri.length > MAX_ADDRESS_LENGTH) return `is longer than ${MAX_ADDRESS_LENGTH} characters`;
  if (!/^[\x21-\x7e]+$/.test(uri)) return 'has signs that no address has';
  const url = URL.parse(uri);
  if (!url) return 'is no address';
  if (url.username !== '' || url.password !== '') return 'has a user name in it';
  if (uri.includes('#')) return 'has a fragment';
  if (uri.includes('\\')) return 'has a backslash';
  if (/%(?:2e|2f|5c|00|0a|0d)/i.test(uri)) return 'hides a dot, a slash or a line end';
  // Case, port, dots and empty paths must be in the standard's spelling; https://example.dk may omit the
  // final slash.
  if (url.href !== uri && url.href !== `${uri}/`) return `is not spelled as it is read: ${url.href}`;
  return url;
}
