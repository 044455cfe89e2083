/** Tries at a name or a key, in one row a subject. The numbers and what they mean: core/lockout.ts. */
import type { Attempts, Ladder, NetworkBudget } from '../core/lockout.ts';
import { sql, type Queryable } from './database.ts';

interface Row {
  tries: number;
  wrong: number;
  in_a_row: number;
  counted_at: Date;
  expires_at: Date;
}

function fromRow(row: Row): Attempts {
  const { tries, wrong, in_a_row: inARow, counted_at: countedAt, expires_at: expiresAt } = row;
  return { tries, wrong, inARow, countedAt, expiresAt };
}

// The network first, then the name, then what all networks have together, in all statements here, so that no two of them
// wait for each other. What is refused before costs nothing after: a network that is too fast leaves the name alone, and
// one that comes too soon takes nothing from the others.
const COUNT = sql`
  WITH network AS (
    INSERT INTO network_tries AS n (subject, level, at)
    SELECT $7::bytea, 1, $2 WHERE $7::bytea IS NOT NULL
    ON CONFLICT (subject) DO UPDATE SET
      level = 1 + greatest(n.level - $9::float8 * 1000 * greatest(extract(epoch FROM $2 - n.at)::float8, 0), 0),
      at = greatest(n.at, $2)
    WHERE 1 + greatest(n.level - $9::float8 * 1000 * greatest(extract(epoch FROM $2 - n.at)::float8, 0), 0) <= $8::float8
    RETURNING subject
  ), admitted AS (
    SELECT $7::bytea IS NULL OR EXISTS (SELECT FROM network) AS yes
  ), counted AS (
    INSERT INTO attempts AS a (subject, tries, wrong, counted_at, expires_at)
    SELECT $1, 1, 0, $2, $2::timestamptz + $4 * interval '1 ms' FROM admitted WHERE yes
    ON CONFLICT (subject) DO UPDATE SET
      tries = CASE WHEN a.expires_at <= $2 THEN 1 ELSE a.tries + 1 END,
      wrong = CASE WHEN a.expires_at <= $2 THEN 0
                   WHEN a.counted_at < $2::timestamptz - $5 * interval '1 ms' THEN a.tries
                   ELSE a.wrong END,
      in_a_row = CASE WHEN a.counted_at < $2::timestamptz - $5 * interval '1 ms'
                      THEN a.in_a_row + (a.tries - a.wrong) ELSE a.in_a_row END,
      counted_at = excluded.counted_at,
      expires_at = excluded.expires_at
    WHERE (a.expires_at <= $2 OR a.tries < $3) AND ($6::int IS NULL OR a.in_a_row + a.tries - a.wrong < $6)
    RETURNING subject
  ), overall AS (
    INSERT INTO network_tries AS o (subject, level, at)
    SELECT $10::bytea, 1, $2 FROM counted WHERE $10::bytea IS NOT NULL
    ON CONFLICT (subject) DO UPDATE SET
      level = 1 + greatest(o.level - $12::float8 * 1000 * greatest(extract(epoch FROM $2 - o.at)::float8, 0), 0),
      at = greatest(o.at, $2)
    WHERE 1 + greatest(o.level - $12::float8 * 1000 * greatest(extract(epoch FROM $2 - o.at)::float8, 0), 0)
      <= $11::float8
    RETURNING subject
  )
  SELECT (SELECT yes FROM admitted) AS admitted,
    EXISTS (SELECT FROM counted) AND ($10::bytea IS NULL OR EXISTS (SELECT FROM overall)) AS counted,
    a.tries, a.wrong, a.in_a_row, a.counted_at, a.expires_at
  FROM (SELECT) AS one LEFT JOIN attempts a ON a.subject = $1`;

/** Whether the try may be judged; if not, the row as it stood when it was asked for. `slowed`: by its network. */
export type Counted =
  | { kind: 'counted' }
  | { kind: 'slowed' }
  | { kind: 'refused'; attempts: Attempts | null };

export interface NetworkTry {
  readonly subject: Buffer;
  readonly budget: NetworkBudget;
}

/**
 * Counts a try before it is judged; one statement, committed on its own, with the limits in its WHERE.
 * @param network null for whoever is exempt.
 * @param overall what this name has from all networks together; null where each has its own and that is all.
 */
export async function countTry(
  db: Queryable,
  subject: Buffer,
  ladder: Ladder,
  now: Date,
  network: NetworkTry | null = null,
  overall: NetworkTry | null = null,
): Promise<Counted> {
  type Found = { admitted: boolean; counted: boolean } & (Row | Record<keyof Row, null>);
  const { rows } = await db.query<Found>(COUNT, [
    subject,
    now,
    ladder.limit,
    ladder.lockMs,
    ladder.judgedWithinMs,
    ladder.inARow,
    network?.subject ?? null,
    network?.budget.burst ?? null,
    network?.budget.perMs ?? null,
    overall?.subject ?? null,
    overall?.budget.burst ?? null,
    overall?.budget.perMs ?? null,
  ]);
  const row = rows[0];
  if (row?.counted) return { kind: 'counted' };
  if (row && !row.admitted) return { kind: 'slowed' };
  return { kind: 'refused', attempts: row && row.tries !== null ? fromRow(row) : null };
}

