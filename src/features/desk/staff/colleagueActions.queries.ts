/**
 * Actions on the ID of a member of staff: proposed by one, confirmed or rejected by another, and performed
 * once.
 */
import type { DeskAction } from '../../../domain/staff/desk.ts';
import { sql, type Queryable } from '../../../db/database.ts';
import { FULL_NAME } from '../../../db/people/people.ts';
import { IS_BANK_OPEN } from './staffRoles.queries.ts';

export interface StoredColleagueAction {
  readonly id: string;
  readonly identityId: string;
  readonly action: DeskAction;
  /** Sealed under the id. */
  readonly askedSealed: Buffer;
  readonly state: 'waiting' | 'confirmed' | 'refused' | 'expired';
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly performedAt: Date | null;
}

const EXPIRE = sql`
  UPDATE colleague_actions SET state = 'expired'
  WHERE identity_id = $1 AND state = 'waiting' AND proposed_at <= $2`;
const INSERT = sql`
  INSERT INTO colleague_actions (id, identity_id, action, asked_sealed, state, proposed_by, proposed_at)
  VALUES ($1, $2, $3, $4, 'waiting', $5, $6)
  ON CONFLICT DO NOTHING`;

/** Returns false when it was sent before, or when the same action waits already. */
export async function insertColleagueAction(
  db: Queryable,
  one: Pick<
    StoredColleagueAction,
    'id' | 'identityId' | 'action' | 'askedSealed' | 'proposedBy' | 'proposedAt'
  >,
  since: Date,
): Promise<boolean> {
  const { id, identityId, action, askedSealed, proposedBy, proposedAt } = one;
  await db.query(EXPIRE, [identityId, since]);
  const values = [id, identityId, action, askedSealed, proposedBy, proposedAt];
  return (await db.query(INSERT, values)).rowCount === 1;
}

const FIND = sql`
  SELECT id, identity_id AS "identityId", action, asked_sealed AS "askedSealed", state,
    proposed_by AS "proposedBy", proposed_at AS "proposedAt", decided_by AS "decidedBy",
    performed_at AS "performedAt"
  FROM colleague_actions WHERE id = $1`;

export async function findColleagueAction(db: Queryable, id: string): Promise<StoredColleagueAction | null> {
  return (await db.query<StoredColleagueAction>(FIND, [id])).rows[0] ?? null;
}

const LIST = sql`
  SELECT c.id, c.identity_id AS "identityId", c.action, c.proposed_by AS "proposedBy",
    c.proposed_at AS "proposedAt", i.issued_by AS "issuedBy", ${FULL_NAME} AS name
  FROM colleague_actions c JOIN identities i ON i.id = c.identity_id JOIN people p ON p.id = i.person_id
  WHERE (c.state = 'waiting' AND c.proposed_at > $1) OR (c.state = 'confirmed' AND c.performed_at IS NULL)
  ORDER BY c.proposed_at, c.id`;

export interface ListedColleagueAction
  extends Pick<StoredColleagueAction, 'id' | 'identityId' | 'action' | 'proposedBy' | 'proposedAt'> {
  readonly issuedBy: string | null;
  readonly name: string;
}

/**
 * Lists the actions that may still be confirmed, and those that a node died over before they were performed;
 * the oldest first.
 */
export async function listColleagueActions(db: Queryable, since: Date): Promise<ListedColleagueAction[]> {
  return (await db.query<ListedColleagueAction>(LIST, [since])).rows;
}

// The confirmer is not the proposer, and the proposer still works here on the same appointment; exactly one
// of concurrent confirmations succeeds.
const CONFIRM = sql`
  UPDATE colleague_actions c SET state = 'confirmed', decided_by = $2, decided_at = $3
  WHERE c.id = $1 AND c.state = 'waiting' AND c.proposed_by <> $2 AND c.identity_id <> $2 AND c.proposed_at > $4
    AND EXISTS (SELECT FROM staff s JOIN identities i ON i.id = s.identity_id
      WHERE s.identity_id = c.proposed_by AND s.approved_at <= c.proposed_at AND s.ended_at IS NULL
        AND i.blocked_at IS NULL AND ${IS_BANK_OPEN})`;

export async function confirmColleagueAction(
  db: Queryable,
  { id, by, at, since }: { id: string; by: string; at: Date; since: Date },
): Promise<boolean> {
  return (await db.query(CONFIRM, [id, by, at, since])).rowCount === 1;
}

const REFUSE = sql`
  UPDATE colleague_actions SET state = 'refused', decided_by = $2, decided_at = $3
  WHERE id = $1 AND state = 'waiting' AND identity_id <> $2`;

/** Another member of staff rejects it, or the proposer withdraws it. */
export async function refuseColleagueAction(
  db: Queryable,
  { id, by, at }: { id: string; by: string; at: Date },
): Promise<boolean> {
  return (await db.query(REFUSE, [id, by, at])).rowCount === 1;
}

const MARK_PERFORMED = sql`UPDATE colleague_actions SET performed_at = $2 WHERE id = $1 AND performed_at IS NULL`;

/** Records that a confirmed action was performed, or cannot be. */
export async function markColleagueActionPerformed(db: Queryable, id: string, at: Date): Promise<void> {
  await db.query(MARK_PERFORMED, [id, at]);
}
