/** The keys that sign ID tokens; the private part is sealed under its `kid`. */
import { sql, type Queryable } from './database.ts';

export type SigningAlgorithm = 'ES256' | 'RS256';

export interface StoredSigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly state: 'next' | 'current' | 'retired';
  readonly privateJwkSealed: Buffer;
}

interface Row {
  kid: string;
  alg: SigningAlgorithm;
  state: StoredSigningKey['state'];
  private_jwk_sealed: Buffer;
}

// The first key of an algorithm is the one that the engine signs with.
const LIST = sql`
  SELECT kid, alg, state, private_jwk_sealed FROM signing_keys
  ORDER BY alg, CASE state WHEN 'current' THEN 0 WHEN 'next' THEN 1 ELSE 2 END, created_at DESC`;

export async function listSigningKeys(db: Queryable): Promise<StoredSigningKey[]> {
  const { rows } = await db.query<Row>(LIST);
  return rows.map(({ private_jwk_sealed, ...row }) => ({ ...row, privateJwkSealed: private_jwk_sealed }));
}

const INSERT_CURRENT = sql`
  INSERT INTO signing_keys (kid, alg, state, private_jwk_sealed) VALUES ($1, $2, 'current', $3)
  ON CONFLICT DO NOTHING`;

/** Of two nodes that start on an empty database one wins; both then read the winner's key. */
export async function insertFirstSigningKey(
  db: Queryable,
  key: { kid: string; alg: SigningAlgorithm; privateJwkSealed: Buffer },
): Promise<void> {
  await db.query(INSERT_CURRENT, [key.kid, key.alg, key.privateJwkSealed]);
}
