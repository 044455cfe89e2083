/**
 * The first bytes of a sealed value or a MAC: the id of its key, after a byte with the length of the id. In
 * a sealed value the highest bit of that byte says that its key was derived for one process.
 */

export const IS_DRAWN_FLAG = 0x80;

/** Longer than any head: the length of the id, and the id. */
export const HEAD_BYTES = 17;

const KID = /^[a-z][a-z0-9]{0,15}$/;

/** @param head the value, or at least its first 17 bytes. @returns null for a head that was damaged */
export function readHeadKid(head: Buffer): string | null {
  const length = (head[0] ?? 0) & ~IS_DRAWN_FLAG;
  const kid = head.subarray(1, 1 + length).toString('latin1');
  return kid.length === length && KID.test(kid) ? kid : null;
}

/** All heads of values that were made under this key. */
export function composeHeads(kid: string): readonly Buffer[] {
  const name = Buffer.from(kid);
  return [Buffer.of(name.length), Buffer.of(IS_DRAWN_FLAG | name.length)].map((first) =>
    Buffer.concat([first, name]),
  );
}
