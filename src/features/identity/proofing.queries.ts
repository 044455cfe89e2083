/** IDs that were ordered online, and that a version before called Substantial. */
import { changeIdentity } from '../../db/binding/identityMac.ts';
import { sql, type Queryable } from '../../db/database.ts';

// Identification that an officer has seen since counts: at the desk, for a card or to reopen the ID.
const OVERRATED = sql`
  SELECT i.id FROM identities i
  WHERE i.issued_by = 'online' AND i.proofing = 'Substantial' AND i.id > $1
    AND NOT EXISTS (SELECT FROM audit_events e
      WHERE e.identity_id = i.id AND (e.kind = 'identity_proofed' OR e.details ? 'identification'))
  ORDER BY i.id LIMIT $2`;

/** The next of them, in the order of their ids. */
export async function listOverratedIds(db: Queryable, after: string, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(OVERRATED, [after, limit]);
  return rows.map(({ id }) => id);
}

const LOWER = sql`UPDATE identities SET proofing = 'Low' WHERE id = $1 AND proofing = 'Substantial'`;

/** @returns false when it is Low already */
export async function lowerProofing(db: Queryable, identityId: string): Promise<boolean> {
  const lower = () => db.query(LOWER, [identityId]);
  return (await changeIdentity(db, identityId, { proofing: 'Low' }, lower)).rowCount === 1;
}
