/** Authorization requests that came by POST and are too long for an address. Each is kept for a minute. */
import type { NetworkBudget } from '../../core/network/networks.ts';
import { sql, type Queryable } from '../database.ts';

// Anybody may post. So a network has a budget of kilobytes, and all networks together a number of rows. Where all are
// taken, the network that has most of them loses its oldest: a few networks shut nobody else out.
const KEEP = sql`
  WITH budget AS (
    INSERT INTO network_tries AS n (subject, level, at) VALUES ($4, $5, $6)
    ON CONFLICT (subject) DO UPDATE SET
      level = $5 + greatest(n.level - $8::float8 * 1000 * greatest(extract(epoch FROM $6 - n.at)::float8, 0), 0),
      at = greatest(n.at, $6)
    WHERE $5 + greatest(n.level - $8::float8 * 1000 * greatest(extract(epoch FROM $6 - n.at)::float8, 0), 0) <= $7::float8
    RETURNING subject
  ), removed AS (
    DELETE FROM posted_requests WHERE id IN (
      SELECT p.id FROM budget, (
        SELECT id, expires_at, count(*) OVER () AS rows, count(*) OVER (PARTITION BY network) AS of_network
        FROM posted_requests) AS p
      WHERE p.rows >= $9 ORDER BY (p.expires_at < now()) DESC, p.of_network DESC, p.expires_at LIMIT 1)
  )
  INSERT INTO posted_requests (id, request_sealed, network, expires_at)
  SELECT $1, $2, $4, now() + $3 * interval '1 second' FROM budget`;

export interface PostedRequest {
  readonly id: Buffer;
  readonly sealed: Buffer;
  readonly seconds: number;
  /** Whose budget it counts against. */
  readonly network: Buffer;
  readonly kilobytes: number;
}

/** False where the network has used up its budget. */
export async function insertPostedRequest(
  db: Queryable,
  { id, sealed, seconds, network, kilobytes }: PostedRequest,
  { budget, rows, now }: { budget: NetworkBudget; rows: number; now: Date },
): Promise<boolean> {
  const values = [id, sealed, seconds, network, kilobytes, now, budget.burst, budget.perMs, rows];
  return (await db.query(KEEP, values)).rowCount === 1;
}

const FIND = sql`SELECT request_sealed FROM posted_requests WHERE id = $1 AND expires_at > now()`;

/** Null when it has expired, or never was. A browser may ask again: its answer may have been lost on the way. */
export async function findPostedRequest(db: Queryable, id: Buffer): Promise<Buffer | null> {
  const { rows } = await db.query<{ request_sealed: Buffer }>(FIND, [id]);
  return rows[0]?.request_sealed ?? null;
}
