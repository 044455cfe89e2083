/**
 * Wrong answers from networks, over all names: read with the attempts before an answer is compared, and
 * counted after the response. No request waits for the count, and the counts of concurrent requests are one
 * statement, so that the row of a network that everyone uses is no bottleneck. Right answers are not counted:
 * people who all return at the same time are not slowed down. The numbers: domain/network/networks.ts.
 */
import type { NetworkBudget, NetworkLevel } from '../../domain/network/networks.ts';
import { sql, type Database, type BatchKind, type Queryable, type SqlFragment } from '../database.ts';

export interface NetworkBucket {
  readonly subject: Buffer;
  readonly budget: NetworkBudget;
}

/**
 * The columns of `composeNetworkLevelsJoin`, in the order of the subjects; null in both for a network without
 * a row.
 */
export interface NetworkLevelRow {
  network_levels: (number | null)[] | null;
  network_ages: (number | null)[] | null;
}

/**
 * `LEFT JOIN LATERAL (...) networks ON true`, after the tables of a longer statement: always one row.
 * @param subjects the parameter (bytea[]) with the subjects of the buckets, e.g. `$6`
 * @param offsetMs the parameter with the offset of the rules' clock in ms
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

const READ = sql`
  SELECT network_levels, network_ages FROM (SELECT) AS one ${composeNetworkLevelsJoin('$1', '$2')}`;

/** Reads the levels where nothing but them is read. @returns in the order of the buckets */
export async function findNetworkLevels(
  db: Queryable,
  buckets: readonly NetworkBucket[],
  offsetMs: number,
): Promise<(NetworkLevel | null)[]> {
  const subjects = buckets.map(({ subject }) => subject);
  const [row] = (await db.query<NetworkLevelRow>(READ, [subjects, offsetMs])).rows;
  if (!row) throw new Error('the query of network levels returned no row');
  return readNetworkLevels(row);
}

// Sorted, so that two nodes lock the rows in the same order.
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

async function countWrongAttempts(db: Queryable, attempts: readonly WrongAttempt[]): Promise<undefined[]> {
  const sums = new Map<string, { subject: Buffer; many: number; perMs: number }>();
  for (const { subject, budget } of attempts.flatMap(({ buckets }) => buckets)) {
    const sum = sums.get(subject.toString('hex')) ?? { subject, many: 0, perMs: budget.perMs };
    sums.set(subject.toString('hex'), { ...sum, many: sum.many + 1 });
  }
  const all = [...sums.values()];
  await db.query(COUNT, [
    all.map(({ subject }) => subject),
    all.map(({ many }) => many),
    all.map(({ perMs }) => perMs),
    attempts[0]?.offsetMs ?? 0,
  ]);
  return attempts.map(() => undefined);
}

const WRONG_ATTEMPTS: BatchKind<WrongAttempt, undefined> = { make: countWrongAttempts };

/**
 * Counts a wrong answer to a request from these networks. Returns immediately. A count that the database does
 * not take is lost: the names have separate attempts.
 */
export function queueWrongAttempt(
  database: Database,
  buckets: readonly NetworkBucket[],
  offsetMs: number,
): void {
  if (buckets.length === 0) return;
  database.batch(WRONG_ATTEMPTS, { buckets, offsetMs }).catch(() => undefined);
}
