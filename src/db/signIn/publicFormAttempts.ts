/**
 * Attempts at a public form, which works without a sign-in: `/block`, and the first step of an activation.
 * They count for a name and a network, and in a wide bucket for the name over all networks, so that a few
 * strangers cannot lock it for its owner. Decided as in docs/decisions/0017-the-sign-in.md: read, compare,
 * and decide on the rows that the deciding statement locks.
 */
import type { Attempts } from '../../domain/signIn/lockout.ts';
import type { NetworkLevel } from '../../domain/network/networks.ts';
import { sql, type Queryable } from '../database.ts';
import {
  attemptsFromRow,
  RECORD_ATTEMPT_SQL,
  readAttemptResultRow,
  listAttemptValues,
  type AttemptsRow,
  type AttemptResultRow,
  type AttemptToRecord,
  type AttemptVerdict,
} from './attempts.ts';
import {
  readNetworkLevels,
  composeNetworkLevelsJoin,
  type NetworkBucket,
  type NetworkLevelRow,
} from './networkLevels.ts';

const READ = sql`
  SELECT a.tries, a.wrong, a.in_a_row, a.counted_at, a.expires_at,
    date_trunc('milliseconds', clock_timestamp()) + $3::float8 * interval '1 ms' AS now, network_levels, network_ages
  FROM (SELECT) AS one LEFT JOIN attempts a ON a.subject = $1
  ${composeNetworkLevelsJoin('$2', '$3')}`;

export interface PublicFormAttempts {
  readonly attempts: Attempts | null;
  /** In the order of the buckets. */
  readonly levels: readonly (NetworkLevel | null)[];
  /** The database's time, by the rules' clock. */
  readonly now: Date;
}

/**
 * Reads the state before anything is compared: when it is locked or its budget exhausted, nothing is
 * compared.
 */
export async function readPublicFormAttempts(
  db: Queryable,
  { subject, buckets, offsetMs }: { subject: Buffer; buckets: readonly NetworkBucket[]; offsetMs: number },
): Promise<PublicFormAttempts> {
  type PublicFormAttemptsRow = NetworkLevelRow & AttemptsRow & { now: Date };
  const values = [subject, buckets.map((bucket) => bucket.subject), offsetMs];
  const [row] = (await db.query<PublicFormAttemptsRow>(READ, values)).rows;
  if (!row) throw new Error('the attempts query returned no row');
  return { attempts: attemptsFromRow(row), levels: readNetworkLevels(row), now: row.now };
}

const IS_DECIDED = sql`SELECT FROM attempts WHERE subject = $1 AND $2 = ANY (forms)`;

/** Whether this form was decided before, although its subject is locked now: sent again it is no attempt. */
export async function isFormDecided(db: Queryable, subject: Buffer, form: Buffer): Promise<boolean> {
  return (await db.query(IS_DECIDED, [subject, form])).rowCount === 1;
}

// The bucket of the name follows its attempts row, and is decided on its own locked row: when it is full, no
// row is returned. A right answer adds nothing to it but needs room all the same; otherwise the number of
// answers would reveal how full it is.
const NOW = `(clock_timestamp() + $2::float8 * interval '1 ms')`;
const ADDED_LEVEL = '(CASE WHEN $6::int > 0 THEN 0 ELSE 1 END)';
const LEVEL_LEFT = `greatest(o.level - $11::float8 * 1000 * greatest(extract(epoch FROM ${NOW} - o.at)::float8, 0), 0)`;
const NAME_BUCKET = {
  part: `overall AS (
    INSERT INTO network_tries AS o (subject, level, at)
    SELECT $9::bytea, ${ADDED_LEVEL}, ${NOW} FROM judged WHERE verdict IN ('right', 'wrong') AND $9::bytea IS NOT NULL
    ON CONFLICT (subject) DO UPDATE SET level = ${ADDED_LEVEL} + ${LEVEL_LEFT}, at = greatest(o.at, ${NOW})
    WHERE 1 + ${LEVEL_LEFT} <= $10::float8
    RETURNING subject
  )`,
};

const RECORD_ATTEMPT = sql`
  WITH ${RECORD_ATTEMPT_SQL}, ${NAME_BUCKET}
  SELECT verdict, wrong, in_a_row, expires_at,
    verdict IN ('right', 'wrong') AND $9::bytea IS NOT NULL AND NOT EXISTS (SELECT FROM overall) AS full
  FROM judged`;

/**
 * Too many attempts at this name from all networks together: the result of the comparison is not revealed.
 * The transaction is rolled back, so that the form does not count as verified: submitted again, it is
 * verified once there is room.
 */
export class NameBudgetExhausted extends Error {}

/** @throws any error but NameBudgetExhausted */
export function toFullOrThrow(error: unknown): 'full' {
  if (error instanceof NameBudgetExhausted) return 'full';
  throw error;
}

/**
 * Decides an answer that was compared, within the transaction of its consequences. Its rows stay locked, and
 * must be the first that are locked there.
 * @param overall the bucket of the name over all networks; null for a browser that has separate attempts
 * @throws NameBudgetExhausted
 */
export async function recordPublicFormAttempt(
  db: Queryable,
  attempt: AttemptToRecord,
  overall: NetworkBucket | null,
): Promise<AttemptVerdict> {
  const values = [
    ...listAttemptValues(attempt),
    overall?.subject ?? null,
    overall?.budget.burst ?? null,
    overall?.budget.perMs ?? null,
  ];
  const [row] = (await db.query<AttemptResultRow & { full: boolean }>(RECORD_ATTEMPT, values)).rows;
  if (!row) throw new Error('the attempt statement returned no row');
  if (row.full) throw new NameBudgetExhausted('the budget of this name is exhausted');
  return readAttemptResultRow(row).verdict;
}
