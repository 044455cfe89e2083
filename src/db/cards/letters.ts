/**
 * The outbox of letters. A worker claims a row for a lease and does not remove it: when the worker dies,
 * another one claims the row. `try_at` is real time; the days on which letters leave are passed in.
 */
import { isRowTrusted, type RowFacts } from '../../domain/rowMac.ts';
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import type { Day } from '../../domain/calendar.ts';
import type { LetterKind } from '../../domain/letter.ts';
import type { LetterNotice, Notice } from '../../domain/notice.ts';
import { sql, type Queryable } from '../database.ts';

const ORDER = sql`
  INSERT INTO letters (id, kind, identity_id, card_id, notice, ordered_at, password_hash, to_former_address, mac,
    token_id)
  VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10)`;

export interface OrderedLetter {
  readonly id: string;
  readonly kind: LetterKind;
  readonly identityId: string;
  readonly cardId: string | null;
  /** The code token that is enclosed. */
  readonly tokenId?: string | null;
  readonly notice: LetterNotice | null;
  /** A notice to the person's former address. */
  readonly toFormerAddress?: boolean;
}

/**
 * Orders a letter, in the transaction that needs it.
 * @param passwordHash the hash that a temporary password is verified against; null for other letters
 */
export async function orderLetter(
  db: Queryable,
  letter: OrderedLetter,
  now: Date,
  passwordHash: string | null = null,
): Promise<void> {
  const { id, kind, identityId, cardId, tokenId = null, notice, toFormerAddress = false } = letter;
  const about = notice && JSON.stringify(notice);
  const facts = listLetterFacts({ ...letter, toFormerAddress }, passwordHash);
  const mac =
    db.rowAuthenticator.mode === 'read' || kind === 'notice'
      ? null
      : db.rowAuthenticator.make('letter', facts);
  await db.query(ORDER, [
    id,
    kind,
    identityId,
    cardId,
    about,
    now,
    passwordHash,
    toFormerAddress,
    mac,
    tokenId,
  ]);
}

/** The facts that the row's MAC covers: the recipient of a secret, and the secret. A notice holds none. */
export function listLetterFacts(
  { id, kind, identityId, cardId, tokenId = null, toFormerAddress = false }: Omit<OrderedLetter, 'notice'>,
  passwordHash: string | null,
): RowFacts {
  const facts = [id, kind, identityId, cardId, toFormerAddress, passwordHash];
  return tokenId === null ? facts : [...facts, tokenId];
}

const ORDER_TO_FORMER = sql`
  INSERT INTO letters (id, kind, identity_id, notice, ordered_at, to_former_address)
  SELECT $1, 'notice', i.id, $3::jsonb, $4, true
  FROM identities i JOIN people p ON p.id = i.person_id
  WHERE i.id = $2 AND p.former_address_sealed IS NOT NULL AND p.moved_at > $5`;

/** Orders a notice to the former address, if the person has moved after `movedAfter`. */
export async function orderLetterToFormer(
  db: Queryable,
  { id, identityId, notice }: { id: string; identityId: string; notice: Notice },
  { now, movedAfter }: { now: Date; movedAfter: Date },
): Promise<void> {
  await db.query(ORDER_TO_FORMER, [id, identityId, JSON.stringify(notice), now, movedAfter]);
}

const CANCEL_ALL = sql`
  UPDATE letters SET state = 'cancelled' WHERE identity_id = $1 AND state IN ('waiting', 'set_aside')`;

/** Cancels every letter that waits for this person. */
export async function cancelLettersTo(db: Queryable, identityId: string): Promise<void> {
  await db.query(CANCEL_ALL, [identityId]);
}

export interface ClaimedLetter extends OrderedLetter {
  /** The failures so far. */
  readonly tries: number;
  /** What an earlier attempt was about to send to the print house; it is unknown whether that arrived. */
  readonly leaving: LetterDeparture | null;
  /** The row's MAC is valid. */
  readonly isTrusted: boolean;
}

/** The day on which the letter leaves, and the batch that it is printed in. */
export interface LetterDeparture {
  readonly postOn: Day;
  readonly batch: string;
}

