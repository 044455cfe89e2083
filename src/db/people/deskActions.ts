/** What is done at the desk alone, and how a deed is known again that was sent twice. */
import { changeIdentity } from '../binding/identityMac.ts';
import { sql, type Queryable } from '../database.ts';

const FIND_ACTION = sql`SELECT 1 FROM audit_events WHERE identity_id = $1 AND details->>'deed' = $2 LIMIT 1`;

/** True when this deed has been done already: a double click. Certain within a transaction that keeps the owner. */
export async function isActionDone(db: Queryable, identityId: string, action: string): Promise<boolean> {
  return (await db.query(FIND_ACTION, [identityId, action])).rowCount === 1;
}

const REOPEN = sql`
  UPDATE identities SET blocked_at = NULL, closed_at = NULL, password_hash = NULL
  WHERE id = $1 AND blocked_at IS NOT NULL`;

/**
 * Of two officers one wins. Whoever knew the old password knows nothing any more; `ended_at` stays, so that no session
 * of before the block comes back.
 */
export async function unblockIdentity(db: Queryable, identityId: string): Promise<boolean> {
  const intended = { isBlocked: false, isClosed: false, passwordHash: null };
  const reopen = () => db.query(REOPEN, [identityId]);
  return (await changeIdentity(db, identityId, intended, reopen)).rowCount === 1;
}

const VOID_PASSWORDS = sql`
  UPDATE letters SET
    state = CASE WHEN state IN ('waiting', 'set_aside') THEN 'cancelled' ELSE state END,
    valid_until = CASE WHEN state = 'sent' THEN least(valid_until, $2) ELSE valid_until END
  WHERE identity_id = $1 AND kind = 'password' AND used_at IS NULL AND state <> 'cancelled'`;

/** Temporary passwords of before open nothing any more, wherever their letters are. */
export async function voidPasswordLetters(db: Queryable, identityId: string, now: Date): Promise<void> {
  await db.query(VOID_PASSWORDS, [identityId, now]);
}
