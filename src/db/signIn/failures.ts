/**
 * Wrong answers, counted by the hour. Like the levels of networks (networkLevels.ts) they are counted after
 * the response, and the counts of concurrent requests are one statement: no request waits for a row, whether
 * the name is known or not. What a node had not counted when it died is lost. Unknown names share one row for
 * each kind and hour.
 */
import type { FailureKind } from '../../domain/signIn/failure.ts';
import { sql, type Database, type BatchKind, type Queryable } from '../database.ts';

/** The identity id of the row that counts a kind over all names. */
const TOTALS = '00000000-0000-0000-0000-000000000000';
/** The suffix of the kind for wrong answers at unknown names. */
const UNKNOWN = ' unknown';

export interface SignInFailure {
  /** Null for an unknown name. */
  readonly identityId: string | null;
  readonly kind: FailureKind;
}

interface FailureToCount extends SignInFailure {
  readonly offsetMs: number;
}

// Sorted, so that two nodes lock the rows in the same order.
const COUNT = sql`
  INSERT INTO failures AS f (identity_id, kind, hour, many)
  SELECT identity_id, kind, date_trunc('hour', statement_timestamp() + $4::float8 * interval '1 ms', 'UTC'),
    many
  FROM unnest($1::uuid[], $2::text[], $3::int[]) c (identity_id, kind, many) ORDER BY identity_id, kind
  ON CONFLICT (hour, identity_id, kind) DO UPDATE SET many = f.many + excluded.many`;

async function countFailures(db: Queryable, failures: readonly FailureToCount[]): Promise<undefined[]> {
  const sums = new Map<string, { identityId: string; kind: string; many: number }>();
  const add = (identityId: string, kind: string) => {
    const name = `${identityId} ${kind}`;
    sums.set(name, { identityId, kind, many: (sums.get(name)?.many ?? 0) + 1 });
  };
  for (const { identityId, kind } of failures) {
    add(TOTALS, kind);
    if (identityId === null) add(TOTALS, `${kind}${UNKNOWN}`);
    else add(identityId, kind);
  }
  const all = [...sums.values()];
  await db.query(COUNT, [
    all.map(({ identityId }) => identityId),
    all.map(({ kind }) => kind),
    all.map(({ many }) => many),
    failures[0]?.offsetMs ?? 0,
  ]);
  return failures.map(() => undefined);
}

const FAILURES: BatchKind<FailureToCount, undefined> = { make: countFailures };

/** Counts a wrong answer. Returns immediately; a count that the database does not take is lost. */
export function queueFailureCount(database: Database, failure: SignInFailure, offsetMs: number): void {
  database.batch(FAILURES, { ...failure, offsetMs }).catch(() => undefined);
}

// An hour counts as over one minute late: a statement counts for the hour in which it began.
const NOW = `clock_timestamp() + $1::float8 * interval '1 ms'`;
const IS_HOUR_OVER = `date_trunc('hour', ${NOW} - interval '1 minute', 'UTC')`;

const WRITE_TOTALS = sql`
  WITH done AS (
    DELETE FROM failures WHERE identity_id = $2 AND hour < ${{ part: IS_HOUR_OVER }} RETURNING hour, kind, many
  ), summed AS (
    SELECT o.kind AS what, o.many,
      coalesce((SELECT u.many FROM done u WHERE u.hour = o.hour AND u.kind = o.kind || $3), 0) AS unknown,
      (SELECT count(*)::int FROM failures f
       WHERE f.hour = o.hour AND f.kind = o.kind AND f.identity_id <> $2) AS people,
      to_char(o.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS from
    FROM done o WHERE o.kind NOT LIKE '%' || $3
  ), written AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'failures_in_all', NULL, jsonb_build_object('what', what, 'many', many, 'unknown', unknown,
      'people', people, 'from', s.from) FROM summed s
  )
  SELECT what, many, unknown, people, s.from FROM summed s ORDER BY s.from, what`;

