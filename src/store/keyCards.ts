/** Key cards: one row each. A key is spent by one conditional UPDATE, judged by its rows. */
import type { KeyCard } from '../core/keyCard.ts';
import { sql, type Queryable } from './database.ts';

export interface CardRow {
  id: string;
  identity_id: string;
  card_number: string;
  /** Hexadecimal. */
  salt: string;
  kid: string;
  spent: string;
  challenge: number | null;
}

export function cardFromRow(row: CardRow): KeyCard {
  return {
    id: row.id,
    identityId: row.identity_id,
    cardNumber: row.card_number,
    salt: Buffer.from(row.salt, 'hex'),
    kid: row.kid,
    spent: row.spent,
    challenge: row.challenge,
  };
}

const FIND_ACTIVE = sql`
  SELECT id, identity_id, card_number, encode(salt, 'hex') AS salt, kid, spent::text, challenge
  FROM key_cards WHERE identity_id = $1 AND state = 'active'`;

export async function findActiveCard(db: Queryable, identityId: string): Promise<KeyCard | null> {
  const { rows } = await db.query<CardRow>(FIND_ACTIVE, [identityId]);
  return rows[0] ? cardFromRow(rows[0]) : null;
}

const INSERT_ACTIVE = sql`
  INSERT INTO key_cards (id, identity_id, card_number, salt, kid, state, spent)
  VALUES ($1, $2, $3, $4, $5, 'active', $6::bit(148))
  ON CONFLICT (card_number) DO NOTHING`;

/** False when the card number is taken: draw another. */
export async function insertActiveCard(db: Queryable, card: KeyCard): Promise<boolean> {
  const { id, identityId, cardNumber, salt, kid, spent } = card;
  const { rowCount } = await db.query(INSERT_ACTIVE, [id, identityId, cardNumber, salt, kid, spent]);
  return rowCount === 1;
}

const SET_CHALLENGE = sql`
  UPDATE key_cards SET challenge = $2
  WHERE id = $1 AND challenge IS NULL AND state = 'active' AND get_bit(spent, $2::int) = 0
  RETURNING challenge`;
const GET_CHALLENGE = sql`SELECT challenge FROM key_cards WHERE id = $1 AND state = 'active'`;

/**
 * Puts the drawn challenge on the card unless it has one: the first draw stands until it is answered rightly.
 * @returns the challenge that stands, or null when the card went out of use or lost that key meanwhile.
 */
export async function setChallenge(db: Queryable, cardId: string, position: number): Promise<number | null> {
  const set = await db.query<{ challenge: number }>(SET_CHALLENGE, [cardId, position]);
  if (set.rows[0]) return set.rows[0].challenge;
  const standing = await db.query<{ challenge: number | null }>(GET_CHALLENGE, [cardId]);
  return standing.rows[0]?.challenge ?? null;
}

export interface Spending {
  readonly identityId: string;
  readonly cardId: string;
  readonly position: number;
  readonly interaction: Buffer;
  /** Whose tries are forgiven. */
  readonly subject: Buffer;
  readonly event: { kind: string; details: Record<string, unknown> };
  readonly now: Date;
  /** When the sign-in may be swept. */
  readonly expiresAt: Date;
}

// The owner's row is locked first: a block that is acknowledged is seen here, and one that comes later ends what
// this gives. Both times are the primary's own clock, read when the lock is held.
const SPEND = sql`
  WITH owner AS (
    SELECT i.id FROM identities i JOIN sign_ins s ON s.interaction = $4 AND s.identity_id = i.id
    WHERE i.id = $1 AND i.blocked_at IS NULL AND (i.ended_at IS NULL OR s.password_at > i.ended_at)
    FOR SHARE OF i
  ), spent AS (
    UPDATE key_cards SET spent = set_bit(spent, $3::int, 1), challenge = NULL
    WHERE id = $2 AND identity_id = (SELECT id FROM owner) AND state = 'active'
      AND challenge = $3 AND get_bit(spent, $3::int) = 0
    RETURNING identity_id
  ), forgiven AS (
    UPDATE attempts SET tries = greatest(tries - wrong - 1, 0), wrong = 0
    WHERE subject = $5 AND EXISTS (SELECT FROM spent)
  ), signed_in AS (
    UPDATE sign_ins SET signed_in_at = date_trunc('milliseconds', clock_timestamp()), outcome = NULL,
      step_at = $8, expires_at = $9
    WHERE interaction = $4 AND identity_id = (SELECT identity_id FROM spent)
  ), written AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT $6, identity_id, $7::jsonb FROM spent
  )
  SELECT identity_id FROM spent`;

/**
 * Spends the key at `position`, if it is the challenge: marks it, clears the challenge, forgives the tries, signs
 * the interaction in and writes the audit record, all in one statement. True for exactly one caller.
 */
export async function spendKey(db: Queryable, spending: Spending): Promise<boolean> {
  const { identityId, cardId, position, interaction, subject, event, now, expiresAt } = spending;
  const { rowCount } = await db.query(SPEND, [
    identityId,
    cardId,
    position,
    interaction,
    subject,
    event.kind,
    JSON.stringify(event.details),
    now,
    expiresAt,
  ]);
  return rowCount === 1;
}

const BURN = sql`
  WITH burnt AS (
    UPDATE key_cards SET spent = set_bit(spent, $2::int, 1), challenge = NULL
    WHERE id = $1 AND challenge = $2 AND get_bit(spent, $2::int) = 0
    RETURNING identity_id
  )
  INSERT INTO audit_events (kind, identity_id, details) SELECT $3, identity_id, $4::jsonb FROM burnt`;

/** After a spending of which nobody knows whether it was committed: a key still pending is used up for nothing. */
export async function burnPendingKey(
  db: Queryable,
  burning: { cardId: string; position: number; event: { kind: string; details: Record<string, unknown> } },
): Promise<void> {
  const { cardId, position, event } = burning;
  await db.query(BURN, [cardId, position, event.kind, JSON.stringify(event.details)]);
}
