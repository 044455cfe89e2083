/** Authorization requests that came by POST to a node of an earlier version, which kept each for a minute. */
import { sql, type Queryable } from '../../../db/database.ts';

const FIND = sql`SELECT request_sealed FROM posted_requests WHERE id = $1 AND expires_at > now()`;

/**
 * Null when it has expired, or never was. A browser may ask again: its answer may have been lost on the
 * way.
 */
export async function findPostedRequest(db: Queryable, id: Buffer): Promise<Buffer | null> {
  const { rows } = await db.query<{ request_sealed: Buffer }>(FIND, [id]);
  return rows[0]?.request_sealed ?? null;
}
