/**
 * The keys that sign ID tokens: ES256 by default, and RS256 for relying parties that support nothing else.
 * Each algorithm has one `current` key that signs, one `next` key that is published before it signs, and
 * retired keys, which only verify.
 */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { DamagedSeal } from '../../domain/damagedSeal.ts';
import type { Keyring } from '../../platform/keyring.ts';
import type { Database } from '../../db/database.ts';
import {
  fingerprintSigningKeys,
  insertSigningKey,
  listSigningKeys,
  type NewSigningKey,
  type SigningKeyAlgorithm,
} from './signingKeys.queries.ts';

export const SIGNING_ALGORITHMS: readonly SigningKeyAlgorithm[] = ['ES256', 'RS256'];

/** An ID token is valid for ten minutes. After that only Nøgle verifies it, as an `id_token_hint`. */
const SHOWN_AFTER_RETIREMENT_SECONDS = 3600;

/** All keys as they were at one moment. */
export interface SigningKeys {
  readonly fingerprint: string;
  /** Private keys in the provider's format; it signs with the first one of an algorithm. */
  readonly jwks: { keys: JWK[] };
  /** Keys that do not sign and whose rows are damaged: they are left out, and verify nothing. */
  readonly damaged: readonly DamagedSeal[];
  /** Whether relying parties see the key at the JWKS endpoint. */
  readonly isShown: (kid: string) => boolean;
}

/**
 * Called at start. Creates the keys that are missing, on an empty database or on one of a version without
 * `next` keys.
 */
export async function loadSigningKeys(database: Database, keyring: Keyring): Promise<SigningKeys> {
  const stored = await listSigningKeys(database);
  const missing = SIGNING_ALGORITHMS.flatMap((alg) =>
    (['current', 'next'] as const)
      .filter((state) => !stored.some((key) => key.alg === alg && key.state === state))
      .map((state) => ({ alg, state })),
  );
  await Promise.all(
    missing.map(async ({ alg, state }) =>
      insertSigningKey(database, state, await generateSigningKey(keyring, alg)),
    ),
  );
  return await readSigningKeys(database, keyring);
}

/**
 * @throws Error when an algorithm has no current key: the provider would sign with another one.
 * @throws DamagedSeal when the row of a current key is damaged
 */
export async function readSigningKeys(database: Database, keyring: Keyring): Promise<SigningKeys> {
  // The fingerprint is read first: a change between the two queries is then found again at the next check.
  const fingerprint = await fingerprintSigningKeys(database);
  const stored = await listSigningKeys(database);
  for (const alg of SIGNING_ALGORITHMS) {
    const first = stored.find((key) => key.alg === alg);
    if (first?.state !== 'current') throw new Error(`there is no current signing key for ${alg}`);
  }
  const damaged: DamagedSeal[] = [];
  const keys = stored.flatMap(({ kid, alg, state, privateJwkSealed }) => {
    try {
      const text = keyring.open('seal', privateJwkSealed, composeSigningKeyContext(kid));
      return [{ ...(JSON.parse(text) as JWK), kid, alg, use: 'sig' }];
    } catch (error) {
      if (state === 'current' || !(error instanceof DamagedSeal)) throw error;
      damaged.push(error);
      return [];
    }
  });
  // Ages come from the database's clock, and grow by a monotonic clock, which no one can set.
  const readAt = performance.now();
  const hiddenAt = new Map(
    stored.map(({ kid, state, ageSeconds }) => {
      const seconds = state === 'retired' ? SHOWN_AFTER_RETIREMENT_SECONDS - ageSeconds : Infinity;
      return [kid, readAt + seconds * 1000];
    }),
  );
  return {
    fingerprint,
    isShown: (kid) => performance.now() < (hiddenAt.get(kid) ?? -Infinity),
    damaged,
    jwks: { keys },
  };
}

export async function generateSigningKey(keyring: Keyring, alg: SigningKeyAlgorithm): Promise<NewSigningKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    kid,
    alg,
    privateJwkSealed: keyring.seal('seal', JSON.stringify(jwk), composeSigningKeyContext(kid)),
  };
}

/** @throws DamagedSeal */
export function assertSigningKeyOpens(
  keyring: Keyring,
  { kid, privateJwkSealed }: Pick<NewSigningKey, 'kid' | 'privateJwkSealed'>,
): void {
  keyring.open('seal', privateJwkSealed, composeSigningKeyContext(kid));
}

export function composeSigningKeyContext(kid: string): string {
  return `signing key ${kid}`;
}
