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
