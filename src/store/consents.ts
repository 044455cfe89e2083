/** What a person has agreed that a relying party may have: one row for the two, with the scopes. */
import { sql, type Queryable } from './database.ts';

const FIND = sql`SELECT scopes FROM consents WHERE identity_id = $1 AND client_id = $2`;

/** The scopes that were agreed to; empty where nothing was. */
export async function findConsent(db: Queryable, identityId: string, clientId: string): Promise<string[]> {
  const { rows } = await db.query<{ scopes: string[] }>(FIND, [identityId, clientId]);
  return rows[0]?.scopes ?? [];
}

const SAVE = sql`
  INSERT INTO consents AS c (identity_id, client_id, scopes, given_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (identity_id, client_id) DO UPDATE SET
    scopes = ARRAY(SELECT DISTINCT unnest(c.scopes || excluded.scopes) ORDER BY 1), given_at = excluded.given_at`;

/** Adds to what was agreed before. */
export async function saveConsent(
  db: Queryable,
  consent: { identityId: string; clientId: string; scopes: readonly string[]; givenAt: Date },
): Promise<void> {
  await db.query(SAVE, [consent.identityId, consent.clientId, consent.scopes, consent.givenAt]);
}

const WITHDRAW = sql`
  UPDATE consents SET scopes = ARRAY(SELECT unnest(scopes) EXCEPT SELECT unnest($3::text[]))
  WHERE identity_id = $1 AND client_id = $2 AND scopes && $3::text[]`;

/** Takes out of what was agreed before. True if any of it was. */
export async function withdrawConsent(
  db: Queryable,
  consent: { identityId: string; clientId: string; scopes: readonly string[] },
): Promise<boolean> {
  const { rowCount } = await db.query(WITHDRAW, [consent.identityId, consent.clientId, consent.scopes]);
  return rowCount === 1;
}
