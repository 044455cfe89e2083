/**
 * The 256 random bits of a first-party client's cookie are 43 base64url characters, of which the last has two
 * unused bits. Nodes of the previous version leave those at zero. This version sets the lowest of them: such
 * a value is accepted only from a browser that also has a `__Host-` cookie for it, which no sibling domain
 * can set.
 */
const BASE64URL_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CONTENT_LENGTH = 43;

/** @param random 32 bytes as base64url */
export function markHostBound(random: string): string {
  const last = BASE64URL_ALPHABET.indexOf(random.charAt(CONTENT_LENGTH - 1));
  return random.slice(0, CONTENT_LENGTH - 1) + BASE64URL_ALPHABET.charAt(last | 1);
}

export function isHostBound(text: string): boolean {
  return (
    text.length === CONTENT_LENGTH && BASE64URL_ALPHABET.indexOf(text.charAt(CONTENT_LENGTH - 1)) % 2 === 1
  );
}
