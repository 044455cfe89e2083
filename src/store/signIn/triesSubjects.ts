/**
 * The subjects of a person's rows of tries, kept beside the identity and its known browsers: filled in where
 * an earlier version kept none.
 */
import { sql, type Queryable } from '../database.ts';

const FIND_UNFILLED = sql`SELECT id FROM identities WHERE password_tries IS NULL LIMIT $1`;

/** People who were registered by a version that kept no subjects of tries. */
export async function findUnfilled(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(FIND_UNFILLED, [limit]);
  return rows.map(({ id }) => id);
}

const FILL = sql`
  UPDATE identities i SET password_tries = t.password, key_tries = t.key
  FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS t (id, password, key)
  WHERE i.id = t.id AND i.password_tries IS NULL`;

export async function fillTriesOfMany(
  db: Queryable,
  people: readonly { readonly id: string; readonly password: Buffer; readonly key: Buffer }[],
): Promise<void> {
  await db.query(FILL, [
    people.map(({ id }) => id),
    people.map(({ password }) => password),
    people.map(({ key }) => key),
  ]);
}

const FILL_BROWSER = sql`
  UPDATE known_browsers SET tries = $3 WHERE browser = $1 AND identity_id = $2 AND tries IS NULL`;

export async function fillTriesOfBrowser(
  db: Queryable,
  browser: Buffer,
  identityId: string,
  subject: Buffer,
): Promise<void> {
  await db.query(FILL_BROWSER, [browser, identityId, subject]);
}