const JUDGE_WRONG = sql`
  WITH judged AS (
    UPDATE attempts SET
      wrong = CASE WHEN $4 THEN least(wrong + 1, tries) ELSE wrong END,
      in_a_row = CASE WHEN $4 THEN in_a_row + 1 ELSE in_a_row END,
      expires_at = CASE WHEN $4 THEN $2::timestamptz + $3 * interval '1 ms' ELSE expires_at END
    WHERE subject = $1
    RETURNING tries, wrong, in_a_row, counted_at, expires_at
  ), shut AS (
    SELECT CASE WHEN in_a_row >= $8 THEN $10 ELSE $9 END AS kind, expires_at
    FROM judged WHERE $4 AND $5::uuid IS NOT NULL AND (wrong = $7 OR in_a_row = $8)
  ), told AS (
    INSERT INTO notices (id, identity_id, kind, details, at)
    SELECT $6, $5, kind, jsonb_build_object('opensAt', to_jsonb(expires_at)), $2 FROM shut WHERE kind IS NOT NULL
  ), written AS (
    INSERT INTO audit_events (kind, identity_id, details) SELECT kind, $5, '{}' FROM shut WHERE kind IS NOT NULL
  )
  SELECT * FROM judged`;

/** Whom a lock is told to, with the id of the notice; null for a name that nobody has. */
export interface ToldOfLock {
  readonly identityId: string;
  readonly noticeId: string;
  readonly locked: 'password_locked' | 'keys_locked';
  /** Null where something else follows, which tells of itself. */
  readonly wornOut: 'only_known_browsers' | null;
}

/**
 * The try was wrong. One that was not counted (the door was shut) changes nothing, by the same statement: what a
 * locked name costs must not differ from what a wrong password costs. For the same reason the person is told within
 * this statement when it shut something.
 * @returns the row as it now stands: with the last wrong one the door is shut.
 */
export async function judgeWrong(
  db: Queryable,
  subject: Buffer,
  ladder: Ladder,
  now: Date,
  { wasCounted = true, told = null }: { wasCounted?: boolean; told?: ToldOfLock | null } = {},
): Promise<Attempts | null> {
  const { rows } = await db.query<Row>(JUDGE_WRONG, [
    subject,
    now,
    ladder.lockMs,
    wasCounted,
    told?.identityId ?? null,
    told?.noticeId ?? null,
    ladder.limit,
    ladder.inARow,
    told?.locked ?? null,
    told?.wornOut ?? null,
  ]);
  return rows[0] ? fromRow(rows[0]) : null;
}

const GIVE_BACK = sql`
  WITH network AS (
    UPDATE network_tries SET level = greatest(level - 1, 0) WHERE subject = $2 RETURNING subject
  ), name AS (
    UPDATE attempts SET tries = greatest(tries - 1, wrong)
    WHERE subject = $1 AND (SELECT count(*) FROM network) >= 0 RETURNING subject
  )
  UPDATE network_tries SET level = greatest(level - 1, 0)
  WHERE subject = $3 AND (SELECT count(*) FROM name) >= 0`;

/** The counted try was not judged after all (a full queue, a stale answer): it costs nothing. */
export async function giveTryBack(
  db: Queryable,
  subject: Buffer,
  network: NetworkTry | null = null,
  overall: NetworkTry | null = null,
): Promise<void> {
  await db.query(GIVE_BACK, [subject, network?.subject ?? null, overall?.subject ?? null]);
}

const FORGIVE = sql`
  WITH network AS (
    UPDATE network_tries SET level = greatest(level - 1, 0) WHERE subject = $2 RETURNING subject
  )
  UPDATE attempts SET tries = greatest(tries - wrong - 1, 0), wrong = 0, in_a_row = 0
  WHERE subject = $1 AND (SELECT count(*) FROM network) >= 0`;

/** The counted try was right: it is given back and the wrong ones in a row are forgotten. */
export async function forgiveTries(
  db: Queryable,
  subject: Buffer,
  network: NetworkTry | null = null,
): Promise<void> {
  await db.query(FORGIVE, [subject, network?.subject ?? null]);
}

const BEGIN_ANEW = sql`UPDATE attempts SET tries = $2, wrong = $2, in_a_row = 0 WHERE subject = $1`;

/**
 * What was guessed at is over: a card is blocked. For those who are on their way it stays shut for as long as the last
 * wrong answer shut it; the next after that is the first in a row.
 */
export async function beginAnew(db: Queryable, subject: Buffer, { limit }: Ladder): Promise<void> {
  await db.query(BEGIN_ANEW, [subject, limit]);
}

const FORGET = sql`DELETE FROM attempts WHERE subject = $1`;

/** What the tries were at is over: a browser is known no longer. */
export async function forgetTries(db: Queryable, subject: Buffer): Promise<void> {
  await db.query(FORGET, [subject]);
}
