/**
 * Client secrets as they are kept: a keyed hash, fast, for the secret is random and long. It says of itself what it is
 * and which key made it, so that it is never taken for a secret, hashed again, or lost when the ring gets a new key.
 */
import { timingSafeEqual } from 'node:crypto';
import { drawSecret, type Random } from '../random.ts';

/** The ring of keys that they are hashed under. */
interface ClientSecretKeyring {
  currentKid(use: 'clientSecrets'): string;
  oldestKid(use: 'records'): string;
  hmac(use: 'clientSecrets' | 'records', data: string, kid: string): Buffer;
}

/** `hmac-sha256:<kid>:<43 characters of base64url>` */
const HASHED_SECRET = /^hmac-sha256:([a-z][a-z0-9]{0,15}):([A-Za-z0-9_-]{43})$/;

/** As earlier versions kept it: under the ring's current key, which nothing names. */
const PLAIN_SECRET = /^()?([A-Za-z0-9_-]{43})$/;

/** 256 bits, base64url: 43 characters. */
export function drawClientSecret(random: Random): string {
  return drawSecret(random);
}

/** The only form in which a client secret is kept. */
export function hashClientSecret(ring: ClientSecretKeyring, secret: string): string {
  const kid = ring.currentKid('clientSecrets');
  return `hmac-sha256:${kid}:${ring.hmac('clientSecrets', secret, kid).toString('base64url')}`;
}

export function isHashedSecret(text: string): boolean {
  return HASHED_SECRET.test(text);
}

/** @param stored as `hashClientSecret` gave it; anything else is the secret of nobody. */
export function isClientSecret(ring: ClientSecretKeyring, given: string, stored: string): boolean {
  const [, kid = ring.currentKid('clientSecrets'), hash] =
    HASHED_SECRET.exec(stored) ?? PLAIN_SECRET.exec(stored) ?? [];
  if (!hash) return false;
  return timingSafeEqual(ring.hmac('clientSecrets', given, kid), Buffer.from(hash, 'base64url'));
}

/** Under which the token for one registration is kept: whoever reads the database cannot register with it. */
export function hashInitialAccessToken(ring: ClientSecretKeyring, token: string): Buffer {
  return ring.hmac('records', `initial access token ${token}`, ring.oldestKid('records'));
}
