/**
 * Authorization requests that came by POST and are too long for an address. Each is kept for a minute, and
 * read once.
 */
import type { NetworkBudget } from '../../core/lockout.ts';
import { sql, type Queryable } from '../database.ts';

// Anybody may post. So a network has a budget of kilobytes, and all networks together a number of rows.
const KEEP = sql`
  WITH budget AS (
    INSERT INTO network_tries AS n (subject, level, at) VALUES ($4, $5, $6)
    ON CONFLICT (subject) DO UPDATE SET
      level = $5 + greatest(n.level - $8::float8 * 1000 * greatest(extract(epoch FROM $6 - n.at)::float8, 0), 0),
      at = greatest(n.at, $6)
    WHERE $5 + greatest(n.level - $8::float8 * 1000 * greatest(extract(epoch FROM $6 - n.at)::float8, 0), 0) <= $7::float8
    RETURNING subject
  )
  INSERT INTO posted_requests (id, request_sealed, expires_at)
  SELECT $1, $2, now() + $3 * interval '1 second' FROM budget
  WHERE (SELECT count(*) FROM posted_requests) < $9`;

export interface PostedRequest {
  readonly id: Buffer;
  readonly sealed: Buffer;
  readonly seconds: number;
  /** Whose budget it counts against. */
  readonly network: Buffer;
  readonly kilobytes: number;
}

/** False where the network has used up its budget, or too many wait already. */
export async function insertPostedRequest(
  db: Queryable,
  { id, sealed, seconds, network, kilobytes }: PostedRequest,
  { budget, rows, now }: { budget: NetworkBudget; rows: number; now: Date },
): Promise<boolean> {
  const values = [id, sealed, seconds, network, kilobytes, now, budget.burst, budget.perMs, rows];
  return (await db.query(KEEP, values)).rowCount === 1;
}

const TAKE = sql`DELETE FROM posted_requests WHERE id = $1 RETURNING request_sealed, expires_at > now() AS is_fresh`;

/** Single use, judged by rows. Null when it was taken before, has expired, or never was. */
export async function takePostedRequest(db: Queryable, id: Buffer): Promise<Buffer | null> {
  const { rows } = await db.query<{ request_sealed: Buffer; is_fresh: boolean }>(TAKE, [id]);
  const [row] = rows;
  return row?.is_fresh ? row.request_sealed : null;
}
