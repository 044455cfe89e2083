/**
 * Hashes passwords. The hash is computed over a keyed value of the identity and the password: a hash is not
 * valid for another identity, and guessing at a stolen table requires the key ring too. The stored text names
 * its key: `keyed:<kid>$argon2id$...`. A text without it (`$argon2id$...`) is over the password only, as all
 * previous versions wrote it.
 */
import { createHmac } from 'node:crypto';
import type { HashingOptions } from '../../platform/hashing/passwordHasher.ts';
import { assertPasswordBound } from '../../db/binding/identityMac.ts';
import type { AppContext } from '../appContext.ts';

const KEYED_PREFIX = 'keyed:';

type PasswordHashingDeps = Pick<AppContext, 'keyring' | 'hasher' | 'database'>;

/**
 * @param password NFC, as `domain/signIn/password.ts` prepares it
 * @returns the text to store
 * @throws HashingQueueFull, HashingAborted
 */
export async function hashPassword(
  context: PasswordHashingDeps,
  identityId: string,
  password: string,
  options: HashingOptions = {},
): Promise<string> {
  return await composeStoredHash(context, identityId, password, (text) => context.hasher.hash(text, options));
}

/** Like `hashPassword`, at a priority that never delays a person who waits. */
export async function rehashPassword(
  context: PasswordHashingDeps,
  identityId: string,
  password: string,
  signal: AbortSignal,
): Promise<string> {
  return await composeStoredHash(context, identityId, password, (text) =>
    context.hasher.rehash(text, signal),
  );
}

async function composeStoredHash(
  { keyring, database }: PasswordHashingDeps,
  identityId: string,
  password: string,
  hash: (text: string) => Promise<string>,
): Promise<string> {
  if (database.rowAuthenticator.mode === 'read') return await hash(password);
  const kid = keyring.currentKid('seal');
  const key = keyring.deriveKey('seal', 'passwords', kid);
  return `${KEYED_PREFIX}${kid}${await hash(composeKeyedPassword(key, identityId, password))}`;
}

export interface PasswordToVerify {
  /** Null for an unknown name. */
  readonly identityId: string | null;
  readonly stored: string | null;
  /** The hash belongs to a temporary password, and is authenticated by its letter. */
  readonly isOfLetter?: boolean;
}

/**
 * Costs the same for either form of the hash, and when there is nothing to verify against. Anyone with write
 * access to the database could have written a hash that is not keyed: where rows must have a MAC, a right
 * password of that form is accepted only with the hash of the authenticated row.
 * @throws HashingQueueFull, HashingAborted, RowMacMismatch
 */
export async function verifyPassword(
  context: PasswordHashingDeps,
  { identityId, stored, isOfLetter = false }: PasswordToVerify,
  password: string,
  options: HashingOptions,
): Promise<boolean> {
  const { keyring, hasher, database } = context;
  const { kid, phc } = parseStoredHash(stored);
  const ofHash = kid === null ? null : keyring.derivePasswordKey(kid);
  const key = ofHash ?? keyring.deriveKey('seal', 'passwords');
  const keyed = composeKeyedPassword(key, identityId ?? '', password);
  if (kid !== null && ofHash === null) return await hasher.verify(null, keyed, options);
  // A key was retired because it may be known: a hash under it is worth as little as one that is not keyed.
  const isTrustedKey = kid !== null && keyring.hasKey('seal', kid);
  if (!(await hasher.verify(phc, kid === null ? password : keyed, options))) return false;
  if (isTrustedKey) return true;
  if (identityId !== null && !isOfLetter) await assertPasswordBound(database, identityId, stored);
  return true;
}

/** Returns true for a hash with other settings, over the password only, or under a previous key. */
export function isRehashNeeded({ keyring, hasher, database }: PasswordHashingDeps, stored: string): boolean {
  const { kid, phc } = parseStoredHash(stored);
  if (phc !== null && hasher.isRehashNeeded(phc)) return true;
  return database.rowAuthenticator.mode !== 'read' && kid !== keyring.currentKid('seal');
}

function parseStoredHash(stored: string | null): { kid: string | null; phc: string | null } {
  if (stored === null || !stored.startsWith(KEYED_PREFIX)) return { kid: null, phc: stored };
  const end = stored.indexOf('$');
  return { kid: stored.slice(KEYED_PREFIX.length, end), phc: stored.slice(end) };
}

function composeKeyedPassword(key: Buffer, identityId: string, password: string): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([identityId, password]))
    .digest('base64url');
}
