/** The keys that sign ID tokens; the private part is sealed under its `kid`. */
import { sql, type Queryable } from '../../db/database.ts';

export type SigningKeyAlgorithm = 'ES256' | 'RS256';

export interface NewSigningKey {
  readonly kid: string;
  readonly alg: SigningKeyAlgorithm;
  readonly privateJwkSealed: Buffer;
}

export interface StoredSigningKey extends NewSigningKey {
  readonly state: 'next' | 'current' | 'retired';
  /** When the key entered its state. */
  readonly since: Date;
  /** How long it has been in its state when it was read, by the database's clock. */
  readonly ageSeconds: number;
}

interface SigningKeyRow {
  kid: string;
  alg: SigningKeyAlgorithm;
  state: StoredSigningKey['state'];
  since: Date;
  age_seconds: number;
  private_jwk_sealed: Buffer;
}

// The provider signs with the first key of an algorithm.
const LIST = sql`
  SELECT kid, alg, state, since, private_jwk_sealed,
    extract(epoch FROM clock_timestamp() - since)::float8 AS age_seconds
  FROM signing_keys
  ORDER BY alg, CASE state WHEN 'current' THEN 0 WHEN 'next' THEN 1 ELSE 2 END, since DESC`;

export async function listSigningKeys(db: Queryable): Promise<StoredSigningKey[]> {
  const { rows } = await db.query<SigningKeyRow>(LIST);
  return rows.map(({ kid, alg, state, since, age_seconds: ageSeconds, private_jwk_sealed }) => {
    return { kid, alg, state, since, ageSeconds, privateJwkSealed: private_jwk_sealed };
  });
}

// Every node runs this once a second, so it returns one short row and no private part.
const FINGERPRINT = sql`
  SELECT coalesce(md5(string_agg(concat_ws(' ', kid, state, extract(epoch FROM since)), ',' ORDER BY kid)), '')
    AS fingerprint
  FROM signing_keys`;

/** Returns a value that differs whenever a key was added, removed or changed its state. */
export async function fingerprintSigningKeys(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ fingerprint: string }>(FINGERPRINT);
  return rows[0]?.fingerprint ?? '';
}

const INSERT = sql`
  INSERT INTO signing_keys (kid, alg, state, private_jwk_sealed, since)
  VALUES ($1, $2, $3, $4, clock_timestamp())
  ON CONFLICT DO NOTHING`;

/**
 * Inserts a key. Unique indexes allow one `current` and one `next` for each algorithm. When two nodes start
 * on an empty database, one of them inserts, and both then read its key.
 * @returns whether this call inserted it.
 */
export async function insertSigningKey(
  db: Queryable,
  state: 'current' | 'next',
  { kid, alg, privateJwkSealed }: NewSigningKey,
): Promise<boolean> {
  return (await db.query(INSERT, [kid, alg, state, privateJwkSealed])).rowCount === 1;
}

const RETIRE = sql`
  UPDATE signing_keys SET state = 'retired', since = clock_timestamp() WHERE kid = $1 AND state = 'current'`;

/** @returns whether the key was still `current`. */
export async function retireSigningKey(db: Queryable, kid: string): Promise<boolean> {
  return (await db.query(RETIRE, [kid])).rowCount === 1;
}

const PROMOTE = sql`
  UPDATE signing_keys SET state = 'current', since = clock_timestamp() WHERE kid = $1 AND state = 'next'`;

/** Makes a `next` key the one that signs. @returns whether it was still `next`. */
export async function promoteSigningKey(db: Queryable, kid: string): Promise<boolean> {
  return (await db.query(PROMOTE, [kid])).rowCount === 1;
}

const WITHDRAW = sql`DELETE FROM signing_keys WHERE kid = $1 AND state = 'retired'`;

/** Deletes a retired key, which then verifies nothing. @returns false when no such retired key exists. */
export async function withdrawSigningKey(db: Queryable, kid: string): Promise<boolean> {
  return (await db.query(WITHDRAW, [kid])).rowCount === 1;
}
