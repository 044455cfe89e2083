/**
 * Requests pushed by clients without authentication. The migration creates sixty rows, and no others are ever
 * inserted: the table cannot grow.
 */
import { sql, type Queryable } from '../../db/database.ts';

// One statement claims a place. When two callers see the same free row, the second skips the row that the
// first has locked, and a row that was claimed concurrently is evaluated again. Where all places are taken, a
// network that has at least two fewer than the network with the most takes the oldest of that network. One
// fewer is not enough: networks without a place would take each other's endlessly.
const PUSH = sql`
  WITH mine AS (
    SELECT count(*) AS many FROM waiting_pushes WHERE network = $3 AND expires_at > now()
  ), free AS (
    SELECT place FROM waiting_pushes WHERE expires_at <= now() LIMIT 1 FOR UPDATE SKIP LOCKED
  ), crowd AS (
    SELECT network FROM waiting_pushes WHERE expires_at > now() GROUP BY network
    HAVING count(*) >= (SELECT many FROM mine) + 2 ORDER BY count(*) DESC, network LIMIT 1
  ), oldest AS (
    SELECT place FROM waiting_pushes
    WHERE network = (SELECT network FROM crowd) AND NOT EXISTS (SELECT FROM free)
    ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED
  ), taken AS (
    UPDATE waiting_pushes SET id = $1, request_sealed = $2, network = $3, expires_at = now() + $4 * interval '1 second'
    WHERE place = coalesce((SELECT place FROM free), (SELECT place FROM oldest))
    RETURNING place
  )
  SELECT EXISTS (SELECT FROM taken) AS is_taken,
    (SELECT ceil(extract(epoch FROM min(expires_at) - now()))::int FROM waiting_pushes WHERE expires_at > now()) AS seconds`;

export interface PushedRequestToSave {
  readonly id: Buffer;
  readonly sealed: Buffer;
  /** The keyed hash of the network that sent it. */
  readonly network: Buffer;
  readonly seconds: number;
}

/** Returns null when the request has a place, else the seconds until one is free. */
export async function insertPushedRequest(
  db: Queryable,
  { id, sealed, network, seconds }: PushedRequestToSave,
): Promise<number | null> {
  const values = [id, sealed, network, seconds];
  const [row] = (await db.query<{ is_taken: boolean; seconds: number | null }>(PUSH, values)).rows;
  if (row?.is_taken) return null;
  return Math.max(row?.seconds ?? 1, 1);
}

const FIND = sql`SELECT request_sealed FROM waiting_pushes WHERE id = $1 AND expires_at > now()`;

export async function findPushedRequest(db: Queryable, id: Buffer): Promise<Buffer | null> {
  const { rows } = await db.query<{ request_sealed: Buffer }>(FIND, [id]);
  return rows[0]?.request_sealed ?? null;
}

const TAKE = sql`
  UPDATE waiting_pushes SET id = NULL, request_sealed = NULL, network = NULL, expires_at = '-infinity'
  WHERE id = $1 AND expires_at > now()`;

/** Single use, decided by the affected rows: of all callers on all nodes exactly one gets true. */
export async function claimPushedRequest(db: Queryable, id: Buffer): Promise<boolean> {
  return (await db.query(TAKE, [id])).rowCount === 1;
}
