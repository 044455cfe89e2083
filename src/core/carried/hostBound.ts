/**
 * 256 random bits as a cookie of one of our own sites has them: 43 signs of base64url, of which the last has
 * two bits too many. Nodes of the version before leave those at nothing. Here the lowest of them is set: such a
 * text counts in a browser that has a cookie with the prefix `__Host-` for it, which no sibling domain can set.
 */
const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LENGTH = 43;

/** @param random 32 bytes as base64url */
export function markHostBound(random: string): string {
  const last = SIGNS.indexOf(random.charAt(LENGTH - 1));
  return random.slice(0, LENGTH - 1) + SIGNS.charAt(last | 1);
}

export function isHostBound(text: string): boolean {
  return text.length === LENGTH && SIGNS.indexOf(text.charAt(LENGTH - 1)) % 2 === 1;
}
