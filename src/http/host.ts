/**
 * Whether a request is for this installation. The provider builds its URLs from the Host header, so another
 * host gets 421 before the provider sees it, and the right host in another spelling is replaced by the
 * issuer's.
 */
const HOST_SYNTAX = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{0,5})?$/i;

/**
 * RFC 9110, 4.2.3: case does not matter, nor does the default port of the scheme. A trailing dot names the
 * same host in the DNS.
 *
 * @param protocol as in `URL`, `https:`
 * @returns the host as `URL` writes it, or null for an invalid one
 */
export function readHost(text: string | undefined, protocol: string): string | null {
  if (text === undefined || !HOST_SYNTAX.test(text)) return null;
  const withoutDot = text.replace(TRAILING_DOT, '$1');
  return URL.parse(`${protocol}//${withoutDot}`)?.host ?? null;
}

const TRAILING_DOT = /^([^[\]:]*[^[\]:.])\.(?=:|$)/;

/**
 * Browsers store its cookies separately from those of the host without the dot: a sign-in that began there
 * could not end.
 */
export function hasTrailingDot(host: string): boolean {
  return TRAILING_DOT.test(host);
}
