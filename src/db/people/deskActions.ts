/** Writes that only the desk makes, and the check for an action that was submitted twice. */
import { changeIdentity } from '../binding/identityMac.ts';
import { sql, type Queryable } from '../database.ts';

const FIND_ACTION = sql`SELECT 1 FROM audit_events WHERE identity_id = $1 AND details->>'deed' = $2 LIMIT 1`;

/**
 * @returns true when this action was executed already (a double click); certain within a transaction that has
 *   locked the identity
 */
export async function isActionDone(db: Queryable, identityId: string, action: string): Promise<boolean> {
  return (await db.query(FIND_ACTION, [identityId, action])).rowCount === 1;
}

const REOPEN = sql`
  UPDATE identities SET blocked_at = NULL, closed_at = NULL, password_hash = NULL
  WHERE id = $1 AND blocked_at IS NOT NULL`;

/**
 * Unblocks an identity; exactly one of two concurrent officers succeeds. The old password is deleted, so that
 * anyone who knew it gains nothing. `ended_at` stays, so that no session from before the block becomes valid
 * again.
 */
export async function unblockIdentity(db: Queryable, identityId: string): Promise<boolean> {
  const intended = { isBlocked: false, isClosed: false, passwordHash: null };
  const reopen = () => db.query(REOPEN, [identityId]);
  return (await changeIdentity(db, identityId, intended, reopen)).rowCount === 1;
}

const RAISE_PROOFING = sql`UPDATE identities SET proofing = 'Substantial' WHERE id = $1 AND proofing = 'Low'`;

/** @returns false when it is Substantial already */
export async function raiseProofing(db: Queryable, identityId: string): Promise<boolean> {
  const raise = () => db.query(RAISE_PROOFING, [identityId]);
  return (await changeIdentity(db, identityId, { proofing: 'Substantial' }, raise)).rowCount === 1;
}

const LOCK_OWNER = sql`SELECT FROM identities WHERE id = $1 FOR NO KEY UPDATE`;
const SPEND_KEY = sql`
  UPDATE key_cards SET spent = set_bit(spent, $3::int, 1), challenge = NULL
  WHERE id = $1 AND identity_id = $2 AND state = 'active' AND challenge = $3 AND get_bit(spent, $3::int) = 0`;

/** Spends a key that the person typed at the counter. Exactly one concurrent caller succeeds. */
export async function spendKeyAtDesk(
  db: Queryable,
  { identityId, cardId, position }: { identityId: string; cardId: string; position: number },
): Promise<boolean> {
  await db.query(LOCK_OWNER, [identityId]);
  return (await db.query(SPEND_KEY, [cardId, identityId, position])).rowCount === 1;
}

const VOID_PASSWORDS = sql`
  UPDATE letters SET
    state = CASE WHEN state IN ('waiting', 'set_aside') THEN 'cancelled' ELSE state END,
    valid_until = CASE WHEN state = 'sent' THEN least(valid_until, $2) ELSE valid_until END
  WHERE identity_id = $1 AND kind = 'password' AND used_at IS NULL AND state <> 'cancelled'`;

/** Invalidates the earlier temporary passwords, wherever their letters are. */
export async function voidPasswordLetters(db: Queryable, identityId: string, now: Date): Promise<void> {
  await db.query(VOID_PASSWORDS, [identityId, now]);
}
