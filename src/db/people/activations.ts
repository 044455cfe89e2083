/** Activations in progress, stored under the keyed hash of the browser's cookie value. */
import type { Activation, ActivationOutcome } from '../../domain/issuing/activation.ts';
import { assertBound } from '../../domain/rowMac.ts';
import {
  ACTIVATION_MAC_COLUMNS,
  assertActivationBound,
  bindActivation,
  changeActivation,
  type ActivationMacColumns,
} from '../binding/activationMac.ts';
import { LATER_TIME, changeIdentity } from '../binding/identityMac.ts';
import { sql, type Queryable } from '../database.ts';
import { readIdentityRow, type IdentityRow } from './identities.ts';
import { listLetterFacts } from '../cards/letters.ts';
import { CARD_COLUMNS, CARD_JOINS, readCardColumns, type CardColumns } from '../cards/keyCards.ts';

const FIND_TEMPORARY = sql`
  SELECT i.id, l.id AS letter_id, l.password_hash, l.bound_hash, l.card_id, l.to_former_address, l.mac
  FROM (
    SELECT id FROM identities WHERE user_id = $1
    UNION ALL
    SELECT id FROM identities WHERE id_number = $1
    LIMIT 1
  ) i LEFT JOIN LATERAL (
    SELECT id, CASE WHEN state = 'sent' THEN password_hash END AS password_hash, password_hash AS bound_hash, card_id,
      to_former_address, mac
    FROM letters
    WHERE identity_id = i.id AND kind = 'password' AND state <> 'cancelled'
    ORDER BY ordered_at DESC, id DESC LIMIT 1
  ) l ON true`;

export interface StoredTemporaryPassword {
  readonly identityId: string;
  readonly letterId: string | null;
  /** Null until the letter was sent: a password that no one can have read is not accepted. */
  readonly hash: string | null;
}

/**
 * Finds the temporary password of the newest letter, also when it was used or has expired: a person who
 * enters it is shown that.
 * @throws RowMacMismatch
 */
export async function findTemporaryPassword(
  db: Queryable,
  foldedName: string,
): Promise<StoredTemporaryPassword | null> {
  type TemporaryPasswordRow = {
    id: string;
    letter_id: string | null;
    password_hash: string | null;
    bound_hash: string | null;
    card_id: string | null;
    to_former_address: boolean;
    mac: Buffer | null;
  };
  const row = (await db.query<TemporaryPasswordRow>(FIND_TEMPORARY, [foldedName])).rows[0];
  if (!row) return null;
  const { id: identityId, letter_id: letterId, mac } = row;
  if (letterId !== null) {
    const { card_id: cardId, to_former_address: toFormerAddress } = row;
    const letter = { id: letterId, kind: 'password', identityId, cardId, toFormerAddress } as const;
    assertBound(db.rowAuthenticator, 'letter', { mac, facts: listLetterFacts(letter, row.bound_hash) });
  }
  return { identityId, letterId, hash: row.password_hash };
}

/**
 * `typedSealed` is what was typed, sealed under the key ring: the name at the first step, the user ID at the
 * last.
 */
export interface StoredActivation extends Activation {
  readonly letterId: string | null;
  readonly typedSealed: Buffer | null;
}

interface ActivationRow extends CardColumns, ActivationMacColumns {
  letter_id: string | null;
  has_password: boolean;
  ended: boolean;
  valid_until: Date | null;
  used: boolean;
  replaced: boolean;
  key_given_at: Date | null;
  done_at: Date | null;
  expires_at: Date;
  outcome: (Omit<ActivationOutcome, 'opensAt'> & { opensAt?: string }) | null;
  typed_sealed: Buffer | null;
  identity: IdentityRow | null;
}

const FIND = sql`
  SELECT a.letter_id, a.key_given_at, a.done_at, a.expires_at, a.outcome, a.typed_sealed,
    coalesce(i.password_hash IS NOT NULL, false) AS has_password,
    coalesce(i.ended_at >= a.password_at, false) AS ended,
    l.valid_until, l.used_at IS NOT NULL AS used,
    EXISTS (SELECT FROM letters n WHERE n.identity_id = l.identity_id AND n.kind = 'password' AND n.state <> 'cancelled'
      AND (n.ordered_at, n.id) > (l.ordered_at, l.id)) AS replaced,
    CASE WHEN i.id IS NOT NULL THEN jsonb_build_object('id', i.id, 'id_number', i.id_number,
      'user_id', i.user_id, 'public_sites', i.public_sites, 'public_ended_at', i.public_ended_at, 'proofing', i.proofing,
      'has_cpr', EXISTS (SELECT FROM people p WHERE p.id = i.person_id AND p.cpr_sealed IS NOT NULL),
      'blocked', i.blocked_at IS NOT NULL, 'threshold', i.threshold) END AS identity, ${ACTIVATION_MAC_COLUMNS},
    ${CARD_COLUMNS}
  FROM activations a
  LEFT JOIN identities i ON i.id = a.identity_id
  LEFT JOIN letters l ON l.id = a.letter_id
  ${CARD_JOINS}
  WHERE a.id = $1`;