interface ClaimedLetterRow {
  id: string;
  kind: LetterKind;
  identity_id: string;
  card_id: string | null;
  notice: LetterNotice | null;
  to_former_address: boolean;
  token_id: string | null;
  tries: number;
  post_on: string | null;
  batch: string | null;
  password_hash: string | null;
  mac: Buffer | null;
}

export const CLAIM_LETTERS = sql`
  UPDATE letters l SET try_at = now() + $2 * interval '1 ms'
  WHERE l.id = ANY(ARRAY(
    SELECT id FROM letters WHERE state = 'waiting' AND try_at <= now()
    ORDER BY try_at LIMIT $1 FOR UPDATE SKIP LOCKED))
  RETURNING l.id, l.kind, l.identity_id, l.card_id, l.notice, l.to_former_address, l.token_id, l.tries, l.post_on::text, l.batch,
    l.password_hash, l.mac`;

/** Claims waiting letters; no other worker claims them for `leaseMs`. */
export async function claimLetters(
  db: Queryable,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<ClaimedLetter[]> {
  const { rows } = await db.query<ClaimedLetterRow>(CLAIM_LETTERS, [limit, leaseMs]);
  return rows.map((row) => {
    const {
      id,
      kind,
      identity_id: identityId,
      card_id: cardId,
      token_id: tokenId,
      notice,
      tries,
      mac,
      password_hash: hash,
    } = row;
    const { to_former_address: toFormerAddress, post_on: postOn, batch } = row;
    const letter = { id, kind, identityId, cardId, tokenId, notice, toFormerAddress };
    const rowMac = { mac, facts: listLetterFacts(letter, hash) };
    return {
      ...letter,
      tries,
      leaving: postOn !== null && batch !== null ? { postOn, batch } : null,
      isTrusted: kind === 'notice' || isRowTrusted(db.rowAuthenticator, 'letter', rowMac),
    };
  });
}

const RESERVE_DAY = sql`
  INSERT INTO letter_days AS d (identity_id, day, holds) VALUES ($1, $2, $3)
  ON CONFLICT (identity_id, day) DO UPDATE SET holds = d.holds WHERE d.holds = excluded.holds`;

/**
 * @returns true when letters of that day may hold this kind for the person. To be committed before anything
 *   is handed over, so that a node that dies in between does not open the day to the other kind.
 */
export async function reserveLetterDay(
  db: Queryable,
  identityId: string,
  day: Day,
  holds: 'card' | 'password',
): Promise<boolean> {
  return (await db.query(RESERVE_DAY, [identityId, day, holds])).rowCount === 1;
}

// The first that prints a card decides in which format it is.
const RECORD_DEPARTURE = sql`
  WITH departing AS (
    UPDATE letters SET post_on = $2, batch = $3 WHERE id = $1 AND state = 'waiting' RETURNING card_id)
  UPDATE key_cards c SET format = coalesce(c.format, $4) FROM departing d WHERE c.id = d.card_id
  RETURNING c.format`;

/**
 * Records what is about to be sent to the print house, so that a repeated attempt sends the same.
 * @returns the format of the card in the letter; null for a letter without a card
 */
export async function recordDeparture(
  db: Queryable,
  id: string,
  { postOn, batch, format }: LetterDeparture & { readonly format: CardFormat },
): Promise<CardFormat | null> {
  const { rows } = await db.query<{ format: CardFormat }>(RECORD_DEPARTURE, [id, postOn, batch, format]);
  return rows[0]?.format ?? null;
}

const MARK_SENT = sql`UPDATE letters SET state = 'sent', fault = NULL, valid_until = $2 WHERE id = $1 AND state = 'waiting'`;

/**
 * Exactly one concurrent caller succeeds: of two workers that handed over the same letter, one records it.
 * @param validUntil how long a temporary password in the letter is valid; null for other letters
 */
export async function markLetterSent(db: Queryable, id: string, validUntil: Date | null): Promise<boolean> {
  return (await db.query(MARK_SENT, [id, validUntil])).rowCount === 1;
}

const PUT_BACK = sql`
  UPDATE letters SET try_at = now() + $2 * interval '1 ms', tries = tries + $3, fault = $4,
    state = CASE WHEN $5 THEN 'set_aside' ELSE state END
  WHERE id = $1 AND state = 'waiting'`;

/** Makes the letter wait for another day. That is not a failure, and is not counted as one. */
export async function postponeLetter(db: Queryable, id: string, afterMs: number): Promise<void> {
  await db.query(PUT_BACK, [id, afterMs, 0, null, false]);
}

/**
 * Records that the letter could not be handed over. It is retried after a while; with `setAside` only on an
 * operator's command.
 * @param failure.isCounted false when the letter had no part in it
 */
export async function recordLetterFailure(
  db: Queryable,
  id: string,
  failure: { afterMs: number; fault: string; setAside?: boolean; isCounted?: boolean },
): Promise<void> {
  const { afterMs, fault, setAside = false, isCounted = true } = failure;
  await db.query(PUT_BACK, [id, afterMs, isCounted ? 1 : 0, fault, setAside]);
}

const CANCEL = sql`UPDATE letters SET state = 'cancelled' WHERE id = $1 AND state = 'waiting'`;

/** Cancels a letter that is no longer needed. */
export async function cancelLetter(db: Queryable, id: string): Promise<void> {
  await db.query(CANCEL, [id]);
}

// Letters that were sent are not counted: their number grows with the years.
const COUNT_BY_STATE = sql`
  SELECT 'letters waiting' AS state, count(*)::int AS many FROM letters WHERE state = 'waiting'
  UNION ALL SELECT 'letters set aside', count(*)::int FROM letters WHERE state = 'set_aside'
  UNION ALL SELECT 'notices waiting', count(*)::int FROM notices WHERE state = 'waiting'
  UNION ALL SELECT 'notices set aside', count(*)::int FROM notices WHERE state = 'set_aside'`;
const LIST_SET_ASIDE = sql`
  SELECT id, kind, ordered_at, tries, fault FROM letters WHERE state = 'set_aside'
  ORDER BY kind = 'notice', ordered_at DESC LIMIT 100`;

export interface LetterReport {
  readonly counts: Readonly<Record<string, number>>;
  readonly setAside: readonly { id: string; kind: string; orderedAt: Date; tries: number; fault: string }[];
}

/** The report for operators: no names, no addresses. */
export async function reportLetters(db: Queryable): Promise<LetterReport> {
  const counts = await db.query<{ state: string; many: number }>(COUNT_BY_STATE);
  type SetAsideLetterRow = { id: string; kind: string; ordered_at: Date; tries: number; fault: string };
  const setAside = await db.query<SetAsideLetterRow>(LIST_SET_ASIDE);
  return {
    counts: Object.fromEntries(counts.rows.map(({ state, many }) => [state, many])),
    setAside: setAside.rows.map(({ id, kind, ordered_at: orderedAt, tries, fault }) => {
      return { id, kind, orderedAt, tries, fault };
    }),
  };
}

const RETRY = sql`
  UPDATE letters SET state = 'waiting', tries = 0, try_at = now() WHERE id = $1 AND state = 'set_aside'`;

export async function retryLetter(db: Queryable, id: string): Promise<boolean> {
  return (await db.query(RETRY, [id])).rowCount === 1;
}

const RETRY_ALL = sql`
  WITH notices_again AS (
    UPDATE notices SET state = 'waiting', tries = 0, try_at = now() WHERE state = 'set_aside' RETURNING id
  ), letters_again AS (
    UPDATE letters SET state = 'waiting', tries = 0, try_at = now() WHERE state = 'set_aside' RETURNING id
  )
  SELECT (SELECT count(*) FROM letters_again)::int + (SELECT count(*) FROM notices_again)::int AS many`;

/**
 * Retries the letters and notices that were set aside, after an operator has removed the cause.
 * @returns how many
 */
export async function retryAllLetters(db: Queryable): Promise<number> {
  return (await db.query<{ many: number }>(RETRY_ALL)).rows[0]?.many ?? 0;
}
