/** Tries at a name or a key, in one row a subject. The numbers and what they mean: core/lockout.ts. */
import type { Attempts, Ladder } from '../core/lockout.ts';
import { sql, type Queryable } from './database.ts';

interface Row {
  tries: number;
  wrong: number;
  counted_at: Date;
  expires_at: Date;
}

function fromRow(row: Row): Attempts {
  return { tries: row.tries, wrong: row.wrong, countedAt: row.counted_at, expiresAt: row.expires_at };
}

const COUNT = sql`
  WITH counted AS (
    INSERT INTO attempts AS a (subject, tries, wrong, counted_at, expires_at)
    VALUES ($1, 1, 0, $2, $2::timestamptz + $4 * interval '1 ms')
    ON CONFLICT (subject) DO UPDATE SET
      tries = CASE WHEN a.expires_at <= $2 THEN 1 ELSE a.tries + 1 END,
      wrong = CASE WHEN a.expires_at <= $2 THEN 0
                   WHEN a.counted_at < $2::timestamptz - $5 * interval '1 ms' THEN a.tries
                   ELSE a.wrong END,
      counted_at = excluded.counted_at,
      expires_at = excluded.expires_at
    WHERE a.expires_at <= $2 OR a.tries < $3
    RETURNING subject
  )
  SELECT EXISTS (SELECT FROM counted) AS counted, a.tries, a.wrong, a.counted_at, a.expires_at
  FROM (SELECT) AS one LEFT JOIN attempts a ON a.subject = $1`;

/** Whether the try may be judged; if not, the row as it stood when it was asked for. */
export type Counted = { counted: true } | { counted: false; attempts: Attempts | null };

/** Counts a try before it is judged; one statement, committed on its own, with the limit in its WHERE. */
export async function countTry(db: Queryable, subject: Buffer, ladder: Ladder, now: Date): Promise<Counted> {
  const { rows } = await db.query<{ counted: boolean } & (Row | Record<keyof Row, null>)>(COUNT, [
    subject,
    now,
    ladder.limit,
    ladder.lockMs,
    ladder.judgedWithinMs,
  ]);
  const row = rows[0];
  if (row?.counted) return { counted: true };
  return { counted: false, attempts: row && row.tries !== null ? fromRow(row) : null };
}

const JUDGE_WRONG = sql`
  UPDATE attempts SET
    wrong = CASE WHEN $4 THEN least(wrong + 1, tries) ELSE wrong END,
    expires_at = CASE WHEN $4 THEN $2::timestamptz + $3 * interval '1 ms' ELSE expires_at END
  WHERE subject = $1
  RETURNING tries, wrong, counted_at, expires_at`;

/**
 * The try was wrong. One that was not counted (the door was shut) changes nothing, by the same statement: what a
 * locked name costs must not differ from what a wrong password costs.
 * @returns the row as it now stands: with the last wrong one the door is shut.
 */
export async function judgeWrong(
  db: Queryable,
  subject: Buffer,
  ladder: Ladder,
  now: Date,
  wasCounted = true,
): Promise<Attempts | null> {
  const { rows } = await db.query<Row>(JUDGE_WRONG, [subject, now, ladder.lockMs, wasCounted]);
  return rows[0] ? fromRow(rows[0]) : null;
}

const GIVE_BACK = sql`UPDATE attempts SET tries = greatest(tries - 1, wrong) WHERE subject = $1`;

/** The counted try was not judged after all (a full queue, a stale answer): it costs nothing. */
export async function giveTryBack(db: Queryable, subject: Buffer): Promise<void> {
  await db.query(GIVE_BACK, [subject]);
}

const FORGIVE = sql`
  UPDATE attempts SET tries = greatest(tries - wrong - 1, 0), wrong = 0 WHERE subject = $1`;

/** The counted try was right: it is given back and the wrong ones in a row are forgotten. */
export async function forgiveTries(db: Queryable, subject: Buffer): Promise<void> {
  await db.query(FORGIVE, [subject]);
}
