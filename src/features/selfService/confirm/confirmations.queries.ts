/**
 * Actions that wait for a key. Each is bound to the session in which it was requested, and is performed once.
 */
import type { Confirmation, ConfirmationOutcome } from './confirmation.rules.ts';
import type { SelfServiceActionKind } from '../../../domain/selfServiceAction.ts';
import { sql, type Queryable } from '../../../db/database.ts';
import {
  CODE_TOKEN_COLUMN,
  readCodeToken,
  type CodeTokenJson,
  type StoredCodeToken,
} from '../../../db/factors/codeTokens.ts';
import {
  readSecurityKeys,
  SECURITY_KEYS_COLUMN,
  type SecurityKeysJson,
  type StoredSecurityKey,
} from '../../../db/factors/securityKeys.ts';
import { CARD_COLUMNS, CARD_JOINS, readCardColumns, type CardColumns } from '../../../db/cards/keyCards.ts';

/** The identity, and the self-service session in which the action was requested. */
export interface ConfirmationOwner {
  readonly identityId: string;
  readonly session: Buffer;
}

// One at a time: an earlier unconfirmed request of this session is deleted.
const PROPOSE = sql`
  WITH given_up AS (
    DELETE FROM confirmations WHERE own_session = $2 AND done_at IS NULL
  )
  INSERT INTO confirmations (id, own_session, identity_id, kind, deed_sealed, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`;

export interface NewConfirmation extends ConfirmationOwner {
  readonly id: string;
  readonly kind: SelfServiceActionKind;
  readonly actionSealed: Buffer;
  readonly expiresAt: Date;
}

export async function insertConfirmation(db: Queryable, confirmation: NewConfirmation): Promise<void> {
  const { id, session, identityId, kind, actionSealed, expiresAt } = confirmation;
  await db.query(PROPOSE, [id, session, identityId, kind, actionSealed, expiresAt]);
}

const FIND = sql`
  SELECT f.kind, f.deed_sealed, f.outcome, f.expires_at, f.done_at, p.log_salt,
    ${CARD_COLUMNS},
    ${SECURITY_KEYS_COLUMN},
    ${CODE_TOKEN_COLUMN}
  FROM confirmations f
  JOIN identities i ON i.id = f.identity_id JOIN people p ON p.id = i.person_id
  ${CARD_JOINS}
  WHERE f.id = $1 AND f.own_session = $2 AND f.identity_id = $3`;

/**
 * `actionSealed` is sealed under the id of the row and its owner (openRequestedAction); null once it is done.
 */
export interface StoredConfirmation extends Confirmation {
  readonly securityKeys: readonly StoredSecurityKey[];
  readonly codeToken: StoredCodeToken | null;
  readonly actionSealed: Buffer | null;
  /** Salt for the personal data in this person's audit events. */
  readonly logSalt: Buffer;
}

/** Returns null for an action of another person, or of this person in another session. */
export async function findConfirmation(
  db: Queryable,
  id: string,
  { session, identityId }: ConfirmationOwner,
): Promise<StoredConfirmation | null> {
  interface ConfirmationRow extends CardColumns {
    kind: SelfServiceActionKind;
    deed_sealed: Buffer | null;
    outcome: (Omit<ConfirmationOutcome, 'opensAt'> & { opensAt?: string }) | null;
    expires_at: Date;
    done_at: Date | null;
    log_salt: Buffer;
    security_keys: SecurityKeysJson;
    code_token: CodeTokenJson | null;
  }
  const row = (await db.query<ConfirmationRow>(FIND, [id, session, identityId])).rows[0];
  if (!row) return null;
  const outcome = row.outcome && {
    ...row.outcome,
    ...(row.outcome.opensAt ? { opensAt: new Date(row.outcome.opensAt) } : {}),
  };
  return {
    kind: row.kind,
    actionSealed: row.deed_sealed,
    outcome: outcome as ConfirmationOutcome | null,
    expiresAt: row.expires_at,
    doneAt: row.done_at,
    ...readCardColumns(row),
    securityKeys: readSecurityKeys(identityId, row.security_keys),
    codeToken: row.code_token && readCodeToken(row.code_token),
    logSalt: row.log_salt,
  };
}

const RECORD_OUTCOME = sql`
  UPDATE confirmations SET outcome = $3::jsonb WHERE id = $1 AND own_session = $2 AND done_at IS NULL`;

/** Records the outcome of an answer; the page that follows reads it. */
export async function recordConfirmationOutcome(
  db: Queryable,
  id: string,
  { session }: Pick<ConfirmationOwner, 'session'>,
  outcome: ConfirmationOutcome,
): Promise<void> {
  await db.query(RECORD_OUTCOME, [id, session, JSON.stringify(outcome)]);
}

// Runs under the lock of the identity, so that a block or a log-out elsewhere that was acknowledged is seen
// here.
const SPEND = sql`
  WITH asked AS (
    SELECT f.id, f.identity_id FROM confirmations f
    JOIN own_sessions o ON o.id = f.own_session JOIN identities i ON i.id = f.identity_id
    WHERE f.id = $1 AND f.own_session = $2 AND f.identity_id = $3 AND f.expires_at > $6 AND f.done_at IS NULL
      AND i.blocked_at IS NULL AND (i.ended_at IS NULL OR o.login_at > i.ended_at)
  ), spent AS (
    UPDATE key_cards SET spent = set_bit(spent, $5::int, 1), challenge = NULL
    WHERE id = $4 AND identity_id = (SELECT identity_id FROM asked) AND state = 'active'
      AND challenge = $5 AND get_bit(spent, $5::int) = 0
    RETURNING identity_id
  )
  UPDATE confirmations SET done_at = $6, outcome = $7::jsonb, deed_sealed = NULL
  WHERE id = $1 AND done_at IS NULL AND EXISTS (SELECT FROM spent)`;

/**
 * Spends the key and marks the action as done, both or neither. Exactly one concurrent caller succeeds.
 * @param key.outcome what the page that follows says of it, if anything
 */
export async function spendKeyForAction(
  db: Queryable,
  id: string,
  { session, identityId }: ConfirmationOwner,
  key: { cardId: string; position: number; now: Date; outcome: ConfirmationOutcome | null },
): Promise<boolean> {
  const { cardId, position, now } = key;
  const outcome = key.outcome && JSON.stringify(key.outcome);
  const { rowCount } = await db.query(SPEND, [id, session, identityId, cardId, position, now, outcome]);
  return rowCount === 1;
}

const REFUSE = sql`
  UPDATE confirmations SET outcome = $3::jsonb, done_at = NULL WHERE id = $1 AND own_session = $2`;

/** Runs in the transaction that spent the key: nothing was changed, and the page that follows shows why. */
export async function recordConfirmationRefusal(
  db: Queryable,
  id: string,
  { session }: Pick<ConfirmationOwner, 'session'>,
  outcome: ConfirmationOutcome,
): Promise<void> {
  await db.query(REFUSE, [id, session, JSON.stringify(outcome)]);
}
