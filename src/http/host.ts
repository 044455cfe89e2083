/**
 * Whether a request is for us. The provider builds its addresses from the Host header, so what is not ours is 421 before the
 * provider sees it, and what is ours in another spelling is written as the issuer has it.
 */
const HOST_SYNTAX = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{0,5})?$/i;

/**
 * RFC 9110, 4.2.3: case does not matter, nor does the default port of the scheme. A dot at the end names the same host
 * in the DNS.
 *
 * @param protocol as in `URL`, `https:`
 * @returns the host as `URL` writes it, or null for what names none
 */
export function readHost(text: string | undefined, protocol: string): string | null {
  if (text === undefined || !HOST_SYNTAX.test(text)) return null;
  const withoutDot = text.replace(TRAILING_DOT, '$1');
  return URL.parse(`${protocol}//${withoutDot}`)?.host ?? null;
}

const TRAILING_DOT = /^([^[\]:]*[^[\]:.])\.(?=:|$)/;

/** Browsers keep its cookies apart from those of the host without the dot: no sign-in that began there could end. */
export function hasTrailingDot(host: string): boolean {
  return TRAILING_DOT.test(host);
}
