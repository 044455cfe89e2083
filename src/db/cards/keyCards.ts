/** Key cards, one row each. A key is spent by one conditional UPDATE, decided by the affected rows. */
import type { CardState } from '../../domain/card/cardLife.ts';
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import type { ComingCard, KeyCard } from '../../domain/card/keyCard.ts';
import { sql, type Queryable } from '../database.ts';
import { composeCardFormat } from './cardFormats.ts';

interface KeyCardRow {
  id: string;
  identity_id: string;
  card_number: string;
  salt: Buffer;
  kid: string;
  spent: string;
  challenge: number | null;
  format: CardFormat;
}

function readKeyCardRow(row: KeyCardRow): KeyCard {
  return {
    id: row.id,
    identityId: row.identity_id,
    cardNumber: row.card_number,
    salt: row.salt,
    kid: row.kid,
    spent: row.spent,
    challenge: row.challenge,
    format: row.format,
  };
}

/**
 * The cards of the identity `i`: the one in use, the one on the way, and the last state of the newest card
 * where none is in use.
 */
export const CARD_COLUMNS = {
  part: `i.id AS owner_id, c.id AS card_id, c.card_number, c.salt, c.kid, c.spent::text, c.challenge,
    ${composeCardFormat('c').part} AS card_format, ${composeCardFormat('n').part} AS next_format,
    n.id AS next_id, n.card_number AS next_card_number, n.salt AS next_salt, n.kid AS next_kid,
    n.spent::text AS next_spent, n.challenge AS next_challenge, n.state AS next_state,
    n.expected_from::text AS next_from, n.expected_to::text AS next_to, n.activates_at AS next_activates_at,
    CASE WHEN c.id IS NULL THEN (SELECT o.state FROM key_cards o WHERE o.identity_id = i.id
      AND o.state NOT IN ('ordered', 'sent') ORDER BY o.ordered_at DESC, o.id DESC LIMIT 1) END AS last_card_state`,
};

export const CARD_JOINS = {
  part: `LEFT JOIN key_cards c ON c.identity_id = i.id AND c.state = 'active'
  LEFT JOIN key_cards n ON n.identity_id = i.id AND n.state IN ('ordered', 'sent')`,
};

/** The columns of one card are all set or all null. */
export interface CardColumns {
  owner_id: string | null;
  card_id: string | null;
  card_number: string;
  salt: Buffer;
  kid: string;
  spent: string;
  challenge: number | null;
  card_format: CardFormat;
  next_id: string | null;
  next_card_number: string;
  next_salt: Buffer;
  next_kid: string;
  next_spent: string;
  next_challenge: number | null;
  next_format: CardFormat;
  next_state: 'ordered' | 'sent';
  next_from: string | null;
  next_to: string | null;
  next_activates_at: Date | null;
  last_card_state: CardState | null;
}

export function readCardColumns(row: CardColumns) {
  return { card: readCardInUse(row), comingCard: readCardOnTheWay(row), lastCardState: row.last_card_state };
}

function readCardInUse({
  owner_id: owner,
  card_id: id,
  card_number,
  salt,
  kid,
  spent,
  challenge,
  card_format: format,
}: CardColumns) {
  if (owner === null || id === null) return null;
  return readKeyCardRow({ id, identity_id: owner, card_number, salt, kid, spent, challenge, format });
}

function readCardOnTheWay(row: CardColumns): ComingCard | null {
  const { owner_id: owner, next_id: id, next_from: from, next_to: to } = row;
  if (owner === null || id === null) return null;
  return {
    ...readKeyCardRow({
      id,
      identity_id: owner,
      card_number: row.next_card_number,
      salt: row.next_salt,
      kid: row.next_kid,
      spent: row.next_spent,
      challenge: row.next_challenge,
      format: row.next_format,
    }),
    state: row.next_state,
    expected: from !== null && to !== null ? { from, to } : null,
    activatesAt: row.next_activates_at,
  };
}

const FIND = sql`
  SELECT c.id, c.identity_id, c.card_number, c.salt, c.kid, c.spent::text, c.challenge, ${composeCardFormat('c')} AS format
  FROM key_cards c JOIN identities i ON i.id = c.identity_id WHERE c.id = $1`;

const FIND_STATE = sql`
  SELECT c.state, ${composeCardFormat('c')} AS format
  FROM key_cards c JOIN identities i ON i.id = c.identity_id WHERE c.id = $1`;

export async function findCardState(
  db: Queryable,
  id: string,
): Promise<{ readonly state: CardState; readonly format: CardFormat } | null> {
  const { rows } = await db.query<{ state: CardState; format: CardFormat }>(FIND_STATE, [id]);
  return rows[0] ?? null;
}

