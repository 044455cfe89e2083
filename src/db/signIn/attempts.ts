/**
 * The attempts row of a name or card, decided by one statement after the comparison, and the parts with which
 * longer statements begin. The numbers and their meaning: domain/signIn/lockout.ts. The argument:
 * docs/decisions/0017-the-sign-in.md.
 */
import type { Attempts, LockoutPolicy, FailureCounts } from '../../domain/signIn/lockout.ts';
import { sql, type Queryable, type SqlFragment } from '../database.ts';

/**
 * The verdict of the locked row:
 *
 * - `again`: this form was decided before; nothing was counted.
 * - `locked`, `worn_out`: it was locked before, for a time or permanently; the comparison is not revealed.
 * - `busy`: nodes of the previous version have all remaining attempts in flight.
 * - `right`, `wrong`: decided; the row that is returned includes this answer, counted or as a reset.
 */
export type AttemptVerdict = 'again' | 'locked' | 'worn_out' | 'busy' | 'right' | 'wrong';

export interface AttemptResult extends FailureCounts {
  readonly verdict: AttemptVerdict;
}

/** The columns of the part `judged`. */
export interface AttemptResultRow {
  verdict: AttemptVerdict;
  wrong: number;
  in_a_row: number;
  expires_at: Date;
}

export function readAttemptResultRow({
  verdict,
  wrong,
  in_a_row: inARow,
  expires_at: opensAt,
}: AttemptResultRow): AttemptResult {
  return { verdict, wrong, inARow, opensAt };
}

/**
 * The parameters $1 to $8 of the part `judged`: subject; offset of the rules' clock in ms; limit; lock in ms;
 * maximum in a row or null (then none are counted in a row, and the row is swept once its lock has ended); 0
 * for a wrong answer, 1 for a right one, 2 for a right one that resets nothing; form; and for how many ms an
 * attempt in flight on an older node counts.
 */
export interface AttemptToRecord {
  readonly subject: Buffer;
  readonly lockoutPolicy: LockoutPolicy;
  readonly isRight: boolean;
  /** A right answer resets the wrong ones; false where it proves nothing about the attempts of others. */
  readonly forgives?: boolean;
  /** 16 bytes that are unique to this form of this page. */
  readonly form: Buffer;
  readonly offsetMs: number;
}

export function listAttemptValues({
  subject,
  lockoutPolicy,
  isRight,
  forgives,
  form,
  offsetMs,
}: AttemptToRecord): unknown[] {
  const { limit, lockMs, inARow, maxInFlightMs } = lockoutPolicy;
  const answerCode = !isRight ? 0 : forgives === false ? 2 : 1;
  return [subject, offsetMs, limit, lockMs, inARow, answerCode, form, maxInFlightMs];
}

// The conflict clause decides on the locked row only. What an older node counted and has not decided is
// `tries - wrong`; it counts for a time, and is then dropped. The clock is read while the lock is held.
const NOW = `(clock_timestamp() + $2::float8 * interval '1 ms')`;
const IS_OVER = `(a.expires_at <= ${NOW})`;
const WRONG_COUNT = `(CASE WHEN ${IS_OVER} THEN 0 ELSE a.wrong END)`;
const ATTEMPTS_LEFT = `(CASE $6::int WHEN 1 THEN 0 ELSE ${WRONG_COUNT} END)`;
const ATTEMPTS_IN_FLIGHT = `(CASE WHEN ${IS_OVER} OR a.counted_at < ${NOW} - $8::float8 * interval '1 ms' THEN 0
           ELSE greatest(a.tries - a.wrong, 0) END)`;
const VERDICT = `(CASE
        WHEN $7::bytea = ANY (a.forms) THEN 'again'
        WHEN a.in_a_row >= $5::int THEN 'worn_out'
        WHEN ${WRONG_COUNT} >= $3::int THEN 'locked'
        WHEN ${WRONG_COUNT} + ${ATTEMPTS_IN_FLIGHT} >= $3::int OR a.in_a_row + ${ATTEMPTS_IN_FLIGHT} >= $5::int THEN 'busy'
        WHEN $6::int > 0 THEN 'right' ELSE 'wrong' END)`;

