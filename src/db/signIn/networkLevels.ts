/**
 * What networks got wrong, over all names: read with the tries before an answer is compared, and counted
 * after it was told. Nobody waits for the count, and what many requests have to count is one statement, so
 * that a network that everybody comes from is a row that nobody stands in line for. Right answers count
 * nothing: people who all come back at once are not slowed. The numbers: domain/network/networks.ts.
 */
import type { NetworkBudget, NetworkLevel } from '../../domain/network/networks.ts';
import { sql, type Database, type BatchKind, type Queryable, type SqlFragment } from '../database.ts';

export interface NetworkBucket {
  readonly subject: Buffer;
  readonly budget: NetworkBudget;
}

/**
 * Columns that `composeNetworkLevelsJoin` gives, in the order of the subjects; null in both for a network without a
 * row.
 */
export interface NetworkLevelRow {
  network_levels: (number | null)[] | null;
  network_ages: (number | null)[] | null;
}

/**
 * `LEFT JOIN LATERAL (...) networks ON true`, after the tables of a statement that reads something else too:
 * one row, always.
 * @param subjects the parameter (bytea[]) with the subjects of the buckets, e.g. `$6`.
 * @param offsetMs the parameter with the offset of the rules' clock in ms.
 */
export function composeNetworkLevelsJoin(subjects: string, offsetMs: string): SqlFragment {
  return {
    part: `LEFT JOIN LATERAL (
    SELECT array_agg(n.level ORDER BY s.place) AS network_levels,
      array_agg((extract(epoch FROM clock_timestamp() - n.at) * 1000)::float8 + ${offsetMs}::float8 ORDER BY s.place)
        AS network_ages
    FROM unnest(${subjects}::bytea[]) WITH ORDINALITY s (subject, place)
    LEFT JOIN network_tries n ON n.subject = s.subject
  ) networks ON true`,
  };
}

/** In the order of the subjects. */
export function readNetworkLevels(row: NetworkLevelRow): (NetworkLevel | null)[] {
  return (row.network_levels ?? []).map((level, i) => {
    const ageMs = row.network_ages?.[i] ?? null;
    return level === null || ageMs === null ? null : { level, ageMs };
  });
}

// Sorted, so that two nodes lock the rows in one order.
const COUNT = sql`
  WITH counted AS (
    SELECT subject, many, per_ms, clock_timestamp() + $4::float8 * interval '1 ms' AS now
    FROM unnest($1::bytea[], $2::float8[], $3::float8[]) c (subject, many, per_ms)
  )
  INSERT INTO network_tries AS n (subject, level, at) SELECT subject, many, now FROM counted ORDER BY subject
  ON CONFLICT (subject) DO UPDATE SET
    level = excluded.level + greatest(n.level - 1000 * greatest(extract(epoch FROM excluded.at - n.at)::float8, 0)
      * (SELECT c.per_ms FROM counted c WHERE c.subject = n.subject), 0),
    at = greatest(n.at, excluded.at)`;

interface WrongAttempt {
  readonly buckets: readonly NetworkBucket[];
  readonly offsetMs: number;
}

async function countWrongAttempts(db: Queryable, tries: readonly WrongAttempt[]): Promise<undefined[]> {
  const sums = new Map<string, { subject: Buffer; many: number; perMs: number }>();
  for (const { subject, budget } of tries.flatMap(({ buckets }) => buckets)) {
    const sum = sums.get(subject.toString('hex')) ?? { subject, many: 0, perMs: budget.perMs };
    sums.set(subject.toString('hex'), { ...sum, many: sum.many + 1 });
  }
  const all = [...sums.values()];
  await db.query(COUNT, [
    all.map(({ subject }) => subject),
    all.map(({ many }) => many),
    all.map(({ perMs }) => perMs),
    tries[0]?.offsetMs ?? 0,
  ]);
  return tries.map(() => undefined);
}

const WRONG_TRIES: BatchKind<WrongAttempt, undefined> = { make: countWrongAttempts };

/**
 * A wrong answer was told to somebody in these networks. Returns at once. A count that the database does not
 * take is lost: the names have tries of their own.
 */
export function queueWrongAttempt(
  database: Database,
  buckets: readonly NetworkBucket[],
  offsetMs: number,
): void {
  if (buckets.length === 0) return;
  database.batch(WRONG_TRIES, { buckets, offsetMs }).catch(() => undefined);
}
