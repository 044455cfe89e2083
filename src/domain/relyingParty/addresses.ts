/**
 * Addresses in a registration. A code is sent to a redirect URI, so none is taken that two readers could read in two
 * ways: only what is spelled as the URL standard would spell it (RFC 9700, 2.1; RFC 8252 for applications).
 */
import type { ClientProfile } from './policy.ts';

export interface AddressRules {
  /** The loopback without TLS, as everywhere on a developer's machine: in the sandbox. */
  readonly loopback: boolean;
  /** Nobody else's address lies below ours. */
  readonly issuer: string;
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** `localhost` may be made to lead elsewhere (RFC 8252, 8.3). */
const LOOPBACK_ADDRESSES: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]']);
const MAX_ADDRESS_LENGTH = 2_000;

/** What is wrong with an address that a browser is sent to; null if nothing is. */
export function findRedirectFault(uri: string, profile: ClientProfile, rules: AddressRules): string | null {
  const url = parseAddress(uri);
  if (typeof url === 'string') return url;
  if (profile === 'native') {
    if (url.protocol === 'http:') {
      return LOOPBACK_ADDRESSES.has(url.hostname) ? null : 'http is for 127.0.0.1 and [::1] alone';
    }
    // A private scheme is a name of the application's own, turned round: no other can have it by chance.
    if (url.protocol !== 'https:') {
      return /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:$/.test(url.protocol)
        ? null
        : 'a scheme of its own has a dot in it: dk.example.app';
    }
  }
  return findWebAddressFault(url, rules);
}

/** What is wrong with an address that Nøgle itself asks: where keys lie, and where log-outs are told. */
export function findServerAddressFault(uri: string, rules: AddressRules): string | null {
  const url = parseAddress(uri);
  return typeof url === 'string' ? url : findWebAddressFault(url, rules);
}

function findWebAddressFault(url: URL, { loopback, issuer }: AddressRules): string | null {
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

/** The address, or why it is none. */
function parseAddress(uri: string): URL | string {
  if (uri.length > MAX_ADDRESS_LENGTH) return `is longer than ${MAX_ADDRESS_LENGTH} characters`;
  if (!/^[\x21-\x7e]+$/.test(uri)) return 'has signs that no address has';
  const url = URL.parse(uri);
  if (!url) return 'is no address';
  if (url.username !== '' || url.password !== '') return 'has a user name in it';
  if (uri.includes('#')) return 'has a fragment';
  if (uri.includes('\\')) return 'has a backslash';
  if (/%(?:2e|2f|5c|00|0a|0d)/i.test(uri)) return 'hides a dot, a slash or a line end';
  // Case, port, dots and empty paths as the standard writes them; https://example.dk is the one with a slash less.
  if (url.href !== uri && url.href !== `${uri}/`) return `is not spelled as it is read: ${url.href}`;
  return url;
}
