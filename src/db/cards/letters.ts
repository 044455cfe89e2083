/**
 * The outbox of letters. A row is taken up for a while, not removed: whoever dies with it leaves it to the next.
 * `try_at` is real time; the days on which letters leave are handed in.
 */
import { isRowTrusted, type RowFacts } from '../../domain/rowMac.ts';
import type { Day } from '../../domain/calendar.ts';
import type { LetterKind } from '../../domain/letter.ts';
import type { LetterNotice, Notice } from '../../domain/notice.ts';
import { sql, type Queryable } from '../database.ts';

const ORDER = sql`
  INSERT INTO letters (id, kind, identity_id, card_id, notice, ordered_at, password_hash, to_former_address, mac)
  VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9)`;

export interface OrderedLetter {
  readonly id: string;
  readonly kind: LetterKind;
  readonly identityId: string;
  readonly cardId: string | null;
  readonly notice: LetterNotice | null;
  /** A notice to where the person lived before. */
  readonly toFormerAddress?: boolean;
}

/**
 * In the transaction that needs it.
 * @param passwordHash of a letter with a temporary password: what it will be verified against.
 */
export async function orderLetter(
  db: Queryable,
  letter: OrderedLetter,
  now: Date,
  passwordHash: string | null = null,
): Promise<void> {
  const { id, kind, identityId, cardId, notice, toFormerAddress = false } = letter;
  const about = notice && JSON.stringify(notice);
  const facts = listLetterFacts({ ...letter, toFormerAddress }, passwordHash);
  const mac =
    db.rowAuthenticator.mode === 'read' || kind === 'notice'
      ? null
      : db.rowAuthenticator.make('letter', facts);
  await db.query(ORDER, [id, kind, identityId, cardId, about, now, passwordHash, toFormerAddress, mac]);
}

/** To whom a secret goes, and what it is. A notice holds none. */
export function listLetterFacts(
  { id, kind, identityId, cardId, toFormerAddress = false }: Omit<OrderedLetter, 'notice'>,
  passwordHash: string | null,
): RowFacts {
  return [id, kind, identityId, cardId, toFormerAddress, passwordHash];
}

const ORDER_TO_FORMER = sql`
  INSERT INTO letters (id, kind, identity_id, notice, ordered_at, to_former_address)
  SELECT $1, 'notice', i.id, $3::jsonb, $4, true
  FROM identities i JOIN people p ON p.id = i.person_id
  WHERE i.id = $2 AND p.former_address_sealed IS NOT NULL AND p.moved_at > $5`;

/** Where the person has moved after `movedAfter`. */
export async function orderLetterToFormer(
  db: Queryable,
  { id, identityId, notice }: { id: string; identityId: string; notice: Notice },
  { now, movedAfter }: { now: Date; movedAfter: Date },
): Promise<void> {
  await db.query(ORDER_TO_FORMER, [id, identityId, JSON.stringify(notice), now, movedAfter]);
}

const CANCEL_ALL = sql`
  UPDATE letters SET state = 'cancelled' WHERE identity_id = $1 AND state IN ('waiting', 'set_aside')`;

/** All that waits for this person. */
export async function cancelLettersTo(db: Queryable, identityId: string): Promise<void> {
  await db.query(CANCEL_ALL, [identityId]);
}

export interface ClaimedLetter extends OrderedLetter {
  /** Failures so far. */
  readonly tries: number;
  /** What the print house was told at an earlier try, of which nobody knows whether it came through. */
  readonly leaving: LetterDeparture | null;
  /** The row is as it was written. */
  readonly isTrusted: boolean;
}

/** The day on which it leaves, and what it is printed together with. */
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
  RETURNING l.id, l.kind, l.identity_id, l.card_id, l.notice, l.to_former_address, l.tries, l.post_on::text, l.batch,
    l.password_hash, l.mac`;

/** Takes up some of the letters that wait; nobody else takes them for `leaseMs`. */
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
      notice,
      tries,
      mac,
      password_hash: hash,
    } = row;
    const { to_former_address: toFormerAddress, post_on: postOn, batch } = row;
    const letter = { id, kind, identityId, cardId, notice, toFormerAddress };
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
 * True when the person's letters of that day may hold this. Committed before anything is handed over, so that a
 * node that dies in between has not opened the day to the other kind.
 */
export async function reserveLetterDay(
  db: Queryable,
  identityId: string,
  day: Day,
  holds: 'card' | 'password',
): Promise<boolean> {
  return (await db.query(RESERVE_DAY, [identityId, day, holds])).rowCount === 1;
}

const RECORD_DEPARTURE = sql`UPDATE letters SET post_on = $2, batch = $3 WHERE id = $1 AND state = 'waiting'`;

/** What the print house is about to be told, so that a repeat says the same. */
export async function recordDeparture(
  db: Queryable,
  id: string,
  { postOn, batch }: LetterDeparture,
): Promise<void> {
  await db.query(RECORD_DEPARTURE, [id, postOn, batch]);
}

const MARK_SENT = sql`UPDATE letters SET state = 'sent', fault = NULL, valid_until = $2 WHERE id = $1 AND state = 'waiting'`;

/**
 * @param validUntil of a letter with a temporary password: how long that opens anything.
 * One winner: of two workers that handed the same letter over, one writes down that it was.
 */
export async function markLetterSent(db: Queryable, id: string, validUntil: Date | null): Promise<boolean> {
  return (await db.query(MARK_SENT, [id, validUntil])).rowCount === 1;
}

const PUT_BACK = sql`
  UPDATE letters SET try_at = now() + $2 * interval '1 ms', tries = tries + $3, fault = $4,
    state = CASE WHEN $5 THEN 'set_aside' ELSE state END
  WHERE id = $1 AND state = 'waiting'`;

/** It waits for another day; that is no failure, and does not count as one. */
export async function postponeLetter(db: Queryable, id: string, afterMs: number): Promise<void> {
  await db.query(PUT_BACK, [id, afterMs, 0, null, false]);
}

/** It could not be handed over: again after a while, or never by itself when it was `setAside`. */
export async function recordLetterFailure(
  db: Queryable,
  id: string,
  { afterMs, fault, setAside }: { afterMs: number; fault: string; setAside: boolean },
): Promise<void> {
  await db.query(PUT_BACK, [id, afterMs, 1, fault, setAside]);
}

const CANCEL = sql`UPDATE letters SET state = 'cancelled' WHERE id = $1 AND state = 'waiting'`;

/** Nobody wants it any more. */
export async function cancelLetter(db: Queryable, id: string): Promise<void> {
  await db.query(CANCEL, [id]);
}

// Those that were sent are not counted: there are as many as years go by.
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

/** What operators see: no names, no addresses. */
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

/** Letters and notices: whatever stood in the way is mended. @returns how many. */
export async function retryAllLetters(db: Queryable): Promise<number> {
  return (await db.query<{ many: number }>(RETRY_ALL)).rows[0]?.many ?? 0;
}