export async function findCard(db: Queryable, id: string): Promise<KeyCard | null> {
  const { rows } = await db.query<KeyCardRow>(FIND, [id]);
  return rows[0] ? readKeyCardRow(rows[0]) : null;
}

const FIND_ACTIVE = sql`
  SELECT c.id, c.identity_id, c.card_number, c.salt, c.kid, c.spent::text, c.challenge, ${composeCardFormat('c')} AS format
  FROM key_cards c JOIN identities i ON i.id = c.identity_id WHERE c.identity_id = $1 AND c.state = 'active'`;

export async function findActiveCard(db: Queryable, identityId: string): Promise<KeyCard | null> {
  const { rows } = await db.query<KeyCardRow>(FIND_ACTIVE, [identityId]);
  return rows[0] ? readKeyCardRow(rows[0]) : null;
}

// A card always gets a later time than the one before: the newest card decides whether another is ordered
// automatically.
const INSERT = sql`
  INSERT INTO key_cards (id, identity_id, card_number, salt, kid, state, spent, ordered_at, replaces_lost, format)
  VALUES ($1, $2, $3, $4, $5, $6, $7::bit(148), greatest($8::timestamptz,
    (SELECT max(ordered_at) + interval '1 microsecond' FROM key_cards WHERE identity_id = $2)), $9, $10)
  ON CONFLICT (card_number) DO NOTHING`;

export interface NewCard extends Omit<KeyCard, 'format'> {
  readonly state: 'ordered' | 'active';
  readonly orderedAt: Date;
  readonly replacesLost: boolean;
  /** Null before it is printed. */
  readonly format: CardFormat | null;
}

/**
 * @returns false when the card number is taken: generate another
 * @throws when the identity already has a card in use, or one on the way: the indexes allow one of each
 */
export async function insertCard(db: Queryable, card: NewCard): Promise<boolean> {
  const { id, identityId, cardNumber, salt, kid, state, spent, orderedAt, replacesLost, format } = card;
  const values = [id, identityId, cardNumber, salt, kid, state, spent, orderedAt, replacesLost, format];
  return (await db.query(INSERT, values)).rowCount === 1;
}

const SET_CHALLENGE = sql`
  UPDATE key_cards SET challenge = $2
  WHERE id = $1 AND challenge IS NULL AND state IN ('active', 'sent') AND get_bit(spent, $2::int) = 0
  RETURNING challenge`;
const GET_CHALLENGE = sql`SELECT challenge FROM key_cards WHERE id = $1 AND state IN ('active', 'sent')`;

/**
 * Sets the challenge that was drawn at random, unless the card has one: the first challenge stays until it is
 * answered correctly.
 * @returns the challenge of the card, or null when the card went out of use or its key was spent in the
 *   meantime
 */
export async function setChallenge(db: Queryable, cardId: string, position: number): Promise<number | null> {
  const set = await db.query<{ challenge: number }>(SET_CHALLENGE, [cardId, position]);
  if (set.rows[0]) return set.rows[0].challenge;
  const current = await db.query<{ challenge: number | null }>(GET_CHALLENGE, [cardId]);
  return current.rows[0]?.challenge ?? null;
}

// One that waits too: a key of the old card ends its wait, as the rule decides in this transaction.
const SPEND_FIRST = sql`
  UPDATE key_cards SET spent = set_bit(spent, $3::int, 1), challenge = NULL
  WHERE id = $1 AND identity_id = $2 AND state = 'sent'
    AND challenge = $3 AND get_bit(spent, $3::int) = 0`;

/** Spends the first key of a card that was sent, within the transaction that records the outcome. */
export async function spendFirstKeyOfCard(
  db: Queryable,
  { cardId, identityId, position }: { cardId: string; identityId: string; position: number },
): Promise<boolean> {
  return (await db.query(SPEND_FIRST, [cardId, identityId, position])).rowCount === 1;
}

const INVALIDATE_PENDING = sql`
  WITH burnt AS (
    UPDATE key_cards SET spent = set_bit(spent, $2::int, 1), challenge = NULL
    WHERE id = $1 AND challenge = $2 AND get_bit(spent, $2::int) = 0
    RETURNING identity_id
  )
  INSERT INTO audit_events (kind, identity_id, details) SELECT $3, identity_id, $4::jsonb FROM burnt`;

/**
 * Called when it is unknown whether a spending was committed: spends a key that is still pending, without
 * effect.
 */
export async function invalidatePendingKey(
  db: Queryable,
  pending: { cardId: string; position: number; event: { kind: string; details: Record<string, unknown> } },
): Promise<void> {
  const { cardId, position, event } = pending;
  await db.query(INVALIDATE_PENDING, [cardId, position, event.kind, JSON.stringify(event.details)]);
}
