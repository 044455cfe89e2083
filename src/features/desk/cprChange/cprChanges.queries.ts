/**
 * Another CPR number for a person, proposed by one officer and decided by another. The proposal is sealed
 * under its id.
 */
import { sql, type Queryable } from '../../../db/database.ts';

export type CprChangeState = 'waiting' | 'approved' | 'refused' | 'withdrawn';

export interface StoredCprChange {
  readonly id: string;
  readonly identityId: string;
  readonly state: CprChangeState;
  readonly changeSealed: Buffer;
  /** Keyed hash of the number that the person had at the proposal; null for none. */
  readonly former: Buffer | null;
  readonly current: Buffer;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
}

interface CprChangeRow {
  id: string;
  identity_id: string;
  state: CprChangeState;
  change_sealed: Buffer;
  former: Buffer | null;
  current: Buffer;
  proposed_by: string;
  proposed_at: Date;
  decided_by: string | null;
}

function readCprChangeRow(row: CprChangeRow): StoredCprChange {
  return {
    id: row.id,
    identityId: row.identity_id,
    state: row.state,
    changeSealed: row.change_sealed,
    former: row.former,
    current: row.current,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    decidedBy: row.decided_by,
  };
}

const INSERT = sql`
  INSERT INTO cpr_changes (id, identity_id, state, change_sealed, former, current, proposed_by, proposed_at)
  VALUES ($1, $2, 'waiting', $3, $4, $5, $6, $7)
  ON CONFLICT DO NOTHING`;

/** Returns false when the proposal was sent before, or when another one for this person waits. */
export async function insertCprChange(
  db: Queryable,
  one: Omit<StoredCprChange, 'state' | 'decidedBy'>,
): Promise<boolean> {
  const { id, identityId, changeSealed, former, current, proposedBy, proposedAt } = one;
  const values = [id, identityId, changeSealed, former, current, proposedBy, proposedAt];
  return (await db.query(INSERT, values)).rowCount === 1;
}

const FIND = sql`
  SELECT id, identity_id, state, change_sealed, former, current, proposed_by, proposed_at, decided_by
  FROM cpr_changes WHERE id = $1`;

export async function findCprChange(db: Queryable, id: string): Promise<StoredCprChange | null> {
  const row = (await db.query<CprChangeRow>(FIND, [id])).rows[0];
  return row ? readCprChangeRow(row) : null;
}

const LIST_WAITING = sql`
  SELECT id, identity_id, state, change_sealed, former, current, proposed_by, proposed_at, decided_by
  FROM cpr_changes WHERE state = 'waiting' ORDER BY proposed_at LIMIT 200`;

/** Lists the waiting proposals, the oldest first. */
export async function listPendingCprChanges(db: Queryable): Promise<StoredCprChange[]> {
  return (await db.query<CprChangeRow>(LIST_WAITING)).rows.map(readCprChangeRow);
}

const IS_WAITING = sql`SELECT FROM cpr_changes WHERE identity_id = $1 AND state = 'waiting'`;

export async function hasPendingCprChange(db: Queryable, identityId: string): Promise<boolean> {
  return (await db.query(IS_WAITING, [identityId])).rowCount === 1;
}

const SETTLE = sql`
  UPDATE cpr_changes SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1 AND state = 'waiting'`;

/** Closes a proposal. When two officers decide concurrently, exactly one succeeds. */
export async function closeCprChange(
  db: Queryable,
  one: { id: string; state: Exclude<CprChangeState, 'waiting'>; decidedBy: string; decidedAt: Date },
): Promise<boolean> {
  return (await db.query(SETTLE, [one.id, one.state, one.decidedBy, one.decidedAt])).rowCount === 1;
}