/** @throws RowMacMismatch */
export async function findActivation(db: Queryable, id: Buffer): Promise<StoredActivation | null> {
  const row = (await db.query<ActivationRow>(FIND, [id])).rows[0];
  if (!row) return null;
  assertActivationBound(db, row);
  const outcome = row.outcome && {
    ...row.outcome,
    ...(row.outcome.opensAt ? { opensAt: new Date(row.outcome.opensAt) } : {}),
  };
  return {
    identity: row.identity && readIdentityRow(row.identity),
    hasPassword: row.has_password,
    isEnded: row.ended,
    letterId: row.letter_id,
    letter: row.valid_until && { validUntil: row.valid_until, isUsed: row.used, isReplaced: row.replaced },
    ...readCardColumns(row),
    keyGivenAt: row.key_given_at,
    doneAt: row.done_at,
    expiresAt: row.expires_at,
    outcome: outcome as ActivationOutcome | null,
    typedSealed: row.typed_sealed,
  };
}

export interface ActivationOutcomeRecord {
  readonly outcome: ActivationOutcome;
  readonly typedSealed: Buffer | null;
  readonly now: Date;
}

const RECORD_OUTCOME = sql`
  UPDATE activations SET outcome = $2::jsonb, typed_sealed = coalesce($3, typed_sealed)
  WHERE id = $1 AND identity_id IS NOT NULL AND done_at IS NULL AND expires_at > $4`;

/** Records the outcome of a step after the first. At the first step no identity is known yet. */
export async function recordActivationOutcome(
  db: Queryable,
  id: Buffer,
  { outcome, typedSealed, now }: ActivationOutcomeRecord,
): Promise<void> {
  await db.query(RECORD_OUTCOME, [id, JSON.stringify(outcome), typedSealed, now]);
}

// `password_at` is compared with the end of an identity, so it is the time of the primary database.
const ACCEPT = sql`
  INSERT INTO activations AS a (id, identity_id, letter_id, password_at, expires_at)
  VALUES ($1, $2, $3, date_trunc('milliseconds', clock_timestamp()), $5)
  ON CONFLICT (id) DO UPDATE SET identity_id = excluded.identity_id, letter_id = excluded.letter_id,
    password_at = excluded.password_at, expires_at = excluded.expires_at, key_given_at = NULL, done_at = NULL,
    outcome = NULL, typed_sealed = NULL
  WHERE a.identity_id IS NULL OR a.expires_at <= $4
    OR (a.done_at IS NULL AND EXISTS (SELECT FROM identities i WHERE i.id = a.identity_id AND i.ended_at >= a.password_at))
  RETURNING password_at`;

export interface AcceptedTemporaryPassword {
  readonly identityId: string;
  readonly letterId: string;
  readonly now: Date;
  readonly expiresAt: Date;
}

/** The temporary password was right. An activation of this browser that is in progress is not replaced. */
export async function acceptTemporaryPassword(
  db: Queryable,
  id: Buffer,
  accepted: AcceptedTemporaryPassword,
): Promise<void> {
  const { identityId, letterId, now, expiresAt } = accepted;
  const values = [id, identityId, letterId, now, expiresAt];
  const row = (await db.query<{ password_at: Date }>(ACCEPT, values)).rows[0];
  if (!row) return;
  await bindActivation(db, { id, identityId, letterId, passwordAt: row.password_at, keyGivenAt: null });
}

const END = sql`DELETE FROM activations WHERE id = $1`;

/** Ends the activation: the browser starts again at the first step. */
export async function endActivation(db: Queryable, id: Buffer): Promise<void> {
  await db.query(END, [id]);
}

