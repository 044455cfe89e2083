/**
 * Authorization requests that were posted to a node of an earlier version, which stored each for a minute.
 */
import { sql, type Queryable } from '../../../db/database.ts';

const FIND = sql`SELECT request_sealed FROM posted_requests WHERE id = $1 AND expires_at > now()`;

/**
 * Returns null for an unknown or expired request. A browser may ask again, because its response may have been
 * lost.
 */
export async function findPostedRequest(db: Queryable, id: Buffer): Promise<Buffer | null> {
  const { rows } = await db.query<{ request_sealed: Buffer }>(FIND, [id]);
  return rows[0]?.request_sealed ?? null;
}
