/**
 * The stored form of client secrets: a keyed hash, which may be fast because the secret is long and random.
 * The text states that it is a hash and which key made it, so it is never taken for a secret, hashed again,
 * or lost when the ring gets a new key.
 */
import { timingSafeEqual } from 'node:crypto';
import { drawSecret, type Random } from '../random.ts';

/** The key ring of the hashes. */
interface ClientSecretKeyring {
  currentKid(use: 'clientSecrets'): string;
  oldestKid(use: 'clientSecrets' | 'records'): string;
  hmac(use: 'clientSecrets' | 'records', data: string, kid: string): Buffer;
}

/** `hmac-sha256:<kid>:<43 characters of base64url>` */
const HASHED_SECRET = /^hmac-sha256:([a-z][a-z0-9]{0,15}):([A-Za-z0-9_-]{43})$/;

/** The form of earlier versions: under the first key of the ring, which is not named. */
const PLAIN_SECRET = /^()?([A-Za-z0-9_-]{43})$/;

/** A random client secret: 256 bits, 43 characters of base64url. */
export function drawClientSecret(random: Random): string {
  return drawSecret(random);
}

/** The stored form of a client secret. */
export function hashClientSecret(ring: ClientSecretKeyring, secret: string): string {
  const kid = ring.currentKid('clientSecrets');
  return `hmac-sha256:${kid}:${ring.hmac('clientSecrets', secret, kid).toString('base64url')}`;
}

export function isHashedSecret(text: string): boolean {
  return HASHED_SECRET.test(text);
}

/**
 * Verifies a client secret.
 * @param stored as `hashClientSecret` or an earlier version made it; any other text matches no secret
 */
export function isClientSecret(ring: ClientSecretKeyring, secret: string, stored: string): boolean {
  const [, kid = ring.oldestKid('clientSecrets'), hash] =
    HASHED_SECRET.exec(stored) ?? PLAIN_SECRET.exec(stored) ?? [];
  if (!hash) return false;
  return timingSafeEqual(ring.hmac('clientSecrets', secret, kid), Buffer.from(hash, 'base64url'));
}

/** The stored form of an initial access token: a reader of the database cannot register with it. */
export function hashInitialAccessToken(ring: ClientSecretKeyring, token: string): Buffer {
  return ring.hmac('records', `initial access token ${token}`, ring.oldestKid('records'));
}
