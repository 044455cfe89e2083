/** Letters and digits that nobody takes for another: no 0 and o, no 1, i and l. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const LENGTH = 12;

/**
 * A temporary password, 12 characters, from a stream of bytes that is derived from a key and the letter's id: a reprint
 * is identical. Bytes from the largest multiple of 31 on are thrown away, so that the draw is even.
 * @param bytes the `block`th 32 bytes of the stream.
 */
export function temporaryPassword(bytes: (block: number) => Buffer): string {
  const limit = Math.floor(256 / ALPHABET.length) * ALPHABET.length;
  let drawn = '';
  for (let block = 0; drawn.length < LENGTH; block += 1) {
    for (const byte of bytes(block)) {
      if (byte < limit && drawn.length < LENGTH) drawn += ALPHABET[byte % ALPHABET.length];
    }
  }
  return drawn;
}

/** The form in which passwords are hashed and compared: NFC, nothing trimmed, case kept (NIST SP 800-63B-4). */
export function preparePassword(typed: string): string {
  return typed.normalize('NFC');
}
