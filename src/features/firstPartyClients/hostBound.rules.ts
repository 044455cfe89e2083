/**
 * 256 random bits as a cookie of one of our own sites has them: 43 signs of base64url, of which the last has
 * two bits too many. Nodes of the version before leave those at nothing. Here the lowest of them is set: such a
 * text counts in a browser that has a cookie with the prefix `__Host-` for it, which no sibling domain can set.
 */
const BASE64URL_SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CONTENT_LENGTH = 43;

/** @param random 32 bytes as base64url */
export function markHostBound(random: string): string {
  const last = BASE64URL_SIGNS.indexOf(random.charAt(CONTENT_LENGTH - 1));
  return random.slice(0, CONTENT_LENGTH - 1) + BASE64URL_SIGNS.charAt(last | 1);
}

export function isHostBound(text: string): boolean {
  return text.length === CONTENT_LENGTH && BASE64URL_SIGNS.indexOf(text.charAt(CONTENT_LENGTH - 1)) % 2 === 1;
}
