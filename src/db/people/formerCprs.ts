/**
 * CPR numbers that became others, as keyed hashes. All numbers that hang together by these rows are one person's. Who
 * adds to them holds them first: all of them, whichever was named.
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

/** From the number $1 to what it is by now. A circle is never recorded; the depth is a second guard. */
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

/** Each of these, and all that are the same person's. */
export async function findNumbersOfPerson(db: Queryable, lookups: readonly Buffer[]): Promise<Buffer[]> {
  const { rows } = await db.query<{ number: Buffer }>(FIND_NUMBERS, [lookups]);
  return rows.map(({ number }) => number);
}

const FIND_CURRENT = sql`WITH ${CHAIN_FROM} SELECT number FROM chain ORDER BY depth DESC LIMIT 1`;

/** What this number is by now: itself, unless it became another. */
export async function findCurrentNumber(db: Queryable, lookup: Buffer): Promise<Buffer> {
  const { rows } = await db.query<{ number: Buffer }>(FIND_CURRENT, [lookup]);
  return rows[0]?.number ?? lookup;
}

// In the order of the marks: two that share several never wait for each other.
const LOCK_NUMBERS = sql`
  SELECT pg_advisory_xact_lock(hashtextextended(mark, 5))
  FROM (SELECT encode(one, 'hex') AS mark FROM unnest($1::bytea[]) AS one ORDER BY 1) AS marks`;

class NumbersGrewError extends Error {}
const MAX_LOCK_ATTEMPTS = 10;

/**
 * A transaction in which these numbers, and all others of the same people, are nobody else's to issue an ID to or to
 * change. What hangs together is read before it is held, and once more after; where it grew meanwhile, all begins again.
 * @param marks held as well.
 */
export async function runWithNumbersLocked<T>(
  database: Database,
  { numbers, fingerprints = [] }: { numbers: readonly Buffer[]; fingerprints?: readonly Buffer[] },
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const all = await findNumbersOfPerson(database, numbers);
    try {
      return await database.transaction(async (db) => {
        await db.query(LOCK_NUMBERS, [[...all, ...fingerprints]]);
        if ((await findNumbersOfPerson(db, numbers)).length !== all.length) throw new NumbersGrewError();
        return await work(db);
      });
    } catch (error) {
      if (!(error instanceof NumbersGrewError) || tries === MAX_LOCK_ATTEMPTS) throw error;
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
 * All or none. False when it contradicts what was told before: a number that became this one would have become another
 * as well, or two numbers each other, or officers said that they are not one person's. Nothing is recorded then.
 */
export async function recordFormerNumbers(db: Queryable, report: FormerNumbersReport): Promise<boolean> {
  const { former, current, by, at } = report;
  const end = await findCurrentNumber(db, current);
  for (const one of former) {
    const last = await findCurrentNumber(db, one);
    // A number that became another before: that other is one of these, or both lead to the same.
    const fits = last.equals(one) ? !one.equals(end) : last.equals(end) || former.some((f) => f.equals(last));
    if (!fits) return false;
  }
  const all = await findNumbersOfPerson(db, [...former, current]);
  // What two officers found is undone by two officers.
  if (by === 'staff') await db.query(DELETE_DISTINCT, [all]);
  else if (((await db.query(ARE_DISTINCT, [all])).rowCount ?? 0) > 0) return false;
  for (const one of former) await db.query(RECORD, [one, current, by, at]);
  return true;
}