// Runs under the lock of the identity, so that a block that was acknowledged is seen here.
const SPEND = sql`
  WITH begun AS (
    SELECT a.identity_id FROM activations a JOIN identities i ON i.id = a.identity_id JOIN letters l ON l.id = a.letter_id
    WHERE a.id = $1 AND a.expires_at > $4 AND a.key_given_at IS NULL AND a.done_at IS NULL AND l.used_at IS NULL
      AND i.blocked_at IS NULL AND (i.ended_at IS NULL OR a.password_at > i.ended_at)
  ), spent AS (
    UPDATE key_cards SET spent = set_bit(spent, $3::int, 1), challenge = NULL
    WHERE id = $2 AND identity_id = (SELECT identity_id FROM begun) AND state = $5
      AND (state = 'active' OR activates_at IS NULL) AND challenge = $3 AND get_bit(spent, $3::int) = 0
    RETURNING identity_id
  )
  UPDATE activations SET key_given_at = $4, outcome = NULL, typed_sealed = NULL, id = $6
  WHERE id = $1 AND EXISTS (SELECT FROM spent)`;

/**
 * Spends the key and records it under a new id of the activation, both or neither. Exactly one concurrent
 * caller succeeds.
 * @throws RowMacMismatch
 */
export async function spendKeyAtActivation(
  db: Queryable,
  id: Buffer,
  key: { cardId: string; position: number; state: 'active' | 'sent'; now: Date; renewedId: Buffer },
): Promise<boolean> {
  const { cardId, position, state, now, renewedId } = key;
  return await changeActivation(db, id, { id: renewedId, keyGivenAt: now }, async () => {
    const { rowCount } = await db.query(SPEND, [id, cardId, position, now, state, renewedId]);
    return rowCount === 1;
  });
}

const USE_LETTER = sql`
  WITH used AS (
    UPDATE letters l SET used_at = $2 FROM activations a JOIN identities i ON i.id = a.identity_id
    WHERE a.id = $1 AND l.id = a.letter_id AND a.expires_at > $2 AND a.key_given_at IS NOT NULL AND a.done_at IS NULL
      AND l.used_at IS NULL AND i.blocked_at IS NULL AND (i.ended_at IS NULL OR a.password_at > i.ended_at)
      AND NOT EXISTS (SELECT FROM letters n WHERE n.identity_id = l.identity_id AND n.kind = 'password'
        AND n.state <> 'cancelled' AND (n.ordered_at, n.id) > (l.ordered_at, l.id))
    RETURNING l.id
  )
  UPDATE activations SET done_at = $2, outcome = NULL, typed_sealed = NULL WHERE id = $1 AND EXISTS (SELECT FROM used)`;

/**
 * Consumes the temporary password when the activation is complete. Exactly one of the activations that began
 * with it succeeds.
 */
export async function consumeTemporaryPassword(db: Queryable, id: Buffer, now: Date): Promise<boolean> {
  return (await db.query(USE_LETTER, [id, now])).rowCount === 1;
}

const CHOOSE = sql`
  UPDATE identities SET user_id = $2, password_hash = $3,
    ended_at = CASE WHEN password_hash IS NULL THEN ended_at ELSE date_trunc('milliseconds', clock_timestamp()) END
  WHERE id = $1`;

/** Another identity has this user ID. */
export class UserIdTakenError extends Error {}

/**
 * Sets the user ID and the password that the person has chosen. If there was a password before, everything
 * that was signed in with it ends on every node.
 * @param userId the user ID that the identity has (db/people/userIds.ts)
 */
export async function saveCredentials(
  db: Queryable,
  identityId: string,
  { userId, passwordHash }: { userId: string | null; passwordHash: string },
): Promise<void> {
  const intended = { userId, passwordHash, endedAt: LATER_TIME } as const;
  const choose = () => db.query(CHOOSE, [identityId, userId, passwordHash]);
  await changeIdentity(db, identityId, intended, choose);
}

const UNIQUE_VIOLATION = '23505';

/**
 * Turns the database's error for a user ID that is taken into UserIdTakenError; any other error stays
 * unchanged.
 */
export function toUserIdTaken(error: unknown): unknown {
  const isTaken = (error as { code?: unknown } | null)?.code === UNIQUE_VIOLATION;
  return isTaken ? new UserIdTakenError('another identity has this user ID') : error;
}

const RESUME_SIGN_IN = sql`
  UPDATE sign_ins SET outcome = NULL WHERE interaction = $1 AND outcome ->> 'kind' = 'not_activated'`;

/** Makes the sign-in that sent the person here ask for the new password. */
export async function resumeSignInOfActivation(db: Queryable, interaction: Buffer): Promise<void> {
  await db.query(RESUME_SIGN_IN, [interaction]);
}