/** `judged AS (...)`, with the parameters $1 to $8 of `AttemptToRecord`. Always returns one row. */
export const RECORD_ATTEMPT_SQL = {
  part: `judged AS (
    INSERT INTO attempts AS a (subject, tries, wrong, in_a_row, counted_at, expires_at, verdict, forms)
    VALUES ($1::bytea, CASE WHEN $6::int > 0 THEN 0 ELSE 1 END, CASE WHEN $6::int > 0 THEN 0 ELSE 1 END,
      CASE WHEN $6::int > 0 OR $5::int IS NULL THEN 0 ELSE 1 END, ${NOW},
      CASE WHEN $6::int > 0 THEN ${NOW} ELSE ${NOW} + $4::float8 * interval '1 ms' END,
      CASE WHEN $6::int > 0 THEN 'right' ELSE 'wrong' END, ARRAY[$7::bytea])
    ON CONFLICT (subject) DO UPDATE SET
      verdict = ${VERDICT},
      tries = CASE ${VERDICT} WHEN 'right' THEN ${ATTEMPTS_LEFT} + ${ATTEMPTS_IN_FLIGHT} WHEN 'wrong' THEN ${WRONG_COUNT} + ${ATTEMPTS_IN_FLIGHT} + 1
              ELSE a.tries END,
      wrong = CASE ${VERDICT} WHEN 'right' THEN ${ATTEMPTS_LEFT} WHEN 'wrong' THEN ${WRONG_COUNT} + 1 ELSE a.wrong END,
      in_a_row = CASE WHEN $5::int IS NULL THEN 0 ELSE CASE ${VERDICT}
        WHEN 'right' THEN CASE $6::int WHEN 1 THEN 0 ELSE a.in_a_row END WHEN 'wrong' THEN a.in_a_row + 1
        ELSE a.in_a_row END END,
      expires_at = CASE ${VERDICT} WHEN 'wrong' THEN ${NOW} + $4::float8 * interval '1 ms' ELSE a.expires_at END,
      counted_at = CASE WHEN ${VERDICT} = 'wrong' AND ${ATTEMPTS_IN_FLIGHT} = 0 THEN ${NOW} ELSE a.counted_at END,
      forms = CASE WHEN ${VERDICT} IN ('right', 'wrong') THEN (array_prepend($7::bytea, a.forms))[1:8]
              ELSE a.forms END
    RETURNING verdict, wrong, in_a_row, expires_at
  )`,
};

/** The person to notify of a lock, and the id of the notice; null for an unknown name. */
export interface LockNotice {
  readonly identityId: string;
  readonly noticeId: string;
  readonly locked: 'password_locked' | 'keys_locked';
  /** Null where another event follows that sends its own notice. */
  readonly exhausted: 'only_known_browsers' | null;
}

export function listLockNoticeValues(notice: LockNotice | null): unknown[] {
  return [
    notice?.identityId ?? null,
    notice?.noticeId ?? null,
    notice?.locked ?? null,
    notice?.exhausted ?? null,
  ];
}

/** The parameters $1 to $12 of `RECORD_ATTEMPT_SQL` and `composeLockNotice`. */
export const ATTEMPT_PARAMETERS = [
  'subject',
  'offsetMs',
  'limit',
  'lockMs',
  'inARow',
  'answerCode',
  'form',
  'maxInFlightMs',
  'noticeIdentityId',
  'noticeId',
  'locked',
  'exhaustedNotice',
] as const;
export type AttemptParameter = (typeof ATTEMPT_PARAMETERS)[number];

export function nameAttemptValues(
  attempt: AttemptToRecord,
  notice: LockNotice | null,
): Readonly<Record<AttemptParameter, unknown>> {
  const values = [...listAttemptValues(attempt), ...listLockNoticeValues(notice)];
  return Object.fromEntries(ATTEMPT_PARAMETERS.map((name, i) => [name, values[i]])) as Record<
    AttemptParameter,
    unknown
  >;
}

/**
 * `shut AS (...), lock_told AS (...), lock_written AS (...)`: the notice and the audit event of the wrong
 * answer that caused a lock, in the same statement. $9 to $12: `listLockNoticeValues`.
 * @param seen the browser and network of the answer (json), sealed, as SQL
 */
export function composeLockNotice(seen: string): SqlFragment {
  return {
    part: `shut AS (
    SELECT CASE WHEN in_a_row >= $5::int THEN $12::text ELSE $11::text END AS kind, expires_at
    FROM judged WHERE verdict = 'wrong' AND $9::uuid IS NOT NULL AND (wrong = $3::int OR in_a_row = $5::int)
  ), lock_told AS (
    INSERT INTO notices (id, identity_id, kind, details, at)
    SELECT $10::uuid, $9::uuid, kind,
      jsonb_strip_nulls(jsonb_build_object('opensAt', to_jsonb(expires_at), 'seen', ${seen})),
      clock_timestamp() + $2::float8 * interval '1 ms'
    FROM shut WHERE kind IS NOT NULL
  ), lock_written AS (
    INSERT INTO audit_events (kind, identity_id, details) SELECT kind, $9::uuid, '{}' FROM shut WHERE kind IS NOT NULL
  )`,
  };
}

/** Where the browser is not recorded. */
export const LOCK_NOTICE_SQL = composeLockNotice('NULL::jsonb');

/**
 * `outcome AS (...)`: the outcome that the next page shows, as domain/signIn/signIn.ts `SignInOutcome`; null
 * after a right answer.
 * @param step the parameter of the step
 * @param wrongKind the parameter of the kind of a wrong answer
 * @param exhausted the parameter of the outcome (json) when the lock does not end automatically
 */
