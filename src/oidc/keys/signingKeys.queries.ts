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
  /** Since when it is in its state. */
  readonly since: Date;
  /** For how long, by the database's own clock, at the moment of reading. */
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

// The first key of an algorithm is the one that the engine signs with.
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

// Every node asks this once a second: no private part, one short row.
const FINGERPRINT = sql`
  SELECT coalesce(md5(string_agg(concat_ws(' ', kid, state, extract(epoch FROM since)), ',' ORDER BY kid)), '')
    AS fingerprint
  FROM signing_keys`;

/** Another one whenever a key came, went or changed its state. */
export async function fingerprintSigningKeys(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ fingerprint: string }>(FINGERPRINT);
  return rows[0]?.fingerprint ?? '';
}

const INSERT = sql`
  INSERT INTO signing_keys (kid, alg, state, private_jwk_sealed, since)
  VALUES ($1, $2, $3, $4, clock_timestamp())
  ON CONFLICT DO NOTHING`;

/**
 * One `current` and one `next` for each algorithm: unique indexes hold it. Of two nodes that start on an empty
 * database one wins, and both then read the winner's key. @returns whether it was this one.
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

/** @returns whether it was still signing. */
export async function retireSigningKey(db: Queryable, kid: string): Promise<boolean> {
  return (await db.query(RETIRE, [kid])).rowCount === 1;
}

const PROMOTE = sql`
  UPDATE signing_keys SET state = 'current', since = clock_timestamp() WHERE kid = $1 AND state = 'next'`;

/** From now on it signs. @returns whether it was still waiting for that. */
export async function promoteSigningKey(db: Queryable, kid: string): Promise<boolean> {
  return (await db.query(PROMOTE, [kid])).rowCount === 1;
}

const WITHDRAW = sql`DELETE FROM signing_keys WHERE kid = $1 AND state = 'retired'`;

/** It verifies nothing any more. @returns false when there is no such retired key. */
export async function withdrawSigningKey(db: Queryable, kid: string): Promise<boolean> {
  return (await db.query(WITHDRAW, [kid])).rowCount === 1;
}
