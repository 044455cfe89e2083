/** Which terms a person accepted last: at an activation, or with the application for the ID. */
import { sql, type Queryable } from '../../db/database.ts';

const FIND_CONFIRMED = sql`
  SELECT details ->> 'version' AS version FROM audit_events
  WHERE identity_id = $1 AND kind = 'terms_confirmed' ORDER BY id DESC LIMIT 1`;

/** @returns the version of the terms; null for a person who has not activated an ID yet */
export async function findConfirmedTerms(db: Queryable, identityId: string): Promise<string | null> {
  const { rows } = await db.query<{ version: string | null }>(FIND_CONFIRMED, [identityId]);
  return rows[0]?.version ?? null;
}

const FIND_APPLICATION = sql`
  SELECT id, form_sealed FROM applications WHERE identity_id = $1 ORDER BY at DESC LIMIT 1`;

export async function findIssuedApplication(
  db: Queryable,
  identityId: string,
): Promise<{ readonly id: string; readonly formSealed: Buffer } | null> {
  const { rows } = await db.query<{ id: string; form_sealed: Buffer }>(FIND_APPLICATION, [identityId]);
  const [row] = rows;
  return row ? { id: row.id, formSealed: row.form_sealed } : null;
}