// Only hours whose totals are written: the totals count these rows.
const WRITE = sql`
  WITH done AS (
    DELETE FROM failures WHERE ctid = ANY(ARRAY(
      SELECT f.ctid FROM failures f WHERE f.hour < ${{ part: IS_HOUR_OVER }} AND f.identity_id <> $2
        AND NOT EXISTS (SELECT FROM failures s WHERE s.hour = f.hour AND s.identity_id = $2)
      ORDER BY f.hour, f.identity_id, f.kind LIMIT $3 FOR UPDATE SKIP LOCKED))
    RETURNING hour, identity_id, kind, many
  )
  INSERT INTO audit_events (kind, identity_id, details)
  SELECT 'failures_counted', identity_id, jsonb_build_object('what', kind, 'many', many,
    'from', to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) FROM done`;

/** The totals of one kind and hour, over all names. */
export interface FailureTotals {
  readonly what: FailureKind;
  readonly many: number;
  /** Of these, those at unknown names. */
  readonly unknown: number;
  /** How many identities were attempted. */
  readonly people: number;
  /** When the hour began, in ISO format. */
  readonly from: string;
}

/**
 * Turns the totals of hours that are over into audit events, one for each kind and hour.
 * @returns the totals that were written
 */
export async function writeFailureTotals(db: Queryable, offsetMs: number): Promise<FailureTotals[]> {
  return (await db.query<FailureTotals>(WRITE_TOTALS, [offsetMs, TOTALS, UNKNOWN])).rows;
}

/**
 * Turns the counts of identities into audit events, after `writeFailureTotals`.
 * @returns how many were written, at most `limit`
 */
export async function writeFailures(db: Queryable, offsetMs: number, limit: number): Promise<number> {
  return (await db.query(WRITE, [offsetMs, TOTALS, limit])).rowCount;
}

// Events without an identity are few, and are found by an index.
const LIST_TOTALS = sql`
  SELECT e.details ->> 'what' AS what, (e.details ->> 'many')::int AS many,
    (e.details ->> 'unknown')::int AS unknown, (e.details ->> 'people')::int AS people, e.details ->> 'from' AS from, true AS is_over
  FROM audit_events e WHERE e.identity_id IS NULL AND e.kind = 'failures_in_all'
    AND (e.details ->> 'from')::timestamptz
      > clock_timestamp() + $1::float8 * interval '1 ms' - ($2::int + 1) * interval '1 hour'
  UNION ALL
  SELECT f.kind, f.many, coalesce((SELECT u.many FROM failures u WHERE u.hour = f.hour AND u.identity_id = $3
      AND u.kind = f.kind || $4), 0),
    (SELECT count(*)::int FROM failures p WHERE p.hour = f.hour AND p.kind = f.kind AND p.identity_id <> $3),
    to_char(f.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), false
  FROM failures f WHERE f.identity_id = $3 AND f.kind NOT LIKE '%' || $4
  ORDER BY 5, 1`;

/**
 * The totals of the last hours, the newest last; `isOver` is false for an hour that is still being counted.
 */
export async function listFailureTotals(
  db: Queryable,
  offsetMs: number,
  hours: number,
): Promise<(FailureTotals & { readonly isOver: boolean })[]> {
  type FailureTotalsRow = FailureTotals & { is_over: boolean };
  const { rows } = await db.query<FailureTotalsRow>(LIST_TOTALS, [offsetMs, hours, TOTALS, UNKNOWN]);
  return rows.map(({ is_over: isOver, ...rest }) => ({ ...rest, isOver }));
}

const LIST_OPEN = sql`
  SELECT kind, many, to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS from
  FROM failures WHERE identity_id = $1 ORDER BY hour DESC, kind`;

/** The counts of an identity in hours that are not audit events yet. */
export async function listFailuresOfOpenHours(
  db: Queryable,
  identityId: string,
): Promise<{ readonly kind: FailureKind; readonly many: number; readonly from: string }[]> {
  return (await db.query<{ kind: FailureKind; many: number; from: string }>(LIST_OPEN, [identityId])).rows;
}
