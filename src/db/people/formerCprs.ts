/**
 * CPR numbers that others replaced, as keyed hashes. All numbers that these rows connect belong to one
 * person. A writer locks all of them first, regardless of which one was named.
 */
import { sql, sqlFragment, type Database, type Queryable } from '../database.ts';

/** All numbers of one person, from the number $1. */
export const NUMBERS_OF_ONE = sqlFragment`
  RECURSIVE numbers (number) AS (
    SELECT $1::bytea WHERE $1::bytea IS NOT NULL
    UNION
    SELECT CASE WHEN f.former = n.number THEN f.current ELSE f.former END
    FROM numbers n JOIN former_cprs f ON f.former = n.number OR f.current = n.number
  )`;

/**
 * The chain from the number $1 to its current number. A cycle is never recorded; the depth limit is a second
 * guard.
 */
export const CHAIN_FROM = sqlFragment`
  RECURSIVE chain (number, depth) AS (
    SELECT $1::bytea, 0
    UNION ALL
    SELECT f.current, c.depth + 1 FROM chain c JOIN former_cprs f ON f.former = c.number WHERE c.depth < 50
  )`;

const FIND_NUMBERS = sql`
  WITH RECURSIVE numbers (number) AS (
    SELECT unnest($1::bytea[])
    UNION
    SELECT CASE WHEN f.former = n.number THEN f.current ELSE f.former END
    FROM numbers n JOIN former_cprs f ON f.former = n.number OR f.current = n.number
  )
  SELECT number FROM numbers`;

/** Finds these numbers and all others of the same people. */
export async function findNumbersOfPerson(db: Queryable, lookups: readonly Buffer[]): Promise<Buffer[]> {
  const { rows } = await db.query<{ number: Buffer }>(FIND_NUMBERS, [lookups]);
  return rows.map(({ number }) => number);
}

const FIND_CURRENT = sql`WITH ${CHAIN_FROM} SELECT number FROM chain ORDER BY depth DESC LIMIT 1`;

/**
 * Finds the current number of a person from any of their numbers: the number itself, unless another replaced
 * it.
 */
export async function findCurrentNumber(db: Queryable, lookup: Buffer): Promise<Buffer> {
  const { rows } = await db.query<{ number: Buffer }>(FIND_CURRENT, [lookup]);
  return rows[0]?.number ?? lookup;
}

// In the order of the hashes, so that two transactions that share several cannot deadlock.
const LOCK_NUMBERS = sql`
  SELECT pg_advisory_xact_lock(hashtextextended(mark, 5))
  FROM (SELECT encode(one, 'hex') AS mark FROM unnest($1::bytea[]) AS one ORDER BY 1) AS marks`;

class NumbersGrewError extends Error {}
const MAX_LOCK_ATTEMPTS = 10;

/**
 * Runs the work in a transaction that has locked these numbers and all others of the same people: no other
 * transaction issues an ID to them or changes them. The connected numbers are read before the lock and again
 * after it; when there are more than before, everything starts again.
 * @param fingerprints locked as well
 */
export async function runWithNumbersLocked<T>(
  database: Database,
  { numbers, fingerprints = [] }: { numbers: readonly Buffer[]; fingerprints?: readonly Buffer[] },
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const all = await findNumbersOfPerson(database, numbers);
    try {
      return await database.transaction(async (db) => {
        await db.query(LOCK_NUMBERS, [[...all, ...fingerprints]]);
        if ((await findNumbersOfPerson(db, numbers)).length !== all.length) throw new NumbersGrewError();
        return await work(db);
      });
    } catch (error) {
      if (!(error instanceof NumbersGrewError) || attempt === MAX_LOCK_ATTEMPTS) throw error;
    }
  }
}

const RECORD = sql`
  INSERT INTO former_cprs (former, current, told_by, told_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (former) DO NOTHING`;

export interface FormerNumbersReport {
  readonly former: readonly Buffer[];
  readonly current: Buffer;
  readonly by: 'register' | 'staff';
  readonly at: Date;
}

const ARE_DISTINCT = sql`
  SELECT FROM apart_cprs WHERE one = ANY($1::bytea[]) AND other = ANY($1::bytea[]) LIMIT 1`;
const DELETE_DISTINCT = sql`
  DELETE FROM apart_cprs WHERE one = ANY($1::bytea[]) AND other = ANY($1::bytea[])`;

/**
 * Records all links or none.
 * @returns false when the report contradicts earlier ones: a former number was replaced by a different
 *   number, two numbers would replace each other, or officers have found that the numbers belong to different
 *   people
 */
export async function recordFormerNumbers(db: Queryable, report: FormerNumbersReport): Promise<boolean> {
  const { former, current, by, at } = report;
  const end = await findCurrentNumber(db, current);
  for (const one of former) {
    const last = await findCurrentNumber(db, one);
    // A former number was replaced before: its current number must be one of these, or the current number of
    // both.
    const isConsistent = last.equals(one)
      ? !one.equals(end)
      : last.equals(end) || former.some((f) => f.equals(last));
    if (!isConsistent) return false;
  }
  const all = await findNumbersOfPerson(db, [...former, current]);
  // What two officers found can only be reverted by two officers.
  if (by === 'staff') await db.query(DELETE_DISTINCT, [all]);
  else if (((await db.query(ARE_DISTINCT, [all])).rowCount ?? 0) > 0) return false;
  for (const one of former) await db.query(RECORD, [one, current, by, at]);
  return true;
}
