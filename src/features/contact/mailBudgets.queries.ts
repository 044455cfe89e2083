/**
 * Budgets for how many mails of a kind may still leave: leaky buckets, stored in the table of the networks.
 */
import type { NetworkBudget } from '../../domain/network/networks.ts';
import { sql, type Queryable } from '../../db/database.ts';

// The locked row decides: concurrent requests are not let through beyond the budget.
const CONSUME = sql`
  WITH asked AS (SELECT clock_timestamp() + $4::float8 * interval '1 ms' AS now)
  INSERT INTO network_tries AS n (subject, level, at) SELECT $1, 1, now FROM asked
  ON CONFLICT (subject) DO UPDATE SET
    level = 1 + greatest(n.level - 1000 * greatest(extract(epoch FROM excluded.at - n.at)::float8, 0) * $2, 0),
    at = greatest(n.at, excluded.at)
  WHERE 1 + greatest(n.level - 1000 * greatest(extract(epoch FROM excluded.at - n.at)::float8, 0) * $2, 0) <= $3`;

export interface MailBucket {
  readonly subject: Buffer;
  readonly budget: NetworkBudget;
}

/**
 * Adds one mail to each bucket.
 * @returns false when the budget of one is exhausted; the caller then rolls its transaction back
 */
export async function consumeMailBudgets(
  db: Queryable,
  buckets: readonly MailBucket[],
  offsetMs: number,
): Promise<boolean> {
  // The order is the same on all nodes, so that they do not deadlock.
  const sorted = [...buckets].sort((one, other) => one.subject.compare(other.subject));
  for (const { subject, budget } of sorted) {
    const { rowCount } = await db.query(CONSUME, [subject, budget.perMs, budget.burst, offsetMs]);
    if (rowCount !== 1) return false;
  }
  return true;
}
