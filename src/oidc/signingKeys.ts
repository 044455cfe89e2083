/** The keys that sign ID tokens: ES256 by default, and an RS256 key beside it for those who know no other. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Keyring } from '../platform/keyring.ts';
import type { Database } from '../store/database.ts';
import { insertFirstSigningKey, listSigningKeys, type SigningAlgorithm } from '../store/signingKeys.ts';

export const SIGNING_ALGORITHMS: readonly SigningAlgorithm[] = ['ES256', 'RS256'];

/** Private keys as the engine wants them; makes the first ones on an empty database. */
export async function loadSigningKeys(database: Database, keyring: Keyring): Promise<{ keys: JWK[] }> {
  let stored = await listSigningKeys(database);
  const missing = SIGNING_ALGORITHMS.filter(
    (alg) => !stored.some((key) => key.alg === alg && key.state === 'current'),
  );
  if (missing.length > 0) {
    for (const alg of missing) await makeFirst(database, keyring, alg);
    stored = await listSigningKeys(database);
  }
  return {
    keys: stored.map(({ kid, alg, privateJwkSealed }) => ({
      ...(JSON.parse(keyring.open('seal', privateJwkSealed, `signing key ${kid}`)) as JWK),
      kid,
      alg,
      use: 'sig',
    })),
  };
}

async function makeFirst(database: Database, keyring: Keyring, alg: SigningAlgorithm): Promise<void> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  const privateJwkSealed = keyring.seal('seal', JSON.stringify(jwk), `signing key ${kid}`);
  await insertFirstSigningKey(database, { kid, alg, privateJwkSealed });
}
