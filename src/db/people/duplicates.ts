/** Pairs of IDs that belong to one person according to the register. They are never merged automatically. */
import { sql, type Queryable } from '../database.ts';

const RECORD = sql`
  INSERT INTO duplicate_identities (one_id, other_id, found_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`;

/** @returns false when the pair was recorded before */
export async function recordDuplicate(
  db: Queryable,
  pair: readonly [string, string],
  now: Date,
): Promise<boolean> {
  const [one, other] = [...pair].sort();
  return (await db.query(RECORD, [one, other, now])).rowCount === 1;
}

const FIND_OTHERS = sql`
  SELECT CASE WHEN one_id = $1 THEN other_id ELSE one_id END AS id FROM duplicate_identities
  WHERE one_id = $1 OR other_id = $1 ORDER BY found_at`;

/** The other IDs of the same person. */
export async function findDuplicatesOf(db: Queryable, identityId: string): Promise<string[]> {
  return (await db.query<{ id: string }>(FIND_OTHERS, [identityId])).rows.map(({ id }) => id);
}

// A block by the register does not decide which of the two IDs is to be used. When an officer has unblocked
// one since, the officer has decided.
const LIST = sql`
  SELECT d.one_id, d.other_id, d.found_at FROM duplicate_identities d
  JOIN identities a ON a.id = d.one_id JOIN identities b ON b.id = d.other_id
  WHERE a.closed_at IS NULL AND b.closed_at IS NULL AND (a.blocked_at IS NULL OR b.blocked_at IS NULL)
    AND (coalesce(a.blocked_at, b.blocked_at) IS NULL OR (
      SELECT e.kind = 'identity_blocked' AND e.details->>'by' = 'system' FROM audit_events e
      WHERE e.identity_id IN (a.id, b.id) AND e.kind IN ('identity_blocked', 'identity_reopened')
      ORDER BY e.id DESC LIMIT 1))
  ORDER BY d.found_at LIMIT 200`;

export interface DuplicatePair {
  readonly identityIds: readonly [string, string];
  readonly foundAt: Date;
}

/** Lists the pairs of which no one has chosen an ID and at least one can still be used, the oldest first. */
export async function listOpenDuplicates(db: Queryable): Promise<DuplicatePair[]> {
  const { rows } = await db.query<{ one_id: string; other_id: string; found_at: Date }>(LIST);
  return rows.map((row) => ({ identityIds: [row.one_id, row.other_id], foundAt: row.found_at }));
}