export function composeOutcomeFragment(step: string, wrongKind: string, exhausted: string): { part: string } {
  const left = 'least($3::int - wrong, $5::int - in_a_row)';
  return {
    part: `outcome AS (
    SELECT CASE
      WHEN verdict IN ('right', 'again', 'busy') THEN NULL
      WHEN verdict = 'worn_out' OR in_a_row >= $5::int THEN ${exhausted}::jsonb
      WHEN verdict = 'locked' OR wrong >= $3::int
        THEN jsonb_build_object('kind', 'locked', 'step', ${step}::text, 'opensAt', to_jsonb(expires_at))
      ELSE jsonb_build_object('kind', ${wrongKind}::text, 'left', ${left},
        'isLastRung', coalesce(in_a_row + ${left} >= $5::int, false))
    END AS outcome FROM judged
  )`,
  };
}

const RECORD_ATTEMPT = sql`WITH ${RECORD_ATTEMPT_SQL}, ${LOCK_NOTICE_SQL} SELECT verdict, wrong, in_a_row, expires_at FROM judged`;

/**
 * Decides an answer that was compared. Within a transaction its row stays locked, and must be the first that
 * is locked there.
 */
export async function recordAttempt(
  db: Queryable,
  attempt: AttemptToRecord,
  notice: LockNotice | null = null,
): Promise<AttemptResult> {
  const values = [...listAttemptValues(attempt), ...listLockNoticeValues(notice)];
  const { rows } = await db.query<AttemptResultRow>(RECORD_ATTEMPT, values);
  const [row] = rows;
  if (!row) throw new Error('the attempt statement returned no row');
  return readAttemptResultRow(row);
}

/** An attempts row where it is joined: all null where there is none. */
export interface AttemptsRow {
  tries: number | null;
  wrong: number;
  in_a_row: number;
  counted_at: Date;
  expires_at: Date;
}

export function attemptsFromRow(row: AttemptsRow): Attempts | null {
  const { tries, wrong, in_a_row: inARow, counted_at: countedAt, expires_at: expiresAt } = row;
  return tries === null ? null : { tries, wrong, inARow, countedAt, expiresAt };
}

const READ = sql`
  SELECT a.tries, a.wrong, a.in_a_row, a.counted_at, a.expires_at, date_trunc('milliseconds', clock_timestamp()) AS now
  FROM (SELECT) AS one LEFT JOIN attempts a ON a.subject = $1`;

/** Reads a row before anything is compared, with the database's time. */
export async function readAttempts(
  db: Queryable,
  subject: Buffer,
): Promise<{ attempts: Attempts | null; now: Date }> {
  const { rows } = await db.query<AttemptsRow & { now: Date }>(READ, [subject]);
  const [row] = rows;
  if (!row) throw new Error('the attempts query returned no row');
  return { attempts: attemptsFromRow(row), now: row.now };
}

const RESET = sql`
  WITH theirs AS (
    SELECT a.subject FROM (
      SELECT tries AS subject, false AS is_shared FROM known_networks WHERE identity_id = $1
      UNION ALL SELECT coalesce(password_tries, $2::bytea), true FROM identities WHERE id = $1
    ) t JOIN attempts a ON a.subject = t.subject
    -- Not rows that a sweep may delete: it locks in another order. They have nothing to reset.
    WHERE a.in_a_row > 0 OR a.expires_at > now() + $3::float8 * interval '1 ms' - interval '12 hours'
    ORDER BY t.is_shared, a.subject FOR UPDATE OF a
  )
  UPDATE attempts SET tries = greatest(tries - wrong, 0), wrong = 0, in_a_row = 0
  WHERE subject = ANY(ARRAY(SELECT subject FROM theirs))`;

/**
 * Resets the password attempts, in the transaction that sets the new password: they were attempts at the old
 * one. Locks the rows of known networks first, then that of all unknown browsers, then the identity, as where
 * a password is verified. The rows stay, because others may wait for them.
 * @param from.unfilled the subject where no node has filled it in yet
 * @param from.offsetMs the offset of the rules' clock, by which rows are swept
 */
export async function resetPasswordAttempts(
  db: Queryable,
  identityId: string,
  { unfilled, offsetMs }: { unfilled: Buffer; offsetMs: number },
): Promise<void> {
  await db.query(RESET, [identityId, unfilled, offsetMs]);
}

const RESET_EXHAUSTED = sql`
  UPDATE attempts SET tries = $2, wrong = $2, in_a_row = 0 WHERE subject = $1 AND in_a_row >= $3`;

/**
 * Resets the row after its consequence: the card was blocked, or the network forgotten. It stays locked for
 * as long as the last wrong answer locked it; the next wrong answer after that is the first in a row.
 * @returns false when a concurrent request has done it
 */
export async function resetExhaustedAttempts(
  db: Queryable,
  subject: Buffer,
  { limit, inARow }: LockoutPolicy,
): Promise<boolean> {
  return (await db.query(RESET_EXHAUSTED, [subject, limit, inARow])).rowCount === 1;
}
