/**
 * A security key or a passkey: a WebAuthn credential (W3C Web Authentication, level 3). Nøgle stores its
 * public key; the private key never leaves the person's devices.
 */
import type { Factor } from '../signIn/levels.ts';

/** How many a person may have that have not ended. */
export const MAX_SECURITY_KEYS = 10;
/** Characters. */
export const MAX_SECURITY_KEY_NAME = 60;
/**
 * How long a security key waits before it is accepted, unless another way to sign in than a card's key
 * confirmed it: a key can be tricked out of a person, who has this time to stop it.
 */
export const SECURITY_KEY_WAIT_MS = 24 * 60 * 60_000;

/**
 * The user handle of a person's credentials: the 16 bytes of the identity's UUID. It names the ID to its
 * authenticator, and says nothing of the person.
 */
export function composeUserHandle(identityId: string): Buffer<ArrayBuffer> {
  return Buffer.from(identityId.replaceAll('-', ''), 'hex');
}

export interface SecurityKey {
  readonly id: string;
  readonly identityId: string;
  readonly credentialId: Buffer;
  /** In the form of COSE (RFC 9053). */
  readonly publicKey: Buffer;
  /** How often it has signed, by its own count; 0 when it does not count. */
  readonly signCount: number;
  /** How browsers reach it (WebAuthn, 5.8.4). */
  readonly transports: readonly string[];
  /** It may be backed up, and be on several devices. */
  readonly isSynced: boolean;
  /** Its maker vouched for a model that the settings list. */
  readonly isAttested: boolean;
  readonly countsFrom: Date;
}

/** Why an answer for a security key was not accepted. */
export const SECURITY_KEY_FAULTS = [
  /** Not this person's, not of this page, or not signed by it. */
  'not_accepted',
  /** Its user was not verified: no PIN, fingerprint or face. */
  'not_verified',
  /** Its counter fell: there may be a copy of it. */
  'copied',
  /** It was added less than a day ago. */
  'waiting',
  /** Not what a browser sends. */
  'malformed',
] as const;
export type SecurityKeyFault = (typeof SECURITY_KEY_FAULTS)[number];

/** Those that are accepted now. */
export function listCountingKeys<Key extends Pick<SecurityKey, 'countsFrom'>>(
  keys: readonly Key[],
  now: Date,
): Key[] {
  return keys.filter(({ countsFrom }) => countsFrom <= now);
}

/** Where it was added. */
export const SECURITY_KEY_PLACES = ['self_service', 'desk', 'activation'] as const;
export type SecurityKeyPlace = (typeof SECURITY_KEY_PLACES)[number];

/** `stopped`: within its wait. `removed`: later. `blocked`: with the ID. `replaced`: by the desk. */
export type SecurityKeyEnd = 'stopped' | 'removed' | 'blocked' | 'replaced';

/** What an authenticator created, once the answer of the browser was verified. */
export interface CreatedSecurityKey
  extends Omit<SecurityKey, 'id' | 'identityId' | 'countsFrom' | 'signCount'> {
  readonly signCount: number;
  /** The model, a UUID; zeros where it was not told. */
  readonly aaguid: string;
  readonly isDiscoverable: boolean;
  readonly isBackedUp: boolean;
}

/** A security key as its person sees it. */
export interface ListedSecurityKey extends Pick<CreatedSecurityKey, 'isSynced' | 'isAttested' | 'aaguid'> {
  readonly id: string;
  readonly credentialId: Buffer;
  readonly transports: readonly string[];
  readonly name: string;
  readonly isDiscoverable: boolean;
  readonly addedAt: Date;
  readonly addedBy: SecurityKeyPlace;
  readonly countsFrom: Date;
  readonly lastUsedAt: Date | null;
  readonly endedAt: Date | null;
  readonly endReason: SecurityKeyEnd | null;
}

export type SecurityKeyRefusal =
  | 'security_key_known'
  | 'too_many_security_keys'
  /** Under 15, and no officer has checked the guardian. */
  | 'needs_guardian';

/** In the form in which it waits, sealed, for a confirmation: bytes as base64url. */
export type PackedSecurityKey = Omit<CreatedSecurityKey, 'credentialId' | 'publicKey' | 'transports'> & {
  readonly credentialId: string;
  readonly publicKey: string;
  readonly transports: string[];
};

export function packSecurityKey({
  credentialId,
  publicKey,
  transports,
  ...rest
}: CreatedSecurityKey): PackedSecurityKey {
  return {
    ...rest,
    credentialId: credentialId.toString('base64url'),
    publicKey: publicKey.toString('base64url'),
    transports: [...transports],
  };
}

export function unpackSecurityKey({
  credentialId,
  publicKey,
  ...rest
}: PackedSecurityKey): CreatedSecurityKey {
  return {
    ...rest,
    credentialId: Buffer.from(credentialId, 'base64url'),
    publicKey: Buffer.from(publicKey, 'base64url'),
  };
}

/** By how much the clocks of nodes and database may differ, and a little more. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * When a new one counts. It waits, unless a second officer or a second way of the person confirmed it: one
 * officer alone, or a key of the card that was tricked out of a person, gives no one a way in before its
 * person was told. One that was confirmed counts by every clock at once.
 */
export function readCountsFrom(isConfirmed: boolean, now: Date): Date {
  return new Date(now.getTime() + (isConfirmed ? -CLOCKS_DIFFER_MS : SECURITY_KEY_WAIT_MS));
}

/**
 * What confirmed an addition beside a key of the card: a second way that the person signs in with already.
 * `id`: of the security key or the code token.
 */
export interface ConfirmingWay {
  readonly factor: Exclude<Factor, 'password' | 'card_key'>;
  readonly id: string;
}

/** How an active security key ends when it is taken away: one that waits is stopped. */
export function readEndReason(countsFrom: Date, now: Date): 'stopped' | 'removed' {
  return countsFrom > now ? 'stopped' : 'removed';
}

export type SecurityKeyNameFault = 'empty' | 'too_long';

/** @param typed one line, as forms are read. Characters are counted as people see them in the column. */
export function readSecurityKeyName(
  typed: string,
): { readonly name: string } | { readonly why: SecurityKeyNameFault } {
  const name = typed
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .normalize('NFC');
  if (name === '') return { why: 'empty' };
  return [...name].length > MAX_SECURITY_KEY_NAME ? { why: 'too_long' } : { name };
}

/** The factor as which it counts. */
export function factorOf({ isSynced, isAttested }: Pick<SecurityKey, 'isSynced' | 'isAttested'>): Factor {
  if (isSynced) return 'passkey';
  return isAttested ? 'attested_key' : 'security_key';
}

/**
 * Whether a counter is one that a copy of the key would show: it must grow, unless the key does not count
 * (WebAuthn, 6.1.1).
 */
export function isCounterFallen(before: number, after: number): boolean {
  return (before > 0 || after > 0) && after <= before;
}
