/** The guardian whom the record of a person names. */
import { sql, type Queryable } from '../../../db/database.ts';

const FIND_STATED = sql`
  SELECT id::text, at, details->'guardian'->>'sealed' AS sealed FROM audit_events
  WHERE identity_id = $1 AND kind IN ('security_key_added', 'code_token_activated')
    AND details->'guardian'->>'isNew' = 'true'
  ORDER BY id DESC LIMIT 1`;

export interface StatedGuardian {
  /** Of the event. */
  readonly id: string;
  readonly at: Date;
  readonly sealed: string;
}

/** The one whom an officer recorded last, with a second way; null when none did. */
export async function findStatedGuardian(db: Queryable, identityId: string): Promise<StatedGuardian | null> {
  return (await db.query<StatedGuardian>(FIND_STATED, [identityId])).rows[0] ?? null;
}

const FIND_ISSUED = sql`
  SELECT id FROM applications WHERE identity_id = $1 AND state = 'issued' ORDER BY at DESC LIMIT 1`;

/** The application that led to the ID; null for one that was made without any. */
export async function findIssuedApplicationId(db: Queryable, identityId: string): Promise<string | null> {
  return (await db.query<{ id: string }>(FIND_ISSUED, [identityId])).rows[0]?.id ?? null;
}
