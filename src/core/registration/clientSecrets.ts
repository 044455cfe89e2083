/**
 * Client secrets as they are kept: a keyed hash, fast, for the secret is random and long. It says of itself what it is
 * and which key made it, so that it is never taken for a secret, hashed again, or lost when the ring gets a new key.
 */
import { timingSafeEqual } from 'node:crypto';
import { drawSecret, type Dice } from '../dice.ts';

/** The ring of keys that they are hashed under. */
interface Ring {
  currentKid(use: 'clientSecrets'): string;
  oldestKid(use: 'records'): string;
  hmac(use: 'clientSecrets' | 'records', data: string, kid: string): Buffer;
}

/** `hmac-sha256:<kid>:<43 characters of base64url>` */
const KEPT = /^hmac-sha256:([a-z][a-z0-9]{0,15}):([A-Za-z0-9_-]{43})$/;

/** As earlier versions kept it: under the ring's current key, which nothing names. */
const BARE = /^()?([A-Za-z0-9_-]{43})$/;

/** 256 bits, base64url: 43 characters. */
export function drawClientSecret(dice: Dice): string {
  return drawSecret(dice);
}

/** The only form in which a client secret is kept. */
export function hashClientSecret(ring: Ring, secret: string): string {
  const kid = ring.currentKid('clientSecrets');
  return `hmac-sha256:${kid}:${ring.hmac('clientSecrets', secret, kid).toString('base64url')}`;
}

export function isHashedSecret(text: string): boolean {
  return KEPT.test(text);
}

/** @param kept as `hashClientSecret` gave it; anything else is the secret of nobody. */
export function isClientSecret(ring: Ring, given: string, kept: string): boolean {
  const [, kid = ring.currentKid('clientSecrets'), hash] = KEPT.exec(kept) ?? BARE.exec(kept) ?? [];
  if (!hash) return false;
  return timingSafeEqual(ring.hmac('clientSecrets', given, kid), Buffer.from(hash, 'base64url'));
}

/** Under which the token for one registration is kept: whoever reads the database cannot register with it. */
export function initialAccessTokenId(ring: Ring, token: string): Buffer {
  return ring.hmac('records', `initial access token ${token}`, ring.oldestKid('records'));
}
