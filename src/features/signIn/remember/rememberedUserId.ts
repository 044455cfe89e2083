/**
 * The user ID that a person lets their own computer remember, sealed in a cookie. It is set by a tick and
 * only after a full sign-in, so it names no one who did not prove to be that person, and it always has the
 * same length. It proves nothing: the page is filled in with it, and password and key are asked for as ever.
 * The id of the identity is beside the name: the box is ticked for its owner, and for no one else who comes.
 */
import type { Keyring } from '../../../platform/keyring.ts';

type CookieKeyring = Pick<Keyring, 'seal' | 'openBytes'>;

const CONTEXT = 'remembered user ID v1';
/** A user ID has at most 48 characters, of at most four bytes each. */
const MAX_BYTES = 192;

const ID_BYTES = 16;

export interface RememberedUserId {
  readonly userId: string;
  /** A UUID. */
  readonly identityId: string;
}

/** @returns null for a name that is too long to be anyone's */
export function sealUserId(keyring: CookieKeyring, { userId, identityId }: RememberedUserId): string | null {
  const bytes = Buffer.from(userId, 'utf8');
  if (bytes.length > MAX_BYTES) return null;
  const padded = Buffer.alloc(1 + MAX_BYTES + ID_BYTES);
  padded[0] = bytes.length;
  bytes.copy(padded, 1);
  Buffer.from(identityId.replaceAll('-', ''), 'hex').copy(padded, 1 + MAX_BYTES);
  return keyring.seal('cookies', padded, CONTEXT).toString('base64url');
}

/** @returns null for a cookie that is damaged, forged, or sealed under a key that is no longer there */
export function openUserId(keyring: CookieKeyring, sealed: string): RememberedUserId | null {
  try {
    const padded = keyring.openBytes('cookies', Buffer.from(sealed, 'base64url'), CONTEXT);
    const userId = padded.subarray(1, 1 + padded.readUInt8(0)).toString('utf8');
    const id = padded.subarray(1 + MAX_BYTES).toString('hex');
    return { userId, identityId: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
  } catch {
    return null;
  }
}
