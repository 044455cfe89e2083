/**
 * The card that a person who forgot the password is asked about, and the letters that were ordered by a key.
 */
import type { KeyCard } from '../../domain/card/keyCard.ts';
import { composeCardFormat } from '../../db/cards/cardFormats.ts';
import { sql, type Queryable } from '../../db/database.ts';

// While a letter that was ordered here has its time, the key of that order goes on being asked for, whatever
// happened to its card: what the page shows does not tell whether a key was right.
const FIND = sql`
  SELECT c.id, c.identity_id, c.card_number, c.salt, c.kid, c.spent::text, c.challenge,
    ${composeCardFormat('c')} AS format, p.position AS answered
  FROM (
    SELECT id FROM identities WHERE user_id = $1
    UNION ALL
    SELECT id FROM identities WHERE id_number = $1
    LIMIT 1
  ) n
  JOIN identities i ON i.id = n.id
  LEFT JOIN LATERAL (
    SELECT card_id, position FROM new_passwords WHERE identity_id = i.id AND ordered_at > $2
    ORDER BY ordered_at DESC LIMIT 1
  ) p ON true
  JOIN key_cards c ON c.identity_id = i.id
    AND CASE WHEN p.card_id IS NULL THEN c.state = 'active' AND i.blocked_at IS NULL ELSE c.id = p.card_id END`;

export interface CardToAsk {
  readonly card: KeyCard;
  /** The position of the key that was answered a short while ago; null for none. */
  readonly answered: number | null;
}

/**
 * Finds the card by a name of its owner. Null for an unknown name, a blocked ID and one without a card in
 * use.
 * @param onTheWaySince orders after it are on their way
 */
export async function findCardToAsk(
  db: Queryable,
  foldedName: string,
  onTheWaySince: Date,
): Promise<CardToAsk | null> {
  type CardToAskRow = {
    id: string;
    identity_id: string;
    card_number: string;
    salt: Buffer;
    kid: string;
    spent: string;
    challenge: number | null;
    format: KeyCard['format'];
    answered: number | null;
  };
  const [row] = (await db.query<CardToAskRow>(FIND, [foldedName, onTheWaySince])).rows;
  if (!row) return null;
  const { identity_id: identityId, card_number: cardNumber, answered, ...card } = row;
  return { card: { ...card, identityId, cardNumber }, answered };
}

const FIND_ORDERS = sql`
  SELECT (SELECT count(*)::int FROM new_passwords WHERE identity_id = $1 AND ordered_at > $2) AS many,
    EXISTS (SELECT FROM letters
      WHERE identity_id = $1 AND kind = 'password' AND used_at IS NULL AND (state IN ('waiting', 'set_aside')
        OR state = 'sent' AND ordered_at > $3 AND valid_until > $4)) AS on_the_way`;

/** Within a transaction that has locked the identity. */
export async function findPasswordOrders(
  db: Queryable,
  identityId: string,
  times: { readonly since: Date; readonly onTheWaySince: Date; readonly now: Date },
): Promise<{ readonly orderedInAMonth: number; readonly isOnTheWay: boolean }> {
  const values = [identityId, times.since, times.onTheWaySince, times.now];
  const [row] = (await db.query<{ many: number; on_the_way: boolean }>(FIND_ORDERS, values)).rows;
  if (!row) throw new Error('the query of password letters returned no row');
  return { orderedInAMonth: row.many, isOnTheWay: row.on_the_way };
}

const FIND_RECENT_REFUSAL = sql`
  SELECT FROM audit_events
  WHERE identity_id = $1 AND kind = 'new_password_refused' AND at > now() - interval '1 day' LIMIT 1`;

/** Within a transaction that has locked the identity. */
export async function hasRecentRefusal(db: Queryable, identityId: string): Promise<boolean> {
  return (await db.query(FIND_RECENT_REFUSAL, [identityId])).rowCount === 1;
}

// Never the key that a sign-in asks for: its challenge stays as it is.
const SPEND = sql`
  UPDATE key_cards SET spent = set_bit(spent, $3::int, 1)
  WHERE id = $1 AND identity_id = $2 AND state = 'active' AND challenge IS DISTINCT FROM $3::int
    AND get_bit(spent, $3::int) = 0`;

export interface KeyToSpend {
  readonly cardId: string;
  readonly identityId: string;
  /** 0-147. */
  readonly position: number;
}

/** @returns true for exactly one of all callers, on whatever page, that would spend this key */
export async function spendKeyForNewPassword(
  db: Queryable,
  { cardId, identityId, position }: KeyToSpend,
): Promise<boolean> {
  return (await db.query(SPEND, [cardId, identityId, position])).rowCount === 1;
}

const INSERT = sql`
  INSERT INTO new_passwords (letter_id, identity_id, card_id, position, ordered_at) VALUES ($1, $2, $3, $4, $5)`;

/** After the letter was ordered, in the same transaction. */
export async function insertNewPassword(
  db: Queryable,
  letterId: string,
  { cardId, identityId, position }: KeyToSpend,
  now: Date,
): Promise<void> {
  await db.query(INSERT, [letterId, identityId, cardId, position, now]);
}
